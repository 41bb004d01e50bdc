"""What every page of the inbox shows beside its report: views, counts, list and undo strip."""

import datetime as dt
from typing import Any

from flask import session

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.inbox.address import Place
from lapor_web.inbox.presence_words import pills_of
from lapor_web.inbox.registry import can_take_back, in_short
from lapor_web.inbox.saved import saved_links
from lapor_web.kept_figures import kept
from lapor_web.models import Action, HistoryEntry, Report, User
from lapor_web.services import inbox
from lapor_web.services.desk import Desk, View
from lapor_web.services.inbox import EVERYTHING, FILTERED_AT_MOST, PER_PAGE
from lapor_web.services.inbox_asked import Asked
from lapor_web.services.inbox_counts import Counts, count_views, read_beside, read_counted
from lapor_web.services.inbox_filters import NOTHING
from lapor_web.services.inbox_newest import only_newest
from lapor_web.services.undo import may_undo
from lapor_web.services.working_days import WorkingDays, wita_date
from lapor_web.sign_in import signed_in_user


def my_desk() -> Desk:
    return desk_of(signed_in_user())


def desk_of(user: User) -> Desk:
    today = wita_date(clock.now())
    return Desk.of(db.session(), user, city.current_agency(), today)


def calendar(desk: Desk) -> WorkingDays:
    """The one that holds now."""
    return city.calendar()


def beside(desk: Desk, place: Place, days: WorkingDays) -> dict[str, Any]:
    """The views with their counts, and the list."""
    around = around_list(desk)
    asked = place.asked
    total = count_list(desk, asked, around["counts"])
    lines = inbox.list_lines(db.session(), desk, asked, days, page=place.page)
    return {
        **around,
        "place": place,
        "total": total,
        "pages": -(-min(total, FILTERED_AT_MOST) // PER_PAGE)
        if asked.filters != NOTHING
        else -(-total // PER_PAGE),
        "lines": lines,
        "whole": min(total, EVERYTHING),
        "newest_only": only_newest(db.session(), desk, asked),
        "naming": naming(desk, asked.view),
        "next_due": None if lines else inbox.next_due(db.session(), desk),
        "result": take_from_session("bulk_result"),
    }


def around_list(desk: Desk) -> dict[str, Any]:
    """What stands beside every list: counts of the views, saved views, who is at which report."""
    found = read_beside(db.session(), desk, now=clock.now())
    return {
        "counts": count_views(
            db.session(), desk, counted=kept_counts(desk, found.stamp), apart=found.apart
        ),
        "saved": saved_links(desk, found.saved),
        "pills": pills_of(found.present),
        "present": found.present,
        "now": clock.now(),
    }


def count_list(desk: Desk, asked: Asked, counts: dict[View, int]) -> int:
    if asked.search:
        return len(asked.found)
    if asked.filters != NOTHING:
        return inbox.count_filtered(db.session(), desk, asked)
    return counts[asked.view]


def naming(desk: Desk, view: View) -> frozenset[str]:
    """What a row has to say because the reports of its view differ in it."""
    named = {"status"} if view in OF_ANY_STATUS else set()
    if desk.sees_city or view in OF_ANY_HOLDER:
        named.add("holder")
    return frozenset(named)


OF_ANY_HOLDER = frozenset({View.ALL, View.COPIES})
OF_ANY_STATUS = OF_ANY_HOLDER | {View.OVERDUE, View.DUE_TODAY, View.MINE}


def kept_counts(desk: Desk, stamp: str) -> Counts:
    """For as long as nothing was counted since: an inbox is looked at far more often."""
    return kept(("views", desk), lambda: read_counted(db.session(), desk), stamp=stamp)


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


def take_from_session(name: str) -> Any:
    """None where it is not in it. To take out what is not there would send the cookie again."""
    return session.pop(name) if name in session else None


def undo_strip(desk: Desk, report: Report | None = None) -> dict[str, Any] | None:
    """One's own last deed, or the newest of the open report where that is one's own."""
    now = clock.now()
    last: dict[str, Any] | None = session.get("undo")
    if last and now.timestamp() < last["until"]:
        return last
    take_from_session("undo")
    newest = report.history[-1] if report and report.history else None
    if report is None or newest is None or newest.user_id != desk.user.id:
        return None  # what the clock did is taken back where its row of history stands
    if not can_take_back(newest, desk.user.role):
        return None
    if not may_undo(db.session(), newest, desk.user, now):
        return None
    return {
        "number": report.number,
        "version": newest.sequence,
        "words": in_short(newest, report.holder),
    }
