"""Search within a view of an inbox, filters and answers included: words that half a million reports have, in the few of one office.

The word index also knows where a report stands and who holds it (SQL function `report_marks`), so it
settles that together with the words. What it does not know (a copy, one's own work, a promise, a
day) is little: there the reports come first, and their words are looked at one by one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import ColumnElement, and_, true
from sqlalchemy.orm import Session

from lapor_web.models import Report, Role, Status
from lapor_web.models.workflow import OFFICES_TURN, WORKED_ON
from lapor_web.services.access import UNIT_BOUND
from lapor_web.services.desk import Desk, View
from lapor_web.services.inbox import FOUND_AT_MOST
from lapor_web.services.inbox_asked import Asked
from lapor_web.services.search import (
    any_mark,
    looked_up,
    search_answers,
    search_ids,
    search_newest,
)

LITTLE = frozenset(
    {View.MINE, View.PROMISED, View.DUE_TODAY, View.RETURNED, View.QUARANTINED, View.COPIES}
)
"""Views of so few reports that their words are looked at one by one."""
ONE_BY_ONE = 1000
"""So many at most: of 1,000 reports that takes some 30 ms. A view of more that no mark tells is
searched in its newest."""

STATUSES: Mapping[View, Iterable[Status]] = {
    View.OVERDUE: OFFICES_TURN,
    View.DUE_TODAY: OFFICES_TURN,
    View.AWAITING_REPORTER: {Status.AWAITING_REPORTER},
    View.RETURNED: {Status.UNVERIFIED},
    View.QUARANTINED: {Status.UNVERIFIED},
    View.ON_HOLD: {Status.ON_HOLD},
    View.FINISHED: {Status.FINISHED},
}
TO_ACT_ON: Mapping[Role, Iterable[Status]] = {
    Role.COORDINATOR: {Status.UNVERIFIED},
    Role.LIAISON: WORKED_ON,
    Role.INSPECTOR: WORKED_ON,
    Role.SUPERVISOR: WORKED_ON | {Status.AWAITING_APPROVAL},
}


def look_up(session: Session, desk: Desk, asked: Asked) -> Asked:
    """With what the search finds: at most FOUND_AT_MOST, the newest."""
    if not asked.search:
        return asked
    found = _find(session, desk, asked)
    if looked_up(asked.search, desk.agency.prefixes) is None:
        found = sorted({*found, *_find_in_answers(session, desk, asked)}, reverse=True)
    return replace(asked, found=tuple(found[:FOUND_AT_MOST]))


def _find_in_answers(session: Session, desk: Desk, asked: Asked) -> list[int]:
    """An office finds what it answered itself."""
    office = any_mark("@", desk.units) if desk.user.role in UNIT_BOUND else ""
    return search_answers(
        session,
        desk.agency.id,
        asked.search,
        _scope(desk, asked),
        limit=FOUND_AT_MOST,
        office=office,
    )


def _scope(desk: Desk, asked: Asked) -> ColumnElement[bool]:
    # The scope says it too, and of few reports without reading everything that an office holds.
    view = true() if asked.view is View.ALL else desk.within(asked.view)
    return and_(desk.scope, view, asked.filters.condition(desk.today))


def _find(session: Session, desk: Desk, asked: Asked) -> list[int]:
    scope = _scope(desk, asked)
    prefix = desk.agency.prefixes
    if looked_up(asked.search, prefix) is not None:
        return _search(session, desk, asked, scope)
    if asked.view in LITTLE:
        few, found = search_newest(
            session, asked.search, scope, among=ONE_BY_ONE, limit=FOUND_AT_MOST
        )
        if few or asked.view not in STATUSES:
            return found
    if asked.view is View.ALL and desk.user.role in UNIT_BOUND:
        return _in_all_of_a_unit(session, desk, asked)
    return _search(session, desk, asked, scope, _and(marks_of(desk, asked.view), asked))


def _in_all_of_a_unit(session: Session, desk: Desk, asked: Asked) -> list[int]:
    """What it holds, by its mark; and what it got a copy of."""
    narrowed = and_(desk.scope, asked.filters.condition(desk.today))
    held = and_(narrowed, Report.holder_opd_id.in_(desk.units))
    copied = and_(narrowed, desk.within(View.COPIES))
    found = _search(session, desk, asked, held, _and(marks_of(desk, View.ALL), asked))
    _, copies = search_newest(session, asked.search, copied, among=ONE_BY_ONE, limit=FOUND_AT_MOST)
    return sorted({*found, *copies}, reverse=True)[:FOUND_AT_MOST]


def _and(marks: str, asked: Asked) -> str:
    return " & ".join(filter(None, [marks, *asked.filters.marks()]))


def _search(
    session: Session, desk: Desk, asked: Asked, scope: ColumnElement[bool], marks: str = ""
) -> list[int]:
    return search_ids(
        session,
        desk.agency.id,
        asked.search,
        scope,
        prefix=desk.agency.prefixes,
        limit=FOUND_AT_MOST,
        marks=marks,
    )


def marks_of(desk: Desk, view: View) -> str:
    """What every report of that view bears: a tsquery, empty where nothing is common to all."""
    statuses = TO_ACT_ON.get(desk.user.role, ()) if view is View.TO_ACT_ON else STATUSES.get(view)
    common = [any_mark("=", statuses)] if statuses else []
    match desk.user.role:
        case Role.LIAISON | Role.SUPERVISOR:
            common.append(any_mark("@", desk.units))
        case Role.INSPECTOR if view is View.TO_ACT_ON:
            common.append(any_mark("@", desk.units))
        case Role.INSPECTOR:
            common.append(f"('%supervisory' | '?conduct' | {any_mark('@', desk.units)})")
        case Role.INTAKE:
            common.append(any_mark("+", [desk.user.id]))
    return " & ".join(common)
