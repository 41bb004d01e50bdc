"""What every page of the inbox shows beside its report: views, counts, list and undo strip."""

import datetime as dt
from typing import Any

from flask import session

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.inbox.address import Place
from lapor_web.inbox.registry import can_take_back, in_short
from lapor_web.models import Action, HistoryEntry, Report
from lapor_web.services import inbox
from lapor_web.services.calendars import calendar_of
from lapor_web.services.inbox import PER_PAGE, Desk
from lapor_web.services.inbox_counts import count_views
from lapor_web.services.undo import may_undo
from lapor_web.services.working_days import WorkingDays, wita_date
from lapor_web.sign_in import signed_in_user


def my_desk() -> Desk:
    today = wita_date(clock.now())
    return Desk.of(db.session(), signed_in_user(), city.current_agency(), today)


def calendar(desk: Desk) -> WorkingDays:
    return calendar_of(db.session(), desk.agency.id)


def beside(desk: Desk, place: Place, days: WorkingDays) -> dict[str, Any]:
    """The views with their counts, and the list."""
    counts = count_views(db.session(), desk)
    total = len(place.asked.found) if place.asked.search else counts[place.asked.view]
    lines = inbox.list_lines(db.session(), desk, place.asked, days, page=place.page)
    return {
        "place": place,
        "counts": counts,
        "total": total,
        "pages": -(-total // PER_PAGE),
        "lines": lines,
        "next_due": None if lines else inbox.next_due(db.session(), desk),
        "result": session.pop("bulk_result", None),
    }


def remember_undo(entry: HistoryEntry, report: Report, window: dt.timedelta) -> None:
    """For the strip of the next page: what was done, and until when it can be taken back."""
    if entry.action is Action.UNDO or not can_take_back(entry, entry.role):
        session.pop("undo", None)
        return
    session["undo"] = {
        "number": report.number,
        "version": entry.sequence,
        "words": in_short(entry, report.holder),
        "until": (entry.at + window).timestamp(),
    }


def undo_strip(desk: Desk, report: Report | None = None) -> dict[str, Any] | None:
    """One's own last deed, or the newest of the open report where that is one's own."""
    now = clock.now()
    last: dict[str, Any] | None = session.get("undo")
    if last and now.timestamp() < last["until"]:
        return last
    session.pop("undo", None)
    newest = report.history[-1] if report and report.history else None
    if report is None or newest is None or not can_take_back(newest, desk.user.role):
        return None
    if not may_undo(db.session(), newest, desk.user, now):
        return None
    return {
        "number": report.number,
        "version": newest.sequence,
        "words": in_short(newest, report.holder),
    }
