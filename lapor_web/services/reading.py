"""Read is not acted on: when the office that holds a report first opened it, and who."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by
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


def read_offices(rows: list[list[Any]] | None, report: Report) -> WithOffices:
    """Of what `OFFICES` says."""
    copies: list[str] = []
    held: tuple[dt.datetime | None, dt.datetime | None, str] = (None, None, "")
    for kind, opd_id, started, first_read, name, reader in rows or ():
        if kind == DispositionKind.RESPONSIBLE:
            held = (_instant(started), _instant(first_read), reader or "")
        elif opd_id != report.assigned_opd_id:
            copies.append(name)
    return WithOffices(copies, *held)


def _instant(epoch: float | None) -> dt.datetime | None:
    return None if epoch is None else dt.datetime.fromtimestamp(epoch, dt.UTC)


OFFICES = (
    select(
        func.json_agg(
            aggregate_order_by(
                func.json_build_array(
                    Disposition.kind,
                    Disposition.opd_id,
                    func.extract("epoch", Disposition.started_at),
                    func.extract("epoch", Disposition.first_read_at),
                    Opd.short_name,
                    User.name,
                ),
                Opd.short_name,
            )
        )
    )
    .select_from(Disposition)
    .join(Opd, Opd.id == Disposition.opd_id)
    .outerjoin(User, User.id == Disposition.first_read_by_id)
    .where(Disposition.report_id == bindparam("report_id"), Disposition.ended_at.is_(None))
    .correlate(None)
    .scalar_subquery()
)
"""Where a report lies now, for `read_offices`: part of a statement that is made anyway."""


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
