"""A report's history as its reporter's page reads it, which is asked more than any other."""

import datetime as dt
from typing import Any, NamedTuple, cast

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lapor_web.models import Action, HistoryEntry, Report, Role, Status
from lapor_web.services.kept_statement import KeptStatement


def read_history(session: Session, report: Report) -> list[HistoryEntry]:
    """The first row first. Rows with the columns of `HistoryEntry` that a reporter's page reads, and
    none of its relations: they cost half of what the objects do, on the page that is asked most."""
    rows = _HISTORY.ask(session, {"report_id": report.id})
    return cast(list[HistoryEntry], [_row_of(*row) for row in rows])


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


def _row_of(
    sequence: int, action: str, role: str, at: dt.datetime, from_status: str | None, *rest: Any
) -> HistoryRow:
    before = Status(from_status) if from_status else None
    return HistoryRow(sequence, Action(action), Role(role), at, before, *rest)


_HISTORY = KeptStatement(
    select(
        *(HistoryEntry.sequence, HistoryEntry.action, HistoryEntry.role, HistoryEntry.at),
        *(HistoryEntry.from_status, HistoryEntry.opd_id, HistoryEntry.opd_name),
        *(HistoryEntry.text, HistoryEntry.details, HistoryEntry.visible, HistoryEntry.undone),
    )
    .where(HistoryEntry.report_id == bindparam("report_id"))
    .order_by(HistoryEntry.sequence)
)
