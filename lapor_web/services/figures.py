"""The kept counters themselves: what an inbox reads of them, their stamp, fold and recount."""

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import case, func, select, text
from sqlalchemy.orm import Session

from lapor_web.models import Status
from lapor_web.models.figures import figure_count, figure_value, queue_count
from lapor_web.services.kept_statement import KeptStatement

TALLIES = {"counts": figure_count, "values": figure_value, "queue": queue_count}
"""By the name that their views end in: `kept_…` is what is read, `true_…` the rows counted anew."""


class Due(enum.StrEnum):
    """Where a deadline stands today."""

    OVERDUE = "overdue"
    TODAY = "today"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Cell:
    """So many reports that are alike in all that scopes and views of an inbox ask for."""

    holder_opd_id: int | None
    """Always None in the cells of the whole city."""
    status: Status
    returned: bool
    confidential: bool
    about_conduct: bool
    about_service: bool
    supervisory: bool
    consented: bool
    """The reporter lets the Ombudsman see it."""
    accused_opd_id: int | None
    due: Due | None
    count: int


def inbox_cells(
    session: Session,
    agency_id: int,
    *,
    today: dt.date,
    holders: Sequence[int] | None = None,
) -> list[Cell]:
    """All reports of the city, or those that one of `holders` holds; `today` is the day in WITA.

    The city's cells do not tell who holds what, and so are few: some dozens, from a million
    reports. Exact, this transaction's own writes included.
    """
    kept = kept_queue.c
    alike = (
        kept.holder_opd_id,
        kept.status,
        kept.returned,
        kept.confidential,
        kept.about_conduct,
        kept.about_service,
        kept.supervisory,
        kept.consented,
        kept.accused_opd_id,
    )
    due = case(
        (kept.due_on < today, Due.OVERDUE.value),
        (kept.due_on == today, Due.TODAY.value),
        (kept.due_on > today, Due.LATER.value),
    )
    count = sa.cast(func.sum(kept["count"]), sa.BigInteger)
    rows = session.execute(
        select(*alike, due.label("due"), count.label("count"))
        .where(kept.agency_id == agency_id, kept.by_holder == (holders is not None))
        .where(sa.true() if holders is None else kept.holder_opd_id.in_(holders))
        .group_by(*alike, "due")
        .having(count != 0)
    )
    return [Cell(**{**row._mapping, "due": row.due and Due(row.due)}) for row in rows]


kept_queue = sa.table("kept_queue", *(sa.column(one.name, one.type) for one in queue_count.columns))

STAMP: sa.ColumnElement[str] = sa.literal_column("""(
    SELECT concat_ws(' ', (SELECT epoch FROM figure_epoch),
        reports, dispositions, offices, (SELECT max(id) FROM calendar_version))
    FROM (SELECT count(*), sum(id) FROM report_change) AS reports,
        (SELECT count(*), sum(id) FROM disposition_change) AS dispositions,
        (SELECT count(*), sum(xmin::text::bigint) FROM opd) AS offices
)""")
"""As a column, for a statement that is made anyway: see `figures_stamp`."""


def figures_stamp(session: Session) -> str:
    """Equal stamps mean equal figures (of one day: ages grow), whatever was committed between.

    Between two folds changes are only ever appended, so how many are visible, and which, tells
    them apart, in whatever order they were committed. Names of offices and days off count too.
    """
    return str(_STAMP.ask(session)[0][0])


_STAMP = KeptStatement(select(STAMP))


def fold(session: Session) -> bool:
    """Add the changes up in the tallies; False where somebody else is at it.

    Nobody needs to call this: writers do it every 512 changes. A worker that does it in quiet
    minutes makes reads a little faster.
    """
    return bool(session.scalar(select(func.fold_figures())))


@dataclass(frozen=True, slots=True)
class Difference:
    tally: str
    cell: str
    kept: str | None
    true: str | None


@dataclass(frozen=True, slots=True)
class Recount:
    cells: int
    differences: list[Difference]


def recount(session: Session, *, repair: bool = False) -> Recount:
    """Count every row anew and compare with what is kept, at one instant.

    With `repair` the kept counters are then written anew; until the caller commits, reports and
    dispositions cannot change. Rows that came in with the triggers off need exactly that.
    """
    if repair:
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('fold_figures'))"))
        session.execute(text("LOCK TABLE report, disposition IN SHARE MODE"))
    cells, differences = 0, []
    for name in TALLIES:
        compared, found = _compare(session, name)
        cells += compared
        differences += found
    if repair and differences:
        _write_anew(session)
    return Recount(cells, differences)


def _compare(session: Session, name: str) -> tuple[int, list[Difference]]:
    table = TALLIES[name]
    key = [column.name for column in next(iter(table.indexes)).columns]
    counters = [column.name for column in table.columns if column.name not in key]
    kept, true = (_cells(f"{which}_{name}", key, counters) for which in ("kept", "true"))
    both = kept.join(true, kept.c.cell == true.c.cell, full=True)
    differ = kept.c.numbers.is_distinct_from(true.c.numbers)
    rows = session.execute(
        select(
            func.coalesce(kept.c.cell, true.c.cell).label("cell"),
            kept.c.numbers.label("kept"),
            true.c.numbers.label("true"),
            differ.label("differ"),
        ).select_from(both)
    )
    compared, found = 0, []
    for row in rows:
        compared += 1
        if row.differ:
            found.append(Difference(table.name, row.cell, row.kept, row.true))
    return compared, found


def _cells(view: str, key: list[str], counters: list[str]) -> sa.Subquery:
    """A line a cell: its key, and its numbers, as text; cells of nothing left out."""
    columns: dict[str, sa.ColumnClause[Any]] = {name: sa.column(name) for name in (*key, *counters)}
    rows = sa.table(view, *columns.values())
    keys = [columns[name] for name in key]
    sums = [func.sum(columns[name]) for name in counters]
    return (
        select(
            func.concat_ws(" ", *(func.coalesce(sa.cast(one, sa.Text), "-") for one in keys)).label(
                "cell"
            ),
            func.concat_ws(" ", *sums).label("numbers"),
        )
        .select_from(rows)
        .group_by(*keys)
        .having(sa.or_(*(one != 0 for one in sums)))
        .subquery()
    )


def _write_anew(session: Session) -> None:
    for change in ("report_change", "disposition_change"):
        session.execute(sa.delete(sa.table(change)))
    for name, table in TALLIES.items():
        columns = [column.name for column in table.columns]
        true = sa.table(f"true_{name}", *(sa.column(column) for column in columns))
        session.execute(sa.delete(table))
        key = [true.c[column.name] for column in next(iter(table.indexes)).columns]
        # In order, for what is read together lies together then.
        session.execute(sa.insert(table).from_select(columns, select(*true.c).order_by(*key)))
    # Empty now, but a fold all the same: what was read before no longer holds.
    session.execute(select(func.fold_figures()))
