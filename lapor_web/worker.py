"""The queue of background jobs, and the worker that does them until told to stop.

A worker that dies, by `kill -9` too, stops reporting in; half a minute later its jobs count as
stalled and are put back. What there is to do stands in `lapor_web.work`.
"""

import asyncio
import contextlib
import functools
import logging
import signal
from collections.abc import Callable
from typing import Any

import procrastinate
import psycopg
from flask import Flask
from procrastinate import JobContext, RetryStrategy
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job as JobOfQueue
from procrastinate.jobs import Status

from lapor_web import disk_space, postman
from lapor_web.extensions import db
from lapor_web.job_records import noted, told_why
from lapor_web.long_work import add_long_work
from lapor_web.services.jobs import LONG_QUEUE, QUEUE
from lapor_web.work import ASKED_FOR, BY_THE_CLOCK

logger = logging.getLogger(__name__)

AT_ONCE = 3
"""Jobs. Neither a slow picture nor a slow gateway holds up what else there is."""
LONG_AT_ONCE = 1
"""Of what officers wait for, beside the others: an export of minutes holds up no message."""
TRIES = 8
"""Some 17 minutes in all, each wait twice the one before; then the job has failed."""
SECONDS_TO_FINISH = 5.0
"""For what is running when the worker is told to stop."""
SECONDS_FOR_THE_DATABASE = 5.0
SECONDS_BEFORE_ANOTHER_TRY = 1.0
HOURS_KEPT, HOURS_KEPT_OF_FAILED = 24, 24 * 30
"""Of jobs that are done; those that failed are there to be looked at."""

DATABASE_AWAY = (ConnectorException, psycopg.OperationalError, OSError)
SECONDS_BETWEEN_LOOKS_AT_THE_DISK = 2.0

# ---- the queue's own housekeeping ----


async def retry_stalled(queue: procrastinate.App) -> None:
    """Put back the jobs of workers that no longer report in; give up one that keeps killing them."""
    for job in await queue.job_manager.get_stalled_jobs():
        logger.warning("job %s lost its worker", job.task_name)
        if job.attempts < TRIES:
            await put_back(queue, job)
        else:
            await queue.job_manager.finish_job(job, Status.FAILED, delete_job=False)


async def put_back(queue: procrastinate.App, job: JobOfQueue) -> None:
    try:
        await queue.job_manager.retry_job(job)
    except UniqueViolation:
        # The clock has asked for the same once more since, and that one waits: it does for both.
        await queue.job_manager.finish_job(job, Status.FAILED, delete_job=True)


async def forget_done(queue: procrastinate.App) -> None:
    await queue.job_manager.delete_old_jobs(HOURS_KEPT)
    await queue.job_manager.delete_old_jobs(HOURS_KEPT_OF_FAILED, include_failed=True)


HOUSEKEEPING = (
    ("* * * * *", retry_stalled),
    ("23 19 * * *", forget_done),
)


def make_queue(flask: Flask) -> procrastinate.App:
    """Knows every job; opened by whoever runs it."""
    with flask.app_context():
        url = db.engine.url.set(drivername="postgresql")
    connector = procrastinate.PsycopgConnector(
        conninfo=url.render_as_string(hide_password=False),
        min_size=1,
        max_size=6,
        timeout=SECONDS_FOR_THE_DATABASE,
    )
    queue = procrastinate.App(connector=connector)
    for job, work in ASKED_FOR.items():
        retry = RetryStrategy(max_attempts=TRIES, exponential_wait=2)
        task = queue.task(name=job.value, queue=QUEUE, retry=retry, pass_context=True)
        task(told_why(flask, in_transaction(flask, work)))
    add_long_work(queue, flask)
    for one in BY_THE_CLOCK:
        add_periodic(queue, one.cron, one.work.__name__, without_context(flask, one.work))
    for cron, keep in HOUSEKEEPING:
        add_periodic(queue, cron, keep.__name__, with_queue(flask, keep))
    return queue


def in_transaction(flask: Flask, work: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(work)
    def run(**arguments: Any) -> None:
        with flask.app_context():
            work(**arguments)
            db.session.commit()

    return run


def without_context(flask: Flask, work: Callable[[], None]) -> Callable[..., None]:
    committed = noted(flask, work.__name__, in_transaction(flask, work))

    def run(context: JobContext, timestamp: int) -> None:
        committed()

    return run


def with_queue(flask: Flask, keep: Callable[[procrastinate.App], Any]) -> Callable[..., Any]:
    async def run(context: JobContext, timestamp: int) -> None:
        loop = asyncio.get_running_loop()

        def wait_for_it() -> None:
            asyncio.run_coroutine_threadsafe(keep(context.app), loop).result()

        # Its record is written from a thread, as that of all others.
        await asyncio.to_thread(noted(flask, keep.__name__, wait_for_it))

    return run


def add_periodic(queue: procrastinate.App, cron: str, name: str, run: Callable[..., Any]) -> None:
    """Where one still waits, no second is put behind it. Work that is also asked for is another task."""
    task = queue.task(name=f"every_{name}", queue=QUEUE, queueing_lock=name, pass_context=True)(run)
    queue.periodic(cron=cron)(task)


# ---- the worker ----


def run_worker(flask: Flask) -> None:
    """Until SIGINT or SIGTERM; what is running then has a few seconds to end."""
    asyncio.run(work_until_told(flask))


async def work_until_told(flask: Flask) -> None:
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    waiting = asyncio.create_task(told.wait())
    waiting.add_done_callback(lambda _: postman.told_to_stop.set())
    while not told.is_set():
        working = asyncio.create_task(serve_while_there_is_room(flask))
        await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
        working.cancel()
        try:
            await working
        except asyncio.CancelledError:
            break
        except DATABASE_AWAY as error:
            # Its restart is nothing to die of: the supervisor would soon give all of us up.
            logger.warning("database is away: %s", type(error).__name__)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(told.wait(), SECONDS_BEFORE_ANOTHER_TRY)


async def serve_while_there_is_room(flask: Flask) -> None:
    """Ends when a disk of ours is almost full, or the work does; to be asked again after a while."""
    if disk_space.is_short(flask.config):
        logger.error("disk is almost full: the worker waits")
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS_AT_THE_DISK)
        return
    working = asyncio.create_task(serve(flask))
    try:
        while not working.done() and not disk_space.is_short(flask.config):
            await asyncio.wait({working}, timeout=SECONDS_BETWEEN_LOOKS_AT_THE_DISK)
    finally:
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working


async def serve(flask: Flask) -> None:
    async with make_queue(flask).open_async() as queue:
        both = [
            asyncio.create_task(listen(queue, name, at_once))
            for name, at_once in ((QUEUE, AT_ONCE), (LONG_QUEUE, LONG_AT_ONCE))
        ]
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Once each: a second time would cut short their taking leave.
            for one in both:
                one.cancel()
            await asyncio.gather(*both, return_exceptions=True)
        for one in done:
            one.result()


async def listen(queue: procrastinate.App, name: str, at_once: int) -> None:
    await queue.run_worker_async(
        queues=[name],
        concurrency=at_once,
        install_signal_handlers=False,
        shutdown_graceful_timeout=SECONDS_TO_FINISH,
    )
