"""How the machine is doing: queues, what the clock started, letters, reports. Numbers and names of ours only."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, Date, cast, func, select, text
from sqlalchemy.orm import Session

from lapor_web.models import Erased, Erasure, ScheduleRun
from lapor_web.models.outbox import STILL_WAITS
from lapor_web.services.working_days import WITA

WORKER_REPORTS_WITHIN = dt.timedelta(minutes=1)
"""It does so every ten seconds."""
MOST_SHOWN = 50
ERASED_SHOWN = dt.timedelta(days=60)

# A schedule's own runs are told of by `ScheduleRun`; the next one comes by itself.
_BY_THE_CLOCK = "args ? 'timestamp'"


@dataclass(frozen=True, slots=True)
class Queue:
    name: str
    due: int
    """Could be done now."""
    later: int
    """For a certain time, or after a failed try."""
    running: int
    failed: int
    oldest: dt.datetime | None
    """Since when the first of those that are due has waited."""


@dataclass(frozen=True, slots=True)
class Failures:
    """Of one kind of work, for one reason."""

    task: str
    error: str | None
    count: int
    newest: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Letters:
    due: int
    later: int
    parked: int
    """Given up until an officer mends the address."""
    oldest: dt.datetime | None
    """Since when the first of those that are due could have left."""
    unread: int
    """Came in and could not be read, until an officer has it read again or lets it go."""


@dataclass(frozen=True, slots=True)
class ErasedOn:
    day: dt.date
    identities: int
    """Of so many reports, who sent them."""
    reports: int
    """So many reports' attachments,"""
    files: int
    """which were so many."""


@dataclass(frozen=True, slots=True)
class Workers:
    count: int
    silent_for: dt.timedelta | None

    @property
    def state(self) -> str:
        """up, down (it was there, and did not take its leave) or absent."""
        if self.silent_for is None:
            return "absent"
        return "up" if self.silent_for < WORKER_REPORTS_WITHIN else "down"


def queues(session: Session) -> list[Queue]:
    rows = session.execute(
        text(f"""
            SELECT queue_name,
                count(*) FILTER (WHERE status = 'todo' AND is_due) AS due,
                count(*) FILTER (WHERE status = 'todo' AND NOT is_due) AS later,
                count(*) FILTER (WHERE status = 'doing') AS running,
                count(*) FILTER (WHERE status = 'failed' AND NOT {_BY_THE_CLOCK}) AS failed,
                min(coalesce(scheduled_at, (SELECT min(at) FROM procrastinate_events e
                    WHERE e.job_id = job.id AND e.type = 'deferred')))
                    FILTER (WHERE status = 'todo' AND is_due) AS oldest
            FROM (SELECT *, coalesce(scheduled_at <= now(), true) AS is_due FROM procrastinate_jobs
                WHERE status IN ('todo', 'doing', 'failed')) AS job
            GROUP BY queue_name ORDER BY queue_name
        """)  # noqa: S608 - words of ours
    )
    return [Queue(*row) for row in rows]


def failures(session: Session) -> list[Failures]:
    """Newest first."""
    rows = session.execute(
        text(f"""
            SELECT task_name, error, count(*), max(failed_at) AS newest
            FROM procrastinate_jobs AS job LEFT JOIN job_failure ON job_id = job.id
            WHERE status = 'failed' AND NOT {_BY_THE_CLOCK}
            GROUP BY task_name, error ORDER BY newest DESC NULLS LAST, task_name LIMIT :most
        """),  # noqa: S608 - words of ours
        {"most": MOST_SHOWN},
    )
    return [Failures(*row) for row in rows]


def try_again(session: Session, task: str) -> int:
    """All failed jobs of one kind, once more from the first try; how many. Whatever was mended meanwhile
    is found done by the jobs themselves, which stand being done twice."""
    again = session.execute(
        text(f"""
            WITH failed AS (
                SELECT id FROM procrastinate_jobs
                WHERE status = 'failed' AND task_name = :task AND NOT {_BY_THE_CLOCK}
                FOR UPDATE SKIP LOCKED
            )
            SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM failed
        """),  # noqa: S608 - words of ours
        {"task": task},
    ).all()
    return len(again)


def schedules(session: Session) -> list[ScheduleRun]:
    return list(session.scalars(select(ScheduleRun).order_by(ScheduleRun.name)))


def letters(session: Session, *, now: dt.datetime) -> Letters:
    row = session.execute(
        text(f"""
            SELECT count(*) FILTER (WHERE {STILL_WAITS} AND not_before <= :now),
                count(*) FILTER (WHERE {STILL_WAITS} AND not_before > :now),
                count(*) FILTER (WHERE parked_at IS NOT NULL),
                min(not_before) FILTER (WHERE {STILL_WAITS} AND not_before <= :now),
                (SELECT count(*) FROM inbound_event WHERE outcome = 'failed')
            FROM outbox WHERE ({STILL_WAITS}) OR parked_at IS NOT NULL
        """),  # noqa: S608 - words of ours
        {"now": now},
    ).one()
    return Letters(*row)


def erased_of_late(session: Session, *, now: dt.datetime) -> list[ErasedOn]:
    """What was erased because its time was up, the newest day first. By day and not by report:
    some are hidden from who runs the machine."""
    on = cast(func.timezone(WITA.key, Erasure.at), Date)
    rows = session.execute(
        select(
            on,
            func.count().filter(Erasure.what == Erased.IDENTITY),
            func.count().filter(Erasure.what == Erased.ATTACHMENTS),
            func.coalesce(func.sum(Erasure.files), 0),
        )
        .where(Erasure.at >= now - ERASED_SHOWN)
        .group_by(on)
        .order_by(on.desc())
    )
    return [ErasedOn(*row) for row in rows]


def workers(session: Session | Connection) -> Workers:
    count, silent_for = session.execute(
        text("SELECT count(*), now() - max(last_heartbeat) FROM procrastinate_workers")
    ).one()
    return Workers(count, silent_for)


def reports_by_status(session: Session) -> dict[str, int]:
    """From the kept counters, so that nobody counts a million for it."""
    rows = session.execute(
        text(
            "SELECT status, sum(count)::bigint FROM kept_queue WHERE NOT by_holder GROUP BY status"
        )
    )
    return {status: count for status, count in rows if count}
