"""How many reports wait in each view: from the kept counters, so that no page counts a million.

What hangs on a person, a copy or a question for time is in no counter. It is little, and counted
by itself in one query.
"""

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import Session

from lapor_web.models import Report, Role, Status
from lapor_web.models.user import UNIT_ROLES
from lapor_web.models.workflow import OFFICES_TURN, WORKED_ON
from lapor_web.services import presence, saved_views
from lapor_web.services.access import UNIT_BOUND, none_of, would_be_seen
from lapor_web.services.desk import FEW_QUARANTINED, Desk, View
from lapor_web.services.figures import STAMP, Cell, Due, inbox_cells
from lapor_web.services.kept_statement import KeptStatement
from lapor_web.services.own_words import write_out
from lapor_web.services.presence import Present
from lapor_web.services.saved_views import Saved

COUNTED: dict[View, Callable[[Cell], bool]] = {
    View.OVERDUE: lambda cell: cell.status in OFFICES_TURN and cell.due is Due.OVERDUE,
    View.DUE_TODAY: lambda cell: cell.status in OFFICES_TURN and cell.due is Due.TODAY,
    View.AWAITING_REPORTER: lambda cell: cell.status is Status.AWAITING_REPORTER,
    View.RETURNED: lambda cell: cell.status is Status.UNVERIFIED and cell.returned,
    View.ON_HOLD: lambda cell: cell.status is Status.ON_HOLD,
    View.FINISHED: lambda cell: cell.status is Status.FINISHED,
    View.ALL: lambda cell: True,
}
"""The views that are the same for every role; `services.inbox` has the same as conditions."""

SEEN: dict[Role, Callable[[Cell], bool]] = {
    Role.COORDINATOR: lambda cell: not cell.about_service,
    Role.INSPECTOR: lambda cell: cell.supervisory or cell.about_conduct or cell.about_service,
    Role.LEADER: lambda cell: _ordinary(cell),
    Role.OMBUDSMAN: lambda cell: _ordinary(cell) or cell.consented,
}
"""Of the whole city; those who act for a unit see that of their units (`services.access`)."""


def _ordinary(cell: Cell) -> bool:
    return not (cell.confidential or cell.about_conduct or cell.about_service)


Apart = dict[View | None, int]
"""Counts by view; None: how many reports are about this very officer, wherever they stand."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What no counter knows, asked of the database in one query for everything beside a list."""

    apart: Apart
    """To be added to what the counters say."""
    saved: list[Saved]
    present: list[Present]
    stamp: str
    """Of the counters at that moment (`figures.figures_stamp`)."""


def read_beside(session: Session, desk: Desk, *, now: dt.datetime) -> Beside:
    views, query = _beside(desk)
    values = presence.asked_of(desk.user, now) | saved_views.asked_of(desk.user)
    ((*counts, saved, present, stamp),) = query.ask(session, values)
    return Beside(
        dict(zip(views, counts, strict=True)),
        saved_views.read_saved(saved),
        presence.read_present(present, now),
        stamp,
    )


Counts = dict[View, int]


def read_counted(session: Session, desk: Desk) -> Counts:
    """What the counters say of each view that they know, for all desks that are equal to this."""
    if desk.user.role is Role.INTAKE:
        return {}
    held: list[Cell] = []
    if desk.user.role in UNIT_ROLES:
        held = _unaccusing(_cells(session, desk, desk.units), desk)
    seen = held
    if desk.user.role not in UNIT_BOUND:
        seen = _seen(_cells(session, desk, None), desk, held)
    counts = {view: _sum(seen, COUNTED[view]) for view in desk.views if view in COUNTED}
    if View.TO_ACT_ON in desk.views:
        own = seen if desk.user.role is Role.COORDINATOR else held
        counts[View.TO_ACT_ON] = _sum(own, _turn_of(desk.user.role))
    return counts


def _cells(session: Session, desk: Desk, holders: tuple[int, ...] | None) -> list[Cell]:
    """Of the whole city, or of what some units hold."""
    return inbox_cells(session, desk.agency.id, today=desk.today, holders=holders)


