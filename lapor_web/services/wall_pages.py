"""What a wall shows in each mode, as data: at most six lines, and nothing that is not for a hall.

No name, no word of a reporter. A report that is rahasia is its number alone, one about conduct or
about this service is not there at all.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from lapor_web.models import (
    AgendaItem,
    Area,
    AreaKind,
    Meeting,
    Opd,
    Report,
    Steering,
    WallMode,
)
from lapor_web.services import agenda, commitments
from lapor_web.services.behind import behind
from lapor_web.services.calendars import calendar_of
from lapor_web.services.commitments import Balance, Kept, Standing
from lapor_web.services.rakor import period_of, previous_meeting
from lapor_web.services.recap import OfficeFigures, Recap
from lapor_web.services.steering import position_of
from lapor_web.services.working_days import WorkingDays, wita_date

CASES = 4
"""Late reports of one office at once."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Which page of how many."""

    page: int
    pages: int

    @classmethod
    def of(cls, wanted: int, total: int, rows: int) -> "Leaf":
        pages = max(-(-total // rows), 1)
        return cls(min(max(wanted, 1), pages), pages)

    def cut(self, rows: int) -> slice:
        return slice((self.page - 1) * rows, self.page * rows)


@dataclass(frozen=True, slots=True)
class Line:
    """A report on a wall."""

    number: str
    title: str | None
    """None where it is rahasia, or nobody has named it."""
    confidential: bool
    area: str | None
    office: str | None
    days_late: int | None
    """Working days; unknown where the report has no deadline."""
    similar: int = 0
    """Reports that were merged into it."""
    promise: Standing | None = None
    draft_on: dt.date | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    leaf: Leaf
    offices: list[OfficeFigures]
    most: int
    """What the widest bar stands for."""


@dataclass(frozen=True, slots=True)
class Agenda:
    item: AgendaItem | None
    number: int
    of: int
    office: OfficeFigures | None
    lines: list[Line]
    discussed: int
    cases: int
    next_office: str | None


@dataclass(frozen=True, slots=True)
class NotActedOn:
    leaf: Leaf
    lines: list[Line]
    hidden: int
    """Counted, and not for a wall."""


@dataclass(frozen=True, slots=True)
class Promises:
    meeting: Meeting | None
    """The one before; None where this is the first."""
    leaf: Leaf
    balance: Balance
    lines: list[Line]
    """Broken or late ones."""


@dataclass(frozen=True, slots=True)
class Change:
    opening: dict[str, Any] | None
    """The recap as it was when the meeting was opened."""
    closing: dict[str, Any] | None

    def gained(self, name: str, now: int) -> int | None:
        """Of a count, since the meeting was opened."""
        return None if self.opening is None else now - int(self.opening[name])


def overview(recap: Recap, *, page: int, rows: int) -> Overview:
    """Where most waits first; that is an order of work, and no ranking of offices."""
    offices = sorted(
        (office for office in recap.per_opd if office.figures.received),
        key=lambda office: (-office.figures.not_acted_on, -office.figures.in_process),
    )
    leaf = Leaf.of(page, len(offices), rows)
    most = max((office.figures.received for office in offices), default=0)
    return Overview(leaf, offices[leaf.cut(rows)], most)


def agenda_page(
    session: Session, meeting: Meeting, state: Steering, recap: Recap, *, now: dt.datetime
) -> Agenda:
    items = agenda.load_stop(session, meeting, state.item_id)
    at = next((at for at, one in enumerate(items) if one.id == state.item_id), None)
    if at is None:
        first = items[0].opd.short_name if items else None
        return Agenda(None, 0, len(items), None, [], 0, 0, first)
    item = items[at]
    cases = [case for case in item.cases if may_be_named(case.report)]
    start = max(min(position_of(cases, state.case_id) - 1, len(cases) - CASES), 0)
    return Agenda(
        item=item,
        number=at + 1,
        of=len(items),
        office=next((one for one in recap.per_opd if one.opd_id == item.opd_id), None),
        lines=case_lines(session, meeting, state, item, cases[start : start + CASES], now=now),
        discussed=sum(case.discussed_at is not None for case in cases),
        cases=len(cases),
        next_office=items[at + 1].opd.short_name if at + 1 < len(items) else None,
    )


def case_lines(
    session: Session,
    meeting: Meeting,
    state: Steering,
    item: AgendaItem,
    cases: list[Any],
    *,
    now: dt.datetime,
) -> list[Line]:
    today, days = wita_date(now), calendar_of(session, meeting.agency_id)
    ids = [case.report_id for case in cases]
    promised = commitments.newest_of_reports(session, ids, today=today)
    similar = count_merged(session, ids)
    lines = []
    for case in cases:
        promise = promised.get(case.report_id)
        # An earlier meeting's promise for a report that is late now has told all it could.
        if promise and promise.commitment.meeting_id != meeting.id:
            promise = None
        current = case.id == state.case_id
        lines.append(
            line_of(
                case.report,
                item.opd,
                days_late=days.between(case.due_on, today),
                similar=similar.get(case.report_id, 0),
                promise=promise,
                draft_on=state.draft_on if current else None,
                current=current,
            )
        )
    return lines


def line_of(report: Report, office: Opd | None, **more: Any) -> Line:
    return Line(
        number=report.number,
        title=None if report.confidential else report.title,
        confidential=report.confidential,
        area=None if report.confidential else kecamatan_of(report.area),
        office=office.short_name if office else None,
        **more,
    )


def kecamatan_of(area: Area | None) -> str | None:
    if area is None:
        return None
    return area.parent.name if area.kind is AreaKind.KELURAHAN and area.parent else area.name


def count_merged(session: Session, report_ids: list[int]) -> dict[int, int]:
    counts = (
        select(Report.parent_id, func.count())
        .where(Report.parent_id.in_(report_ids))
        .group_by(Report.parent_id)
    )
    return {parent: count for parent, count in session.execute(counts) if parent is not None}


def not_acted_on(
    session: Session, meeting: Meeting, recap: Recap, *, page: int, rows: int, now: dt.datetime
) -> NotActedOn:
    """Oldest first; what a wall may not name is counted only."""
    today, days = wita_date(now), calendar_of(session, meeting.agency_id)
    period = period_of(meeting)
    waiting = behind("belum", period, today=today, agency_id=meeting.agency_id)
    named = (waiting, agenda.MAY_BE_NAMED)
    count = session.scalar(select(func.count()).select_from(Report).where(*named)) or 0
    leaf = Leaf.of(page, count, rows)
    reports = session.scalars(
        select(Report)
        .where(*named)
        .options(joinedload(Report.holder), joinedload(Report.area).joinedload(Area.parent))
        .order_by(Report.due_on.asc().nulls_last(), Report.received_on, Report.id)
        .limit(rows)
        .offset((leaf.page - 1) * rows)
    )
    lines = [
        line_of(one, one.holder, days_late=late_by(days, one.due_on, today)) for one in reports
    ]
    return NotActedOn(leaf, lines, recap.figures.not_acted_on - count)


def late_by(days: WorkingDays, due_on: dt.date | None, today: dt.date) -> int | None:
    return None if due_on is None else max(days.between(due_on, today), 0)


def promises(
    session: Session, meeting: Meeting, *, page: int, rows: int, now: dt.datetime
) -> Promises:
    """Of the meeting before: how many were kept, and the others, longest overdue first."""
    today, days = wita_date(now), calendar_of(session, meeting.agency_id)
    before = previous_meeting(session, meeting)
    made = commitments.of_meeting(session, before, today=today) if before else []
    others = sorted(
        (one for one in made if one.kept in {Kept.BROKEN, Kept.LATE} and may_be_named(one.report)),
        key=lambda one: (one.kept is Kept.LATE, one.commitment.due_on),
    )
    leaf = Leaf.of(page, len(others), rows)
    lines = [
        line_of(
            one.report,
            one.commitment.opd,
            days_late=days.between(one.commitment.due_on, one.done_on or today),
            promise=one,
        )
        for one in others[leaf.cut(rows)]
    ]
    return Promises(before, leaf, commitments.count_kept(made), lines)


def may_be_named(report: Report) -> bool:
    """It may have become one about conduct since it was put on the agenda, or promised."""
    return not (report.about_conduct or report.about_service)


def page_of(
    session: Session,
    meeting: Meeting,
    state: Steering,
    recap: Recap,
    *,
    rows: int,
    now: dt.datetime,
) -> Overview | Agenda | NotActedOn | Promises | Change | None:
    """What stands on the wall beside the figures themselves; None in a pause."""
    match state.mode:
        case WallMode.OVERVIEW:
            return overview(recap, page=state.page, rows=rows)
        case WallMode.AGENDA:
            return agenda_page(session, meeting, state, recap, now=now)
        case WallMode.NOT_ACTED_ON:
            return not_acted_on(session, meeting, recap, page=state.page, rows=rows, now=now)
        case WallMode.COMMITMENTS:
            return promises(session, meeting, page=state.page, rows=rows - 1, now=now)
        case WallMode.RECAP:
            return Change(meeting.figures_at_opening, meeting.figures_at_closing)
        case WallMode.PAUSE:
            return None
