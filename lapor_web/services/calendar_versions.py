"""Another calendar of days off, as a new version; and the clocks that are counted with it anew.

A version never changes once it is made, so what ended stays as it was counted (decision 4). What is
open is counted anew by the worker. Only what a reporter was promised does not come sooner by it.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session, selectinload

from lapor_web.models import CalendarVersion, Holiday, Report, Status, Subject
from lapor_web.models.workflow import OPEN
from lapor_web.services import deadlines
from lapor_web.services.calendars import newest_calendar
from lapor_web.services.configuration import Configuring
from lapor_web.services.jobs import Job, defer
from lapor_web.services.known_holidays import DayOff

AT_ONCE = 200
"""Reports that the worker counts anew in one transaction."""
REPORTERS_WAIT = frozenset({Status.AWAITING_REPORTER, Status.ON_HOLD})
"""Their last day stands in a message to the reporter."""


@dataclass(frozen=True, slots=True)
class Difference:
    added: list[DayOff]
    removed: list[DayOff]
    changed: list[DayOff]
    """Called otherwise now, or of another kind: no clock feels that."""

    @property
    def moved(self) -> list[dt.date]:
        return sorted(day.date for day in (*self.added, *self.removed) if day.date.weekday() < 5)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def list_versions(session: Session, agency_id: int) -> Sequence[CalendarVersion]:
    """Newest first."""
    return session.scalars(
        select(CalendarVersion)
        .where(CalendarVersion.agency_id == agency_id)
        .order_by(CalendarVersion.id.desc())
    ).all()


def count_by_year(session: Session, agency_id: int) -> dict[int, int]:
    """How many days off each year has, in the calendar that holds now."""
    year = extract("year", Holiday.date)
    rows = session.execute(
        select(year, func.count())
        .where(Holiday.calendar_id == newest_calendar(session, agency_id))
        .group_by(year)
        .order_by(year.desc())
    )
    return {int(one): many for one, many in rows}


def days_of(session: Session, agency_id: int, year: int) -> list[DayOff]:
    return [day for day in _all_days(session, agency_id) if day.date.year == year]


def _all_days(session: Session, agency_id: int) -> list[DayOff]:
    rows = session.scalars(
        select(Holiday)
        .where(Holiday.calendar_id == newest_calendar(session, agency_id))
        .order_by(Holiday.date)
    )
    return [DayOff(row.date, row.name, row.kind) for row in rows]


def difference(before: Iterable[DayOff], after: Iterable[DayOff]) -> Difference:
    old = {day.date: day for day in before}
    new = {day.date: day for day in after}
    return Difference(
        added=[day for date, day in sorted(new.items()) if date not in old],
        removed=[day for date, day in sorted(old.items()) if date not in new],
        changed=[day for date, day in sorted(new.items()) if date in old and old[date] != day],
    )


def may_move(session: Session, agency_id: int, made: Difference) -> int:
    """At most so many open reports get another deadline."""
    if not made.moved:
        return 0
    return (
        session.scalar(
            select(func.count())
            .select_from(Report)
            .where(
                Report.agency_id == agency_id,
                Report.status.in_(OPEN),
                Report.due_on >= made.moved[0],
                ~Report.imported,
            )
        )
        or 0
    )


def save_year(act: Configuring, year: int, days: Sequence[DayOff]) -> Difference:
    """A whole new version, all other years as they are."""
    others = [one for one in _all_days(act.session, act.agency.id) if one.date.year != year]
    made = difference(days_of(act.session, act.agency.id, year), days)
    if not made:
        return made
    act.session.add(
        CalendarVersion(
            agency_id=act.agency.id,
            created_at=act.now,
            note=f"Hari libur {year}",
            holidays=[
                Holiday(date=one.date, name=one.name, kind=one.kind)
                for one in sorted([*others, *days])
            ],
        )
    )
    act.session.flush()
    act.note(Subject.CALENDAR, str(year), f"Hari libur {year}", {}, _in_words(made))
    if made.moved:
        defer(act.session, Job.COUNT_ANEW, agency_id=act.agency.id, after=0)
    return made


def _in_words(made: Difference) -> dict[str, list[str]]:
    parts = {"added": made.added, "removed": made.removed, "changed": made.changed}
    return {
        name: [f"{day.date.isoformat()} {day.name}" for day in days]
        for name, days in parts.items()
        if days
    }


def count_anew(session: Session, agency_id: int, *, after: int) -> int:
    """Some open reports with an older calendar, in order; asks for the next ones where there are
    any. Done twice, it finds nothing to do."""
    newest = newest_calendar(session, agency_id)
    reports = session.scalars(
        select(Report)
        .where(
            Report.agency_id == agency_id,
            Report.id > after,
            Report.status.in_(OPEN),
            Report.calendar_id.is_distinct_from(newest),
            ~Report.imported,
        )
        .order_by(Report.id)
        .limit(AT_ONCE)
        .options(selectinload(Report.dispositions), selectinload(Report.holds))
        .with_for_update(of=Report)
        .execution_options(populate_existing=True)
    ).all()
    for report in reports:
        _count_with(session, report, newest)
    session.flush()
    if len(reports) == AT_ONCE:
        defer(session, Job.COUNT_ANEW, agency_id=agency_id, after=reports[-1].id)
    return len(reports)


def _count_with(session: Session, report: Report, calendar_id: int | None) -> None:
    before, due_on = report.calendar_id, report.due_on
    report.calendar_id = calendar_id
    deadlines.derive(session, report)
    sooner = due_on and report.due_on and report.due_on < due_on
    if sooner and report.status in REPORTERS_WAIT:
        report.calendar_id = before
        deadlines.derive(session, report)
