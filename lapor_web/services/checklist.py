"""The steps that an office notes for one report. They overtake nobody and say nothing outside."""

import datetime as dt

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from lapor_web.models import ChecklistItem, Report, User

STEPS_AT_MOST = 20
LONGEST_STEP = 200

_DONE_BY = aliased(User)


class TooManySteps(Exception):
    """A list that nobody reads to its end."""


def list_steps(session: Session, report: Report) -> list[Row[int, str, dt.datetime | None, str]]:
    """Id, text, when it was done, and by whom."""
    return list(session.execute(_STEPS, {"report_id": report.id}))


_STEPS = (
    select(
        ChecklistItem.id,
        ChecklistItem.text,
        ChecklistItem.done_at,
        func.coalesce(_DONE_BY.name, "").label("done_by"),
    )
    .outerjoin(_DONE_BY, _DONE_BY.id == ChecklistItem.done_by_id)
    .where(ChecklistItem.report_id == bindparam("report_id"))
    .order_by(ChecklistItem.id)
)


def add_step(
    session: Session, report: Report, text: str, user: User, now: dt.datetime
) -> ChecklistItem:
    """Raises TooManySteps."""
    there = select(func.count()).where(ChecklistItem.report_id == report.id)
    if (session.scalar(there) or 0) >= STEPS_AT_MOST:
        raise TooManySteps
    step = ChecklistItem(report_id=report.id, text=text, added_by_id=user.id, added_at=now)
    session.add(step)
    return step


def find_step(session: Session, report: Report, step_id: int) -> ChecklistItem | None:
    own = select(ChecklistItem).where(
        ChecklistItem.id == step_id, ChecklistItem.report_id == report.id
    )
    return session.scalar(own)


def tick(step: ChecklistItem, user: User, now: dt.datetime, *, done: bool) -> None:
    """Who did it first stays; what is ticked twice at once is done once."""
    if done and step.done_at is None:
        step.done_at, step.done_by_id = now, user.id
    elif not done:
        step.done_at = step.done_by_id = None
