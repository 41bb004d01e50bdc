"""What the clock does to reports when their last day is over, each once, in a transaction of its own.

Amber and late marks are none of it: they are read from `due_on` and the day, so nothing has to be
stored for them, and nothing can be missed or left over. What acts is a `Round`: a condition that
finds reports, and what is then done to one of them. The act itself makes the condition false, under
the report's lock; so a second worker, a restart or a jump of the clock finds nothing to do again.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from lapor_web.models import HistoryEntry, Report, Status
from lapor_web.services import followers
from lapor_web.services.conversation import Expire, FinishBySilence
from lapor_web.services.deeds import SYSTEM, UNDO_WINDOW, Deed, perform
from lapor_web.services.working_days import WITA, wita_date

OPENING = dt.time(8)
"""Of the day, in WITA. What the clock does at night is told in the morning."""
AT_ONCE = 200
"""Ids that are read in one go; each is then asked about again, and locked."""


@dataclass(frozen=True, slots=True)
class Round:
    name: str
    due: Callable[[dt.datetime], ColumnElement[bool]]
    """Which reports, at an instant."""
    act: Callable[[Session, Report, dt.datetime], object]
    """On one of them, which is locked. It may find that there is nothing to do after all, but has
    to leave the report so that it is not due any more."""


def find_due(session: Session, one: Round, now: dt.datetime, *, after: int = 0) -> list[int]:
    """Some ids, in order, that come after one: a round passes each report once."""
    due = select(Report.id).where(one.due(now), Report.id > after)
    return list(session.scalars(due.order_by(Report.id).limit(AT_ONCE)))


def act_on(session: Session, one: Round, report_id: int, now: dt.datetime) -> bool:
    """False where somebody else is at it, or was. The caller commits after each."""
    report = session.scalar(
        select(Report)
        .where(Report.id == report_id, one.due(now))
        .with_for_update(of=Report, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if report is None:
        return False
    one.act(session, report, now)
    return True


def _last_day_is_over(status: Status) -> Callable[[dt.datetime], ColumnElement[bool]]:
    """An import knows no instants, and has no `due_on`; said aloud all the same."""
    return lambda now: and_(
        Report.status == status, Report.due_on < wita_date(now), ~Report.imported
    )


def _do(deed: Deed) -> Callable[[Session, Report, dt.datetime], HistoryEntry]:
    return lambda session, report, now: by_the_system(session, report, deed, now)


def by_the_system(session: Session, report: Report, deed: Deed, now: dt.datetime) -> HistoryEntry:
    """Its message leaves in office hours, which is also how long a coordinator can undo it before
    anybody is told."""
    window = told_from(now) - now
    return perform(
        session, report.id, deed, doer=SYSTEM, version=report.version, now=now, undo_window=window
    )


def told_from(now: dt.datetime) -> dt.datetime:
    """When a message of what the clock did at `now` leaves."""
    opening = dt.datetime.combine(wita_date(now), OPENING, WITA).astimezone(dt.UTC)
    return max(opening, now + UNDO_WINDOW)


def _expire(session: Session, report: Report, now: dt.datetime) -> None:
    by_the_system(session, report, Expire(), now)
    followers.release(session, report, now=now, told_from=told_from(now))


SILENCE = Round("silence", _last_day_is_over(Status.AWAITING_REPORTER), _do(FinishBySilence()))
HOLD = Round("hold", _last_day_is_over(Status.ON_HOLD), _expire)
