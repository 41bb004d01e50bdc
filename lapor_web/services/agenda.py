"""The agenda of a meeting: which offices, in which order, and the late reports of each.

About conduct and about this service nothing comes into a meeting: those reports are the
Inspektorat's, and a room full of officers is the last place to name one.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from lapor_web.models import AgendaCase, AgendaItem, Area, Meeting, Opd, Report, Status
from lapor_web.services.calendars import calendar_of
from lapor_web.services.figures import kept_queue

MOST_CASES = 40
"""Of one office: more is not talked about in one meeting, and the worst come first."""

OFFICES_WORK = frozenset({Status.FORWARDED, Status.IN_PROCESS, Status.AWAITING_APPROVAL})
"""An office has to act, and so can be late."""

MAY_BE_NAMED = and_(~Report.about_conduct, ~Report.about_service)


@dataclass(frozen=True, slots=True)
class LateOffice:
    """An office with late reports, those of the units in its line among them."""

    opd: Opd
    late: int
    oldest_due_on: dt.date
    days_late: int
    """Working days of the one that has waited longest."""


def late_offices(session: Session, agency_id: int, *, today: dt.date) -> list[LateOffice]:
    """Whom to invite first: by the report that is late longest, never by how many there are.

    From the kept counters, so that it costs the same in a city of a million reports.
    """
    kept = kept_queue.c
    line = func.coalesce(Opd.reports_as_id, Opd.id)
    days = (
        select(line.label("line"), kept.due_on, func.sum(kept["count"]).label("late"))
        .join(Opd, Opd.id == kept.holder_opd_id)
        .where(
            kept.agency_id == agency_id,
            kept.by_holder,
            kept.status.in_(OFFICES_WORK),
            kept.due_on < today,
            ~kept.about_conduct,
            ~kept.about_service,
        )
        .group_by(line, kept.due_on)
        .having(func.sum(kept["count"]) > 0)
        .subquery()
    )
    offices = (
        select(Opd, func.sum(days.c.late), func.min(days.c.due_on))
        .join(days, days.c.line == Opd.id)
        .group_by(Opd.id)
        .order_by(func.min(days.c.due_on), func.sum(days.c.late).desc(), Opd.id)
    )
    calendar = calendar_of(session, agency_id)
    return [
        LateOffice(opd, int(late), due_on, calendar.between(due_on, today))
        for opd, late, due_on in session.execute(offices)
    ]


def add_offices(session: Session, meeting: Meeting, opd_ids: Collection[int]) -> None:
    """At the end, in the order given; those that are on it already stay where they are."""
    there = {item.opd_id for item in meeting.agenda}
    known = set(
        session.scalars(
            select(Opd.id).where(Opd.agency_id == meeting.agency_id, Opd.id.in_(list(opd_ids)))
        )
    )
    last = max((item.position for item in meeting.agenda), default=0)
    new = [opd_id for opd_id in dict.fromkeys(opd_ids) if opd_id in known - there]
    meeting.agenda.extend(
        AgendaItem(opd_id=opd_id, position=last + number) for number, opd_id in enumerate(new, 1)
    )
    session.flush()


def remove_office(session: Session, meeting: Meeting, item_id: int) -> None:
    """One that the meeting came to stays: what was said about it was said."""
    item = find_item(meeting, item_id)
    if item is not None and item.begun_at is None:
        meeting.agenda.remove(item)
        session.flush()


def move_office(session: Session, meeting: Meeting, item_id: int, by: int) -> None:
    """Up (-1) or down (+1); at the edge it stays."""
    order = list(meeting.agenda)
    item = find_item(meeting, item_id)
    if item is None or not 0 <= (to := order.index(item) + by) < len(order):
        return
    item.position, order[to].position = order[to].position, item.position
    session.flush()
    session.refresh(meeting, ["agenda"])


def find_item(meeting: Meeting, item_id: int) -> AgendaItem | None:
    return next((item for item in meeting.agenda if item.id == item_id), None)


def load_agenda(session: Session, meeting: Meeting) -> list[AgendaItem]:
    """With offices and cases, each case with its report, area and holder: all that is on paper."""
    return list(session.scalars(_items(meeting).options(_CASES)))


def load_stop(session: Session, meeting: Meeting, item_id: int | None) -> list[AgendaItem]:
    """All offices, and the cases of the one where the meeting stands: a step costs the same however
    long the agenda is."""
    items = list(session.scalars(_items(meeting)))
    if item_id is not None:
        session.scalars(_items(meeting).where(AgendaItem.id == item_id).options(_CASES)).all()
    return items


def _items(meeting: Meeting) -> Select[AgendaItem]:
    return (
        select(AgendaItem)
        .where(AgendaItem.meeting_id == meeting.id)
        .options(joinedload(AgendaItem.opd))
        .order_by(AgendaItem.position)
        .execution_options(populate_existing=True)
    )


_CASES = (
    selectinload(AgendaItem.cases)
    .joinedload(AgendaCase.report)
    .options(
        joinedload(Report.area).joinedload(Area.parent),
        joinedload(Report.holder),
    )
)


def begin(session: Session, item: AgendaItem, *, today: dt.date, now: dt.datetime) -> None:
    """The meeting comes to this office: its late reports become the list it goes through. Come
    back to later, it only grows by what became late since."""
    item.begun_at = item.begun_at or now
    there = {case.report_id for case in item.cases}
    last = len(item.cases)
    for report in late_reports(session, item.opd, today=today):
        if report.id in there:
            continue
        last += 1
        item.cases.append(AgendaCase(report=report, position=last, due_on=report.due_on))
    session.flush()


def late_reports(session: Session, opd: Opd, *, today: dt.date) -> list[Report]:
    """Longest late first."""
    units = select(Opd.id).where(func.coalesce(Opd.reports_as_id, Opd.id) == opd.id)
    late = (
        select(Report)
        .where(
            Report.holder_opd_id.in_(units),
            MAY_BE_NAMED,
            Report.status.in_(OFFICES_WORK),
            Report.due_on < today,
        )
        .order_by(Report.due_on, Report.id)
        .limit(MOST_CASES)
    )
    return list(session.scalars(late))
