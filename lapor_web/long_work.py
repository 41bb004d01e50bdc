"""Does what officers wait for (`services.long_jobs`), in the worker, and tells them how far it is.

A kind of it is a name in `services.jobs.Job`, a function `make(row, progress) -> Product` in a module that no
view imports, and its line in LONG_WORK. A view asks for it with `long_jobs_view.ask`.
"""

import logging
import time
from collections.abc import Callable

import procrastinate
from flask import Flask
from procrastinate import JobContext, RetryStrategy
from sqlalchemy import update

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.handouts.work import make_handout
from lapor_web.inbox.export_work import make_export
from lapor_web.job_records import note_failure
from lapor_web.models import LongJob, LongJobState
from lapor_web.services import long_jobs
from lapor_web.services.jobs import LONG_QUEUE, Job
from lapor_web.services.long_jobs import Product, Progress, Refused

logger = logging.getLogger(__name__)

Work = Callable[[LongJob, Progress], Product]

LONG_WORK: dict[Job, Work] = {
    Job.EXPORT_LIST: make_export,
    Job.MAKE_HANDOUT: make_handout,
}
"""What `services.long_jobs.start` may ask for. The work runs in the application's context, reads by
`db.session()` and commits nothing; who asked is `row.user_id`, what they gave is `row.arguments`. Rights are
asked for again in the work: minutes may have passed."""

TRIES_AGAIN = 2
"""After that its owner is told to ask anew; somebody is waiting."""
SECONDS_BETWEEN_STEPS = 0.5


def add_long_work(queue: procrastinate.App, flask: Flask) -> None:
    for job, work in LONG_WORK.items():
        retry = RetryStrategy(max_attempts=TRIES_AGAIN, wait=2)
        task = queue.task(name=job.value, queue=LONG_QUEUE, retry=retry, pass_context=True)
        task(in_the_worker(flask, work))


def in_the_worker(flask: Flask, work: Work) -> Callable[..., None]:
    def run(context: JobContext, long_job_id: int) -> None:
        try:
            with flask.app_context():
                do(work, long_job_id, is_last_try=context.job.attempts >= TRIES_AGAIN)
        except Exception as error:
            if context.job.id is not None:
                note_failure(flask, context.job.id, error)
            raise

    return run


def do(work: Work, long_job_id: int, *, is_last_try: bool) -> None:
    session = db.session()
    row = session.get(LongJob, long_job_id)
    if row is None or row.state is LongJobState.FINISHED:
        return
    row.state = LongJobState.RUNNING
    session.commit()
    try:
        product = work(row, Steps(long_job_id))
        long_jobs.finish(row, product, keys=city.keys(), storage=city.storage(), now=clock.now())
    except Refused as refusal:
        session.rollback()
        long_jobs.fail(row, now=clock.now(), reason=str(refusal))
    except Exception:
        session.rollback()
        if is_last_try:
            long_jobs.fail(row, now=clock.now())
            session.commit()
        raise
    session.commit()


class Steps:
    """Written at most twice a second, on a connection of their own: they show before the work commits."""

    def __init__(self, long_job_id: int) -> None:
        self.long_job_id, self.engine = long_job_id, db.engine
        self.written_at = float("-inf")

    def __call__(self, done: int, total: int | None = None) -> None:
        now = time.monotonic()
        if now - self.written_at < SECONDS_BETWEEN_STEPS and done != total:
            return
        self.written_at = now
        with self.engine.begin() as connection:
            connection.execute(
                update(LongJob).where(LongJob.id == self.long_job_id).values(done=done, total=total)
            )
