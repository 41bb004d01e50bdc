"""The rows that a report begins with, in one statement.

It is the city's everyday request, and a journey to the database takes as long as an insert there. So
the statement takes the public number too, and proves the rules that its deadline was reckoned by.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import (
    CTE,
    Column,
    ColumnElement,
    Integer,
    String,
    Table,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from lapor_web.models import (
    Action,
    Attachment,
    HistoryEntry,
    MessageKind,
    OutboxMessage,
    Report,
    ReporterIdentity,
    ReportPoint,
    Status,
    Step,
)
from lapor_web.services.calendars import select_newest_calendar
from lapor_web.services.first_rules import FirstRules
from lapor_web.services.kept_statement import KeptStatement
from lapor_web.services.limits import select_limit

_REPORT = cast(Table, Report.__table__)
_HISTORY = cast(Table, HistoryEntry.__table__)
_OUTBOX = cast(Table, OutboxMessage.__table__)
_ATTACHMENT = cast(Table, Attachment.__table__)
_IDENTITY = cast(Table, ReporterIdentity.__table__)
_POINT = cast(Table, ReportPoint.__table__)

FIRST = 1
"""The sequence of the row of history, and the version of the report that stands on it."""
OF_IDENTITY = ("wrapped_key", "sealed", "has_contact", "phone_mark", "email_mark")
OF_POINT = ("latitude", "longitude", "accuracy", "outside")
OF_RULES = ("verification_limit", "calendar_id")
"""Columns of the report that the statement proves."""
_SHORT = {_REPORT: "r", _HISTORY: "h", _IDENTITY: "i", _POINT: "p"}
"""Short, for the driver remembers no statement beyond 4,096 letters."""
SHAPES = 64
"""Statements that are kept: one for each set of things that a report comes with."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """What the public number is made of; see `services.numbers`."""

    prefix: str
    year: int


@dataclass(frozen=True, slots=True)
class Made:
    report_id: int | None
    """None where nothing was written: the rules are others by now, or else the form's key has made a
    report before."""
    number: str
    rules: FirstRules
    """Those of its day as they hold."""


def reserve_id(session: Session) -> int:
    """For a report whose identity is sealed to it before it is there."""
    return int(session.connection().execute(_RESERVE).scalar_one())


def insert_first_rows(
    session: Session,
    report: Mapping[str, object],
    doer: Mapping[str, object],
    *,
    numbering: Numbering,
    identity: ReporterIdentity | None = None,
    point: ReportPoint | None = None,
) -> Made:
    """What waited under the form's key is the report's own from now on.

    `report` and `doer` (the columns of its row of history) hold values by column, OF_RULES among
    them and the instants aware; `identity` (of an id from `reserve_id`) and `point` belong to no
    session.
    """
    parts = {
        _REPORT: {name: report[name] for name in report if _is_told(report, name)},
        _HISTORY: {name: doer[name] for name in doer if doer[name] is not None},
    }
    if identity:
        parts[_REPORT]["id"] = identity.report_id
        parts[_IDENTITY] = _of(identity, OF_IDENTITY)
    if point:
        parts[_POINT] = _of(point, OF_POINT)
    values = {
        _name(table, column): parts[table][column] for table in parts for column in parts[table]
    }
    values |= {"prefix": numbering.prefix, "year": numbering.year}
    shape = tuple((table, tuple(columns)) for table, columns in parts.items())
    ((report_id, number, *rules),) = _statement(shape).ask(session, values)
    return Made(report_id, number, FirstRules(*rules))


def _is_told(report: Mapping[str, object], name: str) -> bool:
    return report[name] is not None or name in OF_RULES


def _of(row: object, columns: Sequence[str]) -> dict[str, object]:
    return {name: getattr(row, name) for name in columns}


def _name(table: Table, column: str) -> str:
    """Of the parameter: one by a column's own name would be set by every UPDATE in the statement."""
    return f"{_SHORT[table]}_{column}"


