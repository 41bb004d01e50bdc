"""Work for later, put into the queue on the session's own connection: it is there when the
transaction commits, and never was when it does not."""

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session


class Job(enum.StrEnum):
    """By the names that `lapor_web.worker` knows them by; renaming one loses what waits."""

    PREPARE_ATTACHMENT = "prepare_attachment"
    SEND_LINK = "send_link"
    SEND_MESSAGES = "send_messages"
    READ_EVENT = "read_event"
    SEND_ANSWER = "send_answer"
    EXPORT_LIST = "export_list"
    MAKE_HANDOUT = "make_handout"
    MOVE_REPORTS = "move_reports"
    COUNT_ANEW = "count_anew"


QUEUE = "default"
LONG_QUEUE = "long"
"""Of what an officer waits for, minutes perhaps: messages and pictures do not stand behind it."""

_DEFER = sa.text("""
    SELECT procrastinate_defer_jobs_v1(ARRAY[
        ROW(:queue, :task, 0, :lock, NULL, :arguments, :not_before)
    ]::procrastinate_job_to_defer_v1[])
""").bindparams(
    sa.bindparam("arguments", type_=JSONB),
    sa.bindparam("not_before", type_=sa.DateTime(timezone=True)),
)


def defer(
    session: Session, job: Job, *, not_before: dt.datetime | None = None, **arguments: Any
) -> None:
    """At least once, soon or from `not_before` on; so jobs must stand being done twice.

    Arguments are ids: a queue is read by many, and no reporter's word belongs there.
    """
    _put(session, QUEUE, job, arguments, not_before=not_before)


def forget(session: Session, job: Job) -> None:
    """What waits of that kind, where there is no need of it any more."""
    session.execute(
        sa.text("DELETE FROM procrastinate_jobs WHERE task_name = :task AND status = 'todo'"),
        {"task": job.value},
    )


def defer_long(session: Session, job: Job, *, owner_id: int, **arguments: Any) -> int:
    """Into the queue of long work, behind what the same officer has there; the job's id. To be
    called by `services.long_jobs` alone, which keeps what its owner is told."""
    return _put(session, LONG_QUEUE, job, arguments, lock=f"long-{owner_id}")


def _put(
    session: Session,
    queue: str,
    job: Job,
    arguments: dict[str, Any],
    *,
    lock: str | None = None,
    not_before: dt.datetime | None = None,
) -> int:
    values = {
        "queue": queue,
        "task": job.value,
        "lock": lock,
        "arguments": arguments,
        "not_before": not_before,
    }
    (job_id,) = session.execute(_DEFER, values).scalar_one()
    return int(job_id)
