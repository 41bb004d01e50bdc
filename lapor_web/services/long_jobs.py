"""Work that an officer waits for: asked for in a view, done by the worker, watched meanwhile.

A view calls `start`, commits, and sends its officer to `/pekerjaan/<id>`. The work itself is a function
of `lapor_web.long_work.LONG_WORK`, which reports its steps and returns a `Product`.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from lapor_web.models import LongJob, LongJobState, User
from lapor_web.services import jobs
from lapor_web.services.jobs import Job
from lapor_web.services.keys import Keys
from lapor_web.services.sealing import decrypt, encrypt, new_key
from lapor_web.services.storage import NotStored, Storage, new_name

KEPT = dt.timedelta(hours=24)
"""Then row and file go; well before the nightly search takes the file for a stray (2 days)."""
MOST_AT_ONCE = 5
"""Of one officer, waiting or running; they are done one after the other."""
UNFINISHED = (LongJobState.WAITING, LongJobState.RUNNING)


class TooManyAtOnce(Exception):
    """The officer has `MOST_AT_ONCE` of them already (429)."""


class Refused(Exception):
    """Raised by the work: the sentence is for its owner, and trying again would not help."""


class Progress(Protocol):
    def __call__(self, done: int, total: int | None = None) -> None:
        """So many steps are done, of so many. May be called as often as one likes."""


@dataclass(frozen=True, slots=True)
class Product:
    """What the work made, to be saved by its owner under this name."""

    file_name: str
    media_type: str
    content: bytes


def start(
    session: Session, owner: User, job: Job, title: str, *, now: dt.datetime, **arguments: Any
) -> LongJob:
    """Asked for twice while it is not finished, it is the same one. `title` says what it makes and
    `arguments` are JSON; neither holds a word of a report. Raises TooManyAtOnce."""
    # Two taps at once wait for one another here.
    session.execute(select(User.id).where(User.id == owner.id).with_for_update())
    unfinished = session.scalars(
        select(LongJob).where(LongJob.user_id == owner.id, LongJob.state.in_(UNFINISHED))
    ).all()
    for one in unfinished:
        if (one.job, one.arguments) == (job.value, arguments):
            return one
    if len(unfinished) >= MOST_AT_ONCE:
        raise TooManyAtOnce
    row = LongJob(
        agency_id=owner.agency_id,
        user_id=owner.id,
        job=job.value,
        arguments=arguments,
        title=title,
        created_at=now,
    )
    session.add(row)
    session.flush()
    row.queue_job_id = jobs.defer_long(session, job, owner_id=owner.id, long_job_id=row.id)
    return row


def find(session: Session, owner: User, long_job_id: int, *, now: dt.datetime) -> LongJob | None:
    """None for somebody else's, and after a day."""
    return session.scalar(
        select(LongJob).where(
            LongJob.id == long_job_id, LongJob.user_id == owner.id, LongJob.created_at > now - KEPT
        )
    )


def finish(
    row: LongJob, product: Product, *, keys: Keys, storage: Storage, now: dt.datetime
) -> None:
    """Raises StorageAway. Done twice, the file of the first time is left to the nightly search."""
    key, blob = new_key(), new_name()
    storage.put(blob, encrypt(key, product.content, _bound(row, "file")))
    row.wrapped_key = encrypt(keys.wrapping, key, _bound(row, "key"))
    row.blob, row.size = blob, len(product.content)
    row.file_name, row.media_type = product.file_name, product.media_type
    row.state, row.finished_at, row.reason = LongJobState.FINISHED, now, None


def fail(row: LongJob, *, now: dt.datetime, reason: str | None = None) -> None:
    row.state, row.finished_at, row.reason = LongJobState.FAILED, now, reason


def open_product(row: LongJob, *, keys: Keys, storage: Storage) -> Product:
    """Raises NotStored where there is none (yet, or any more), StorageAway."""
    if row.blob is None or row.wrapped_key is None:
        raise NotStored(str(row.id))
    sealed = storage.get(row.blob)
    try:
        key = decrypt(keys.wrapping, row.wrapped_key, _bound(row, "key"))
        content = decrypt(key, sealed, _bound(row, "file"))
    except InvalidTag:
        raise NotStored(row.blob) from None
    return Product(row.file_name or "", row.media_type or "", content)


def fail_abandoned(session: Session, *, now: dt.datetime) -> int:
    """What the queue gave up, because it kept killing its workers, fails for its owner too."""
    gone = session.scalars(
        select(LongJob).where(
            LongJob.state.in_(UNFINISHED),
            text(
                "NOT EXISTS (SELECT FROM procrastinate_jobs AS queued"
                " WHERE queued.id = long_job.queue_job_id AND queued.status IN ('todo', 'doing'))"
            ),
        )
    ).all()
    for row in gone:
        fail(row, now=now)
    return len(gone)


def forget_old(session: Session, *, storage: Storage, now: dt.datetime) -> int:
    """Files first: a row without one is found again."""
    old = LongJob.created_at < now - KEPT
    blobs: Sequence[str] = [
        blob
        for blob in session.scalars(select(LongJob.blob).where(old, LongJob.blob.is_not(None)))
        if blob
    ]
    for blob in blobs:
        storage.delete(blob)
    count = session.scalar(select(func.count()).where(old)) or 0
    session.execute(delete(LongJob).where(old))
    return count


def _bound(row: LongJob, what: str) -> bytes:
    return f"lapor/long-job/{what}/{row.id}".encode()
