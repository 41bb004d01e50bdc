"""Read is not acted on: when the office that holds a report first opened it, and who."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from lapor_web.models import Disposition, DispositionKind, Opd, Report, User


@dataclass(frozen=True, slots=True)
class WithOffices:
    """Who has the report now."""

    copies: list[str] = field(default_factory=list)
    """Offices that read along, the one that does the work for the holder not among them."""
    held_since: dt.datetime | None = None
    first_read_at: dt.datetime | None = None
    first_read_by: str = ""


def read_offices(session: Session, report: Report) -> WithOffices:
    copies: list[str] = []
    held: tuple[dt.datetime | None, dt.datetime | None, str] = (None, None, "")
    for row in session.execute(_OFFICES, {"report_id": report.id}):
        if row.kind is DispositionKind.RESPONSIBLE:
            held = (row.started_at, row.first_read_at, row.reader or "")
        elif row.opd_id != report.assigned_opd_id:
            copies.append(row.short_name)
    return WithOffices(copies, *held)


_OFFICES = (
    select(
        Disposition.kind,
        Disposition.opd_id,
        Disposition.started_at,
        Disposition.first_read_at,
        Opd.short_name,
        User.name.label("reader"),
    )
    .join(Opd, Opd.id == Disposition.opd_id)
    .outerjoin(User, User.id == Disposition.first_read_by_id)
    .where(Disposition.report_id == bindparam("report_id"), Disposition.ended_at.is_(None))
    .order_by(Opd.short_name)
)


def note_read(
    session: Session, report: Report, user: User, units: Sequence[int], now: dt.datetime
) -> None:
    """The first time that somebody of the holding office opens it, and never again."""
    session.execute(
        _NOTE,
        {"read_report_id": report.id, "units": list(units), "read_at": now, "reader_id": user.id},
    )


_TABLE = cast(Table, Disposition.__table__)
_NOTE = (
    update(_TABLE)
    .where(
        _TABLE.c.report_id == bindparam("read_report_id"),
        _TABLE.c.kind == DispositionKind.RESPONSIBLE,
        _TABLE.c.ended_at.is_(None),
        _TABLE.c.first_read_at.is_(None),
        _TABLE.c.opd_id.in_(bindparam("units", expanding=True)),
    )
    .values(first_read_at=bindparam("read_at"), first_read_by_id=bindparam("reader_id"))
)
