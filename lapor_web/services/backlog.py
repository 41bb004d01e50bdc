"""What waits at each step of a report's way at this moment, and how much of it is late.

Verification comes first: what nobody has verified is in no figure of the letter, and so is seen
here or nowhere. These are counts of now and of no period: an old report does not vanish with its year.
"""

import datetime as dt
import enum
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from lapor_web.models import Report, Status
from lapor_web.services.calendars import calendar_of
from lapor_web.services.figures import kept_queue


class Stage(enum.StrEnum):
    """Where an officer has to act. The value is its word in the address."""

    VERIFICATION = "verifikasi"
    RETURNED = "salah-disposisi"
    FIRST_FOLLOW_UP = "tindak-lanjut"
    WORK = "penyelesaian"
    APPROVAL = "persetujuan"


@dataclass(frozen=True, slots=True)
class Waiting:
    stage: Stage
    waiting: int
    late: int
    days_late: int | None
    """Working days of the one that is late longest."""


def _stages(
    status: ColumnElement[Status], returned: ColumnElement[bool]
) -> dict[Stage, ColumnElement[bool]]:
    return {
        Stage.VERIFICATION: and_(status == Status.UNVERIFIED, ~returned),
        Stage.RETURNED: and_(status == Status.UNVERIFIED, returned),
        Stage.FIRST_FOLLOW_UP: status == Status.FORWARDED,
        Stage.WORK: status == Status.IN_PROCESS,
        Stage.APPROVAL: status == Status.AWAITING_APPROVAL,
    }


_OF_REPORT = _stages(Report.status, Report.returned)  # type: ignore[arg-type]
_kept = kept_queue.c
_stage = case(
    *((holds, stage.value) for stage, holds in _stages(_kept.status, _kept.returned).items())
).label("stage")
_days = (
    select(_stage, _kept.due_on, func.sum(_kept["count"]).label("reports"))
    .where(
        _kept.agency_id == bindparam("agency_id"),
        ~_kept.by_holder,
        _kept.status.in_(
            (
                *(Status.UNVERIFIED, Status.FORWARDED),
                *(Status.IN_PROCESS, Status.AWAITING_APPROVAL),
            )
        ),
    )
    .group_by("stage", _kept.due_on)
    .having(func.sum(_kept["count"]) != 0)
    .subquery()
)
_late = _days.c.due_on < bindparam("today")
_BACKLOG = select(
    _days.c.stage,
    func.sum(_days.c.reports),
    func.coalesce(func.sum(_days.c.reports).filter(_late), 0),
    func.min(_days.c.due_on).filter(_late),
).group_by(_days.c.stage)


def backlog(session: Session, agency_id: int, *, today: dt.date) -> list[Waiting]:
    """A line for each stage, in the order of the way. From the kept counters; `today` is in WITA."""
    found = {
        stage: (int(waiting), int(late), oldest)
        for stage, waiting, late, oldest in session.execute(
            _BACKLOG, {"agency_id": agency_id, "today": today}
        )
    }
    days = calendar_of(session, agency_id)
    lines = []
    for stage in Stage:
        waiting, late, oldest = found.get(stage.value, (0, 0, None))
        lines.append(Waiting(stage, waiting, late, oldest and days.between(oldest, today)))
    return lines


def waits_at(stage: Stage, agency_id: int, *, late_on: dt.date | None) -> ColumnElement[bool]:
    """The condition on `Report` behind a line; `late_on` leaves those whose day had passed then."""
    here = and_(Report.agency_id == agency_id, _OF_REPORT[stage])
    return here if late_on is None else and_(here, Report.due_on < late_on)
