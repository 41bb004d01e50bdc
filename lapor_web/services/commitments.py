"""What offices promise in a meeting, and whether they kept it.

A commitment is recorded by a deed like any other: the reporter reads its day as "Target selesai",
the office finds it in its inbox, and taken back it never was. Whether it was kept is derived
from the report, never ticked.
"""

import datetime as dt
import enum
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from lapor_web.models import (
    Action,
    Area,
    Commitment,
    HistoryEntry,
    Meeting,
    Report,
    Status,
    User,
)
from lapor_web.services import steering
from lapor_web.services.access import one_of
from lapor_web.services.agenda import OFFICES_WORK
from lapor_web.services.deeds import Act, DeedRefused, Doer, Told, perform
from lapor_web.services.follow_up import refuse_past
from lapor_web.services.working_days import WorkingDays, wita_date

PROPOSED_AFTER = (1, 3, 5)
"""Working days from today: the days that are one tap away."""

MEETING, RESPONSIBLE = "meeting", "responsible"
"""In the details of the history row."""


@dataclass(frozen=True, slots=True)
class Commit:
    """An office's promise, said in a meeting and written down by the coordinator."""

    action: ClassVar[Action] = Action.COMMIT

    promised_on: dt.date
    responsible: str
    meeting: str

    def change(self, act: Act) -> Told:
        refuse_past(act, "promised_on", self.promised_on)
        if act.report.holder_opd_id is None:
            raise DeedRefused("promised_on", "no_holder")
        if not self.responsible:
            raise DeedRefused("responsible", "no_person")
        act.report.promised_on = self.promised_on
        return Told(
            details={
                "promised_on": self.promised_on.isoformat(),
                MEETING: self.meeting,
                RESPONSIBLE: self.responsible,
            }
        )


def record(
    session: Session,
    meeting: Meeting,
    report: Report,
    *,
    promised_on: dt.date | None,
    responsible: str,
    user: User,
    version: int,
    now: dt.datetime,
) -> Commitment:
    """Raises as `perform` does; a day or a person that is missing is DeedRefused too."""
    if promised_on is None:
        raise DeedRefused("promised_on", "no_day")
    entry = perform(
        session,
        report.id,
        Commit(promised_on, responsible, meeting.name),
        doer=Doer.officer(user),
        version=version,
        now=now,
    )
    commitment = Commitment(
        meeting=meeting,
        report=report,
        sequence=entry.sequence,
        opd_id=report.holder_opd_id,
        due_on=promised_on,
        responsible=responsible,
        made_at=now,
    )
    session.add(commitment)
    session.flush()
    steering.touch(session, meeting)
    return commitment


class Kept(enum.StrEnum):
    """How a commitment stands today."""

    OPEN = "open"
    KEPT = "kept"
    LATE = "late"
    """The work is done, after the day."""
    BROKEN = "broken"
    VOID = "void"
    """Nobody can keep it any more, or tell: another office got the report, or it was closed
    otherwise."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A commitment, and how it stands."""

    commitment: Commitment
    kept: Kept
    done_on: dt.date | None
    """The day (WITA) on which the office had it done, where it is."""

    @property
    def report(self) -> Report:
        return self.commitment.report


DONE = frozenset({Status.AWAITING_REPORTER, Status.FINISHED})
"""The office and its supervisor say that it is done, and no reporter has said otherwise."""
CLOSED_OTHERWISE = frozenset({Status.ARCHIVED, Status.OUTSIDE_AUTHORITY, Status.MERGED})


def standing(commitment: Commitment, *, today: dt.date) -> Standing:
    """Of a report that was returned, the promise stays: returning never improves a figure. While a
    report is on hold no promise is broken, for nobody may work on it."""
    report = commitment.report
    if report.status in DONE:
        at = report.answered_at or report.finished_at
        if at is None:  # the national system says that it is done, and not when
            return Standing(commitment, Kept.VOID, None)
        done_on = wita_date(at)
        kept = Kept.KEPT if done_on <= commitment.due_on else Kept.LATE
        return Standing(commitment, kept, done_on)
    moved = report.holder_opd_id not in (None, commitment.opd_id)
    if moved or report.status in CLOSED_OTHERWISE:
        return Standing(commitment, Kept.VOID, None)
    if today > commitment.due_on and report.status is not Status.ON_HOLD:
        return Standing(commitment, Kept.BROKEN, None)
    return Standing(commitment, Kept.OPEN, None)


