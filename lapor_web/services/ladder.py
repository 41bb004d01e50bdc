"""The escalation ladder of a late report: who is reminded, then who is told above them.

Each rung is a deed of the system, with its row of history, and a row of `escalation` that the
database keeps from being there twice. After each look a report carries the day of the next one, so
a round asks for few; whatever is done to the report has it looked at anew (`services.deadlines`).
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, or_, select, text
from sqlalchemy.orm import Session

from lapor_web.models import (
    Action,
    Escalation,
    MessageKind,
    OutboxMessage,
    Report,
    Role,
    Rung,
    Status,
    Step,
    User,
)
from lapor_web.models.lists import ON_THE_LADDER
from lapor_web.models.opd import INSPECTORATE
from lapor_web.services.calendars import working_days
from lapor_web.services.clocks import Round, by_the_system, told_from
from lapor_web.services.deeds import Act, Told, tell_followers
from lapor_web.services.limits import limit_days
from lapor_web.services.officer_messages import officers_of_city, officers_of_office, tell
from lapor_web.services.working_days import wita_date

NEVER = dt.date(9999, 12, 31)
"""There is nothing to look for until somebody acts."""
ONCE_IN_A_LIFE = frozenset({Rung.OMBUDSMAN_READY, Rung.OMBUDSMAN})
USELESS_WHEN_LATE = frozenset({Rung.SOON, Rung.TODAY})
"""A reminder that was missed, be it that no worker ran; the rungs above are climbed all the same."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Working days before and after the last day in time. Our choice, so a setting; two days
    before is the amber of a first follow-up, 3 of its 5 days."""

    before: int = 2
    supervisor: int = 1
    leaders: int = 5

    def round(self) -> Round:
        return Round("ladder", is_due, self.climb)

    def climb(self, session: Session, report: Report, now: dt.datetime) -> None:
        """Every rung that is due and was not climbed yet, from the bottom up."""
        today = wita_date(now)
        climbed = rungs_climbed(session, report)
        coming = [NEVER]
        for rung, on in self.days(session, report):
            if rung in climbed:
                continue
            if on > today:
                coming.append(on)
            elif rung not in USELESS_WHEN_LATE or today <= due_on(report):
                by_the_system(session, report, Escalate(rung), now)
        report.ladder_on = min(coming)

    def days(self, session: Session, report: Report) -> Iterator[tuple[Rung, dt.date]]:
        """From which day on each rung is due."""
        days, due = working_days(session, report.calendar_id), due_on(report)
        yield Rung.SOON, days.back(due, self.before)
        yield Rung.TODAY, due
        yield Rung.SUPERVISOR, days.add(due, self.supervisor)
        yield Rung.LEADERS, days.add(due, self.leaders)
        if (ready := ready_on(session, report)) is not None:
            yield Rung.OMBUDSMAN_READY, ready
            if report.ombudsman_consent_at is not None:
                yield Rung.OMBUDSMAN, ready


def is_due(now: dt.datetime) -> ColumnElement[bool]:
    look = or_(Report.ladder_on.is_(None), Report.ladder_on <= wita_date(now))
    return look & text(ON_THE_LADDER.text)


def due_on(report: Report) -> dt.date:
    assert report.due_on is not None  # noqa: S101  else it is not on the ladder
    return report.due_on


def ready_on(session: Session, report: Report) -> dt.date | None:
    """From when the Ombudsman may take over: an office is late, and so many calendar days have
    passed. A report that no office got yet has nobody to be complained of."""
    if report.status is Status.UNVERIFIED:
        return None
    limit = limit_days(session, report.agency_id, Step.OMBUDSMAN, report.received_on)
    if limit is None:
        return None
    late = due_on(report) + dt.timedelta(days=1)
    return max(late, report.received_on + dt.timedelta(days=limit))


def about(report: Report, rung: Rung) -> tuple[dt.date | None, int | None]:
    """What a rung is climbed for: this deadline of this holder, or the report as a whole."""
    return (None, None) if rung in ONCE_IN_A_LIFE else (due_on(report), report.holder_opd_id)


def rungs_climbed(session: Session, report: Report) -> set[Rung]:
    rows = session.scalars(select(Escalation).where(Escalation.report_id == report.id))
    return {row.rung for row in rows if (row.due_on, row.opd_id) == about(report, row.rung)}


@dataclass(frozen=True, slots=True)
class Escalate:
    """One rung. `told` in the details is how many officers it reached: 0 where none has an account."""

    action: ClassVar[Action] = Action.ESCALATE

    rung: Rung

    def change(self, act: Act) -> Told:
        for_day, for_opd = about(act.report, self.rung)
        act.session.add(
            Escalation(
                agency_id=act.report.agency_id,
                report_id=act.report.id,
                rung=self.rung,
                due_on=for_day,
                opd_id=for_opd,
                sequence=act.sequence,
                at=act.now,
            )
        )
        told = sum(
            tell(
                act.session,
                act.report,
                users,
                kind,
                sequence=act.sequence,
                not_before=told_from(act.now),
                now=act.now,
            )
            for kind, users in whom(act.session, act.report, self.rung)
        )
        tell_reporter(act, self.rung)
        return Told(details={"rung": self.rung.value, "due_on": iso(act.report), "told": told})


def iso(report: Report) -> str:
    return due_on(report).isoformat()


TOLD_TO_REPORTER = {
    Rung.SUPERVISOR: MessageKind.OVERDUE,
    Rung.OMBUDSMAN_READY: MessageKind.MAY_CONSENT,
}


def tell_reporter(act: Act, rung: Rung) -> None:
    """That it is late, where there is an office to name; and what they may do about it."""
    kind = TOLD_TO_REPORTER.get(rung)
    if kind is None or act.report.holder_opd_id is None:
        return
    if kind is MessageKind.MAY_CONSENT and act.report.ombudsman_consent_at is not None:
        return
    if kind is MessageKind.OVERDUE:
        tell_followers(act, kind, not_before=told_from(act.now))
    act.session.add(
        OutboxMessage(
            agency_id=act.report.agency_id,
            report_id=act.report.id,
            sequence=act.sequence,
            kind=kind,
            not_before=told_from(act.now),
            created_at=act.now,
        )
    )


# ---- whom a rung reaches ----


def whom(session: Session, report: Report, rung: Rung) -> Iterator[tuple[MessageKind, list[User]]]:
    match rung:
        case Rung.SOON:
            yield MessageKind.DUE_SOON, whose_turn(session, report)
        case Rung.TODAY:
            yield MessageKind.DUE_TODAY, whose_turn(session, report)
        case Rung.SUPERVISOR:
            late, above = liaisons(session, report), supervisors(session, report)
            yield MessageKind.LATE, late
            yield MessageKind.ESCALATED, [user for user in above if user not in late]
        case Rung.LEADERS:
            yield MessageKind.ESCALATED, leaders(session, report)
        case Rung.OMBUDSMAN_READY:
            yield MessageKind.ESCALATED, keepers(session, report)
        case Rung.OMBUDSMAN:
            yield MessageKind.ESCALATED, officers_of_city(session, report, Role.OMBUDSMAN)


def whose_turn(session: Session, report: Report) -> list[User]:
    """The person who took it, else all who could."""
    if report.status is Status.AWAITING_APPROVAL:
        return supervisors(session, report)
    assignee = session.get(User, report.assignee_id) if report.assignee_id else None
    return [assignee] if assignee and assignee.active else liaisons(session, report)


def liaisons(session: Session, report: Report) -> list[User]:
    if report.holder is None:
        return keepers(session, report)
    role = Role.INSPECTOR if report.holder.kind == INSPECTORATE else Role.LIAISON
    return officers_of_office(session, report, role) or keepers(session, report)


def supervisors(session: Session, report: Report) -> list[User]:
    return officers_of_office(session, report, Role.SUPERVISOR) or keepers(session, report)


def leaders(session: Session, report: Report) -> list[User]:
    """Who may not read a hidden report is not told of it; those who keep such reports are."""
    return officers_of_city(session, report, Role.LEADER) or keepers(session, report)


def keepers(session: Session, report: Report) -> list[User]:
    """The coordinators, or of what is hidden from them the Inspektorat."""
    return officers_of_city(session, report, Role.COORDINATOR) or officers_of_city(
        session, report, Role.INSPECTOR
    )
