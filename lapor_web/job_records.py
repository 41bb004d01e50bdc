"""What the worker writes down of its own work, for `services.machinery` to show: never a value."""

import datetime as dt
import functools
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from procrastinate import JobContext
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from lapor_web import clock
from lapor_web.extensions import db
from lapor_web.models import JobFailure, ScheduleRun

PACKAGE = Path(__file__).parent


def told_why(flask: Flask, run: Callable[..., None]) -> Callable[..., None]:
    """A job of the queue whose newest failure is kept."""

    @functools.wraps(run)
    def told(context: JobContext, **arguments: Any) -> None:
        try:
            run(**arguments)
        except Exception as error:
            if context.job.id is not None:
                note_failure(flask, context.job.id, error)
            raise

    return told


def noted(flask: Flask, name: str, run: Callable[[], None]) -> Callable[[], None]:
    """Something the clock starts, of which the newest run is kept."""

    def note_and_run() -> None:
        started, before = clock.now(), time.monotonic()
        note_run(flask, name, started_at=started)
        try:
            run()
        except Exception as error:
            note_run(flask, name, failed_at=clock.now(), error=place_of(error))
            raise
        took = round(1000 * (time.monotonic() - before))
        note_run(flask, name, succeeded_at=clock.now(), milliseconds=took)

    return note_and_run


def note_failure(flask: Flask, job_id: int, error: Exception) -> None:
    values = {"job_id": job_id, "error": place_of(error), "failed_at": clock.now()}
    write(flask, insert(JobFailure).values(values), values, [JobFailure.job_id])


def note_run(flask: Flask, name: str, **values: dt.datetime | int | str) -> None:
    statement = insert(ScheduleRun).values(name=name, started_at=func.now())
    write(flask, statement.values(values), values, [ScheduleRun.name])


def write(flask: Flask, statement: Any, values: dict[str, Any], key: list[Any]) -> None:
    """On a connection of its own: what the work itself wrote may be rolled back."""
    with flask.app_context(), db.engine.begin() as connection:
        connection.execute(statement.on_conflict_do_update(index_elements=key, set_=values))


def place_of(error: BaseException) -> str:
    """The kind of error and the deepest place in our own code; its words may hold a person's."""
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(PACKAGE)
    ]
    if not ours:
        return type(error).__name__
    return (
        f"{type(error).__name__}, {Path(ours[-1].filename).relative_to(PACKAGE)}:{ours[-1].lineno}"
    )
