"""Deadlines and paces, derived from what is stored: instants, limits, pauses, calendar.

The rules are those of domain.md, "Clocks": working days in WITA, the day of the event is day 0,
and only a pause (Ditunda) stops a clock.
"""

import datetime as dt

from sqlalchemy.orm import Session

from lapor_web.models import (
    Action,
    Disposition,
    DispositionKind,
    HistoryEntry,
    Hold,
    Report,
    Status,
)
from lapor_web.services.calendars import working_days
from lapor_web.services.working_days import WorkingDays, wita_date

AT_WORK = frozenset({Status.IN_PROCESS, Status.AWAITING_APPROVAL})


def derive(session: Session, report: Report) -> None:
    """Set everything that is derived, on the report and on its dispositions."""
    clock = Clock(working_days(session, report.calendar_id), report.holds)
    for disposition in report.dispositions:
        derive_disposition(report, disposition, clock)
    waits = waits_for_first_follow_up(report)
    report.pace_days = clock.elapsed(report.disposed_at, report.first_follow_up_at)
    report.completion_days = clock.elapsed(report.received_at, report.finished_at)
    if came_by_import(session, report):
        forget_what_it_cannot_know(report)
    report.follow_up_due_on = clock.due(report.disposed_at, report.follow_up_limit)
    report.waiting_from = clock.shifted(report.disposed_at) if waits else None
    report.due_on = None if report.imported else due_date(report, clock)
    report.ladder_on = None  # whatever happened, the ladder looks at it anew


def derive_disposition(report: Report, disposition: Disposition, clock: "Clock") -> None:
    """Each holder's own interval: being handed a late report makes nobody late."""
    responsible = disposition.kind is DispositionKind.RESPONSIBLE
    disposition.waiting = (
        responsible
        and disposition.ended_at is None
        and disposition.first_follow_up_at is None
        and report.status is Status.FORWARDED
    )
    disposition.waiting_from = (
        clock.shifted(disposition.started_at) if disposition.waiting else None
    )
    limit = report.follow_up_limit if responsible else None
    disposition.follow_up_due_on = clock.due(disposition.started_at, limit)
    disposition.pace_days = clock.elapsed(disposition.started_at, disposition.first_follow_up_at)
    disposition.in_time = (
        None if disposition.pace_days is None or limit is None else disposition.pace_days <= limit
    )


def came_by_import(session: Session, report: Report) -> bool:
    if not report.imported:
        return False
    return session.get_one(HistoryEntry, (report.id, 1)).action is Action.IMPORT


def forget_what_it_cannot_know(report: Report) -> None:
    """An import knows when it was told, not when it happened: from its own holder no pace is known."""
    report.pace_days = report.completion_days = report.waiting_from = None
    for disposition in report.dispositions:
        if disposition.started_sequence == 1:
            disposition.pace_days = disposition.in_time = disposition.waiting_from = None
            disposition.follow_up_due_on = None


def waits_for_first_follow_up(report: Report) -> bool:
    """Counted as B with nobody's answer yet; a returned report waits on."""
    not_acted_on = report.status is Status.FORWARDED or (
        report.status is Status.UNVERIFIED and report.returned
    )
    return not_acted_on and report.first_follow_up_at is None


def due_date(report: Report, clock: "Clock") -> dt.date | None:
    """The day up to which whoever has the report now is in time."""
    match report.status:
        case Status.UNVERIFIED if report.returned and report.first_follow_up_at is None:
            return report.follow_up_due_on
        case Status.UNVERIFIED:
            return clock.due(report.queued_at or report.received_at, report.verification_limit)
        case Status.ON_HOLD if hold := report.current_hold:
            held_from = later(hold.started_at, report.wait_restarted_at)
            return clock.days.add(wita_date(held_from), report.hold_limit or 0)
        case Status.FORWARDED:
            holder = report.responsible
            return holder.follow_up_due_on if holder else report.follow_up_due_on
        case status if status in AT_WORK:
            started = report.finish_started_at or report.disposed_at
            return clock.due(started, report.finish_limit)
        case Status.AWAITING_REPORTER:
            answered = report.answered_at
            silent_from = answered and later(answered, report.wait_restarted_at)
            return clock.due(silent_from, report.silence_limit)
        case _:
            return None


def later(instant: dt.datetime, other: dt.datetime | None) -> dt.datetime:
    return max(instant, other) if other else instant


class Clock:
    """Counts working days with one calendar, and leaves out the pauses of one report."""

    def __init__(self, days: WorkingDays, holds: list[Hold]):
        self.days = days
        self._pauses = [
            (wita_date(hold.started_at), wita_date(hold.ended_at) if hold.ended_at else None)
            for hold in holds
        ]

    def elapsed(self, start: dt.datetime | None, end: dt.datetime | None) -> int | None:
        """Working days from `start` to `end`; unknown when either is."""
        if start is None or end is None:
            return None
        first, last = wita_date(start), wita_date(end)
        return max(self.days.between(first, last) - self._paused(first, last), 0)

    def due(self, start: dt.datetime | None, limit: int | None) -> dt.date | None:
        """The last day in time: `limit` working days after `start`, moved on by the pauses."""
        if start is None or limit is None:
            return None
        first = wita_date(start)
        return self.days.add(first, limit + self._paused(first, dt.date.max))

    def shifted(self, start: dt.datetime | None) -> dt.date | None:
        """A day 0 from which plain counting gives the working days without the pauses."""
        return self.due(start, 0)

    def _paused(self, first: dt.date, last: dt.date) -> int:
        """Working days of pauses within (first, last]; one that still lasts counts when it ends."""
        return sum(
            self.days.between(max(start, first), min(end, last))
            for start, end in self._pauses
            if end is not None and end > first and start < last
        )