def count_views(
    session: Session,
    desk: Desk,
    *,
    counted: Counts | None = None,
    apart: Apart | None = None,
) -> Counts:
    """Of each view that the officer has. Whoever keeps what the counters say brings it as `counted`,
    who has read what lies beside a list brings `apart`."""
    apart = _count_apart(session, desk) if apart is None else apart
    if desk.user.role is Role.INTAKE:
        return {View.ALL: apart[View.ALL]}
    counts = dict(read_counted(session, desk) if counted is None else counted)
    if apart.get(View.QUARANTINED, 0) > FEW_QUARANTINED:
        counts[View.TO_ACT_ON] -= apart[View.QUARANTINED]
    if apart[None]:
        for view, hidden in _count_about_oneself(session, desk, counts).items():
            counts[view] -= hidden
    return {view: counts.get(view, 0) + apart.get(view, 0) for view in desk.views}


def _count_about_oneself(session: Session, desk: Desk, views: Iterable[View]) -> Counts:
    """What the counters have in these views that is about this very officer."""
    own = would_be_seen(desk.user, desk.units, desk.kin)
    if desk.user.role in UNIT_BOUND:
        own = and_(own, desk.held)

    def within(view: View) -> ColumnElement[bool]:
        if view is View.TO_ACT_ON and desk.user.role is Role.SUPERVISOR:
            return Report.status == Status.AWAITING_APPROVAL
        return desk.within(view)

    wanted = list(views)
    counts = [select(func.count()).where(own, within(view)).scalar_subquery() for view in wanted]
    return dict(zip(wanted, session.execute(select(*counts)).one(), strict=True)) if wanted else {}


def _unaccusing(cells: Iterable[Cell], desk: Desk) -> list[Cell]:
    return [cell for cell in cells if cell.accused_opd_id not in desk.kin]


def _seen(citys: Iterable[Cell], desk: Desk, held: list[Cell]) -> list[Cell]:
    sees = SEEN[desk.user.role]
    by_kind = [cell for cell in _unaccusing(citys, desk) if sees(cell)]
    # The Inspektorat also sees what it holds of another kind.
    return by_kind + [cell for cell in held if not sees(cell)]


def _turn_of(role: Role) -> Callable[[Cell], bool]:
    match role:
        case Role.COORDINATOR:
            return lambda cell: cell.status is Status.UNVERIFIED
        case Role.SUPERVISOR:
            return lambda cell: cell.status is Status.AWAITING_APPROVAL
        case _:
            return lambda cell: cell.status in WORKED_ON


def _sum(cells: Iterable[Cell], counts: Callable[[Cell], bool]) -> int:
    return sum(cell.count for cell in cells if counts(cell))


def _count_apart(session: Session, desk: Desk) -> Apart:
    views, counts = _apart(desk)
    return dict(zip(views, session.connection().execute(counts).one(), strict=True))


@functools.lru_cache(maxsize=1024)
def _beside(desk: Desk) -> tuple[tuple[View | None, ...], KeptStatement]:
    """Kept, since to put such a statement together costs as much as to execute it."""
    views, counts = _apart(desk)
    also = (saved_views.ALL_SAVED, presence.ALL_PRESENT, STAMP.label("stamp"))
    return views, KeptStatement(write_out(counts.add_columns(*also)))


def _apart(desk: Desk) -> tuple[tuple[View | None, ...], Select[Any]]:
    apart: dict[View, ColumnElement[bool]] = {}
    if desk.user.role is Role.INTAKE:
        apart[View.ALL] = desk.within(View.ALL)
    for view in (View.MINE, View.PROMISED, View.COPIES, View.QUARANTINED):
        if view in desk.views:
            apart[view] = desk.within(view)
    if View.COPIES in desk.views:
        apart[View.ALL] = and_(
            desk.within(View.COPIES),
            func.coalesce(none_of(Report.holder_opd_id, desk.units), true()),
        )
    if desk.user.role is Role.SUPERVISOR:
        apart[View.TO_ACT_ON] = desk.asks_for_time
    counts = [
        select(func.count()).where(desk.scope, condition).scalar_subquery()
        for condition in apart.values()
    ]
    about_oneself = select(func.count()).where(Report.accused_user_id == desk.user.id)
    return (*apart, None), select(*counts, about_oneself.scalar_subquery())
