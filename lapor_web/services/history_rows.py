"""A report's history as its reporter's page reads it, which is asked more than any other: in the same
question as the report, and not as objects, which cost half of that page."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from lapor_web.models import Action, HistoryEntry, Report, Role, Status


class HistoryRow(NamedTuple):
    """As `HistoryEntry` calls them."""

    sequence: int
    action: Action
    role: Role
    at: dt.datetime
    from_status: Status | None
    opd_id: int | None
    opd_name: str | None
    text: str
    details: dict[str, Any]
    visible: bool
    undone: bool


def select_history() -> ScalarSelect[Any]:
    """Of the report that the statement around it asks for: a list of lists, as `rows_of` reads them."""
    columns: list[ColumnElement[Any]] = [getattr(HistoryEntry, name) for name in HistoryRow._fields]
    in_order = aggregate_order_by(func.json_build_array(*columns), HistoryEntry.sequence)
    return (
        select(func.json_agg(in_order))
        .where(HistoryEntry.report_id == Report.id)
        .correlate(Report)
        .scalar_subquery()
    )


def rows_of(told: Sequence[Sequence[Any]]) -> list[HistoryEntry]:
    """The first row first. Rows with the columns of `HistoryEntry` that a reporter's page reads, and
    none of its relations."""
    return cast(list[HistoryEntry], [_row_of(*row) for row in told])


def _row_of(
    sequence: int, action: str, role: str, at: str, from_status: str | None, *rest: Any
) -> HistoryRow:
    before = Status(from_status) if from_status else None
    when = dt.datetime.fromisoformat(at)
    return HistoryRow(sequence, Action(action), Role(role), when, before, *rest)