def _plain(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """With the values that a column has of its own. Within a statement SQLAlchemy gives none."""
    own = {
        column.name: _constant(column, column.default.arg)
        for column in table.columns
        if column.name not in values and isinstance(column.default, ScalarElementColumnDefault)
    }
    return own | dict(values)


def _constant(column: Column[Any], value: object) -> ColumnElement[Any]:
    """Written out. Of a statement with more than fifty parameters the driver remembers nothing, and
    takes it apart again each time."""
    written = literal(value, column.type).compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    return literal_column(str(written), column.type)


def _fill(table: Table, values: Mapping[str, Any], *, of: CTE) -> CTE:
    """A row for the report that `of` made, if it made one."""
    rows = _plain(table, values)
    source = select(*rows.values()).select_from(of)
    filled = insert(table).from_select(list(rows), source, include_defaults=False)
    return filled.cte(f"with_{table.name}")


@functools.lru_cache(maxsize=SHAPES)
def _statement(shape: tuple[tuple[Table, tuple[str, ...]], ...]) -> KeptStatement:
    """For reports that come with these columns, by table. What they do not tell is not asked for: to
    carry a value to the database takes longer than to store it there."""
    given: dict[Table, dict[str, Any]] = {
        table: {name: bindparam(_name(table, name), type_=table.c[name].type) for name in columns}
        for table, columns in shape
    }
    made, rules = _make_report(given[_REPORT])
    of_made = {"report_id": made.c.id}
    entry = {
        "sequence": _constant(_HISTORY.c.sequence, FIRST),
        "action": _constant(_HISTORY.c.action, Action.SUBMIT),
        "to_status": _constant(_HISTORY.c.to_status, Status.UNVERIFIED),
        "details": literal_column("'{}'"),
    }
    message = {
        "agency_id": made.c.agency_id,
        "sequence": _constant(_OUTBOX.c.sequence, FIRST),
        "kind": _constant(_OUTBOX.c.kind, MessageKind.RECEIVED),
        "not_before": made.c.entered_at,
        "created_at": made.c.entered_at,
    }
    photos = (
        update(_ATTACHMENT)
        .where(_ATTACHMENT.c.key_hash == made.c.key_hash, _ATTACHMENT.c.report_id.is_(None))
        .values(report_id=made.c.id, address_hash=None)
    )
    rows = [(_HISTORY, given.pop(_HISTORY) | entry), (_OUTBOX, message)]
    rows += [(table, values) for table, values in given.items() if table is not _REPORT]
    return KeptStatement(
        select(made.c.id, made.c.number, *rules.c)
        .select_from(rules.outerjoin(made, true()))
        .add_cte(photos.cte("with_photos"))
        .add_cte(*(_fill(table, values | of_made, of=made) for table, values in rows))
    )


def _make_report(given: dict[str, Any]) -> tuple[CTE, CTE]:
    """The row, if the rules hold that it was made by; and those that do."""
    rules = (
        select(
            select_limit(given["agency_id"], Step.VERIFICATION, given["received_on"])
            .scalar_subquery()
            .label("verification_limit"),
            select_newest_calendar(given["agency_id"]).scalar_subquery().label("calendar_id"),
        )
        .cte("rules")
        .prefix_with("MATERIALIZED")
    )
    year = bindparam("year", type_=Integer)
    sequence = func.next_report_sequence(given["agency_id"], year)
    begins = {
        "id": _NEXT_ID,
        "number": func.report_number(bindparam("prefix", type_=String), year, sequence),
        "status": _constant(_REPORT.c.status, Status.UNVERIFIED),
        "version": _constant(_REPORT.c.version, FIRST),
    }
    rows = _plain(_REPORT, begins | given)
    still_hold = [given[name].is_not_distinct_from(rules.c[name]) for name in OF_RULES]
    made = (
        insert(_REPORT)
        .from_select(list(rows), select(*rows.values()).where(*still_hold), include_defaults=False)
        .on_conflict_do_nothing(index_elements=["agency_id", "key_hash"])
        .returning(*(_REPORT.c[n] for n in ("id", "number", "agency_id", "key_hash", "entered_at")))
        .cte("made")
    )
    return made, rules


_NEXT_ID = func.nextval("report_id_seq")
_RESERVE = select(_NEXT_ID)
