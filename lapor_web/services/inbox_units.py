"""The first rows of a list of units: the first of each unit, by its index, and then the first of those.

An office that holds fifty thousand reports with the units under it would sort them all for the fifty
that are shown, or walk through those of the whole city for them.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from lapor_web.models import Disposition, Report, Role
from lapor_web.models.lists import OVERSEEN
from lapor_web.services.access import UNIT_BOUND, copy_to, not_accusing
from lapor_web.services.desk import Desk, View

HELD = frozenset(
    {
        *(View.TO_ACT_ON, View.OVERDUE, View.DUE_TODAY, View.AWAITING_REPORTER),
        *(View.ON_HOLD, View.FINISHED, View.ALL),
    }
)
"""Views that hold nothing but what a unit of one's own holds, and, the last one, copies."""


KEYS = (Report.id, Report.due_on, Report.received_on)
"""What a list is put in order by."""

Ordering = Callable[[Any], tuple[ColumnElement[Any], ...]]
"""Given the report, or rows with its KEYS."""


def is_of_units(desk: Desk, view: View) -> bool:
    """The Inspektorat's whole list too: what it holds, and what is its business anywhere."""
    if desk.user.role is Role.INSPECTOR:
        return view is View.ALL
    return desk.user.role in UNIT_BOUND and view in HELD


def page_of_units(
    desk: Desk,
    view: View,
    ordering: Ordering,
    *,
    skipped: int = 0,
    shown: int,
    of: ColumnElement[bool] | None = None,
) -> ColumnElement[bool]:
    """Whether a report stands on this page of the list: `shown` rows after `skipped` ones, of those
    alone that `of` holds for."""
    wanted = true() if of is None else of
    # Asked for by itself, so that it is planned for any number of units, and the plan is kept.
    own = select(literal(list(desk.units), ARRAY(BigInteger))).scalar_subquery()
    unit = func.unnest(own).table_valued("id").render_derived(name="unit")
    first = (
        select(*KEYS)
        .where(Report.holder_opd_id == unit.c.id, _of_holder(desk, view), wanted)
        .order_by(*ordering(Report))
        .limit(_number(skipped + shown))
        .correlate(unit)
        .lateral("first")
    )
    held = select(*first.c).select_from(unit.join(first, true()))
    others = None
    if desk.user.role is Role.INSPECTOR:
        overseen = _overseen(desk).where(wanted).order_by(*ordering(Report))
        others = overseen.limit(_number(skipped + shown))
    elif view is View.ALL:
        others = _copied(desk).where(wanted)
    rows = (held if others is None else held.union(others)).subquery("rows")
    page = select(rows.c.id).order_by(*ordering(rows.c)).limit(_number(shown))
    return Report.id.in_(page.offset(skipped) if skipped else page)


def _of_holder(desk: Desk, view: View) -> ColumnElement[bool]:
    """The scope of what a unit of one's own holds; copies are no part of it."""
    mine = and_(Report.agency_id == desk.agency.id, not_accusing(desk.user, desk.kin))
    return and_(mine, desk.of_held(view))


def _copied(desk: Desk) -> Select[int, dt.date | None, dt.date]:
    copies = select(Disposition.report_id).where(copy_to(desk.units))
    return select(*KEYS).where(desk.scope, Report.id.in_(copies))


def _overseen(desk: Desk) -> Select[int, dt.date | None, dt.date]:
    """By the index of these alone (`models.lists`), in its own words: among a million there are few."""
    return select(*KEYS).where(desk.scope, OVERSEEN)


def _number(rows: int) -> ColumnElement[int]:
    """Written out: a plan for any number of rows is a bad one."""
    return literal_column(str(rows))