def of_meeting(session: Session, meeting: Meeting, *, today: dt.date) -> list[Standing]:
    """In the order in which they were made."""
    made = select_valid().where(Commitment.meeting_id == meeting.id).order_by(Commitment.id)
    return [standing(one, today=today) for one in session.scalars(made)]


def newest_of_reports(
    session: Session, report_ids: Collection[int], *, today: dt.date
) -> dict[int, Standing]:
    """Of each report its newest commitment, of whichever meeting."""
    made = select_valid().where(Commitment.report_id.in_(report_ids)).order_by(Commitment.id)
    return {one.report_id: standing(one, today=today) for one in session.scalars(made)}


class Balance(NamedTuple):
    """How many were kept, of how many that could be: those void are nobody's merit or fault."""

    kept: int
    of: int
    open: int
    """Whose day is still to come."""


def count_kept(standings: Iterable[Standing]) -> Balance:
    how = [one.kept for one in standings if one.kept is not Kept.VOID]
    return Balance(how.count(Kept.KEPT), len(how), how.count(Kept.OPEN))


def select_valid() -> Select[Commitment]:
    """Those that hold, with their report, its holder and area, and their office."""
    return (
        select(Commitment)
        .where(is_valid())
        .options(
            joinedload(Commitment.opd),
            joinedload(Commitment.report).joinedload(Report.holder),
            joinedload(Commitment.report).joinedload(Report.area).joinedload(Area.parent),
        )
    )


def is_valid() -> ColumnElement[bool]:
    """Its deed was not taken back, and the same meeting has no newer one about the report."""
    return and_(_stands(Commitment), ~_has_newer())


def _stands(commitment: type[Commitment]) -> ColumnElement[bool]:
    return exists().where(
        HistoryEntry.report_id == commitment.report_id,
        HistoryEntry.sequence == commitment.sequence,
        ~HistoryEntry.undone,
    )


def _has_newer() -> ColumnElement[bool]:
    newer = aliased(Commitment)
    return exists().where(
        newer.meeting_id == Commitment.meeting_id,
        newer.report_id == Commitment.report_id,
        newer.id > Commitment.id,
        _stands(newer),
    )


def promised_by(units: Sequence[int]) -> ColumnElement[bool]:
    """A condition on `Report`: one of these units holds it, has promised it, and has not done it."""
    promised = select(Commitment.report_id).where(one_of(Commitment.opd_id, units), is_valid())
    return and_(
        Report.id.in_(promised),
        one_of(Report.holder_opd_id, units),
        Report.status.in_(OFFICES_WORK),
    )


def promised_day() -> ColumnElement[dt.date]:
    """Of a `Report`: the day of its newest commitment, which is what is late in that view."""
    return (
        select(Commitment.due_on)
        .where(Commitment.report_id == Report.id, is_valid())
        .order_by(Commitment.id.desc())
        .limit(1)
        .correlate(Report)
        .scalar_subquery()
    )


def proposed_days(days: WorkingDays, today: dt.date) -> list[dt.date]:
    return [days.add(today, after) for after in PROPOSED_AFTER]


def last_responsible(session: Session, opd_ids: Collection[int]) -> list[str]:
    """Who spoke for the office before, the last one first; a handful to choose from."""
    said = (
        select(Commitment.responsible)
        .where(Commitment.opd_id.in_(opd_ids))
        .group_by(Commitment.responsible)
        .order_by(func.max(Commitment.id).desc())
        .limit(6)
    )
    return list(session.scalars(said))


def last_recorded(session: Session, meeting: Meeting, user: User) -> HistoryEntry | None:
    """The history row of the newest commitment that this officer wrote down in the meeting."""
    return session.scalar(
        select(HistoryEntry)
        .join(
            Commitment,
            and_(
                Commitment.report_id == HistoryEntry.report_id,
                Commitment.sequence == HistoryEntry.sequence,
            ),
        )
        .where(
            Commitment.meeting_id == meeting.id,
            HistoryEntry.user_id == user.id,
            ~HistoryEntry.undone,
        )
        .order_by(Commitment.id.desc())
        .limit(1)
    )
