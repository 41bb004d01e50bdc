"""The rows that a report begins with, in one statement.

It is the city's everyday request, and a journey to the database takes as long as an insert there.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import (
    CTE,
    Boolean,
    Column,
    ColumnElement,
    Select,
    Table,
    bindparam,
    literal,
    literal_column,
    select,
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
)

_REPORT = cast(Table, Report.__table__)
_HISTORY = cast(Table, HistoryEntry.__table__)
_OUTBOX = cast(Table, OutboxMessage.__table__)
_ATTACHMENT = cast(Table, Attachment.__table__)
_IDENTITY = cast(Table, ReporterIdentity.__table__)
_POINT = cast(Table, ReportPoint.__table__)

FIRST = 1
"""The sequence of the row of history, and the version of the report that stands on it."""
OF_REPORT = (
    *("id", "agency_id", "number", "key_hash", "content_hash", "receipt_hash", "channel"),
    *("source_account", "tracking_id", "entered_by_id", "quarantined", "story", "place"),
    *("area_id", "happened_on", "anonymous", "confidential", "about_conduct", "about_service"),
    *("received_at", "received_on", "entered_at", "verification_limit", "calendar_id", "due_on"),
)
OF_IDENTITY = ("report_id", "wrapped_key", "sealed", "has_contact", "phone_mark", "email_mark")
OF_POINT = ("report_id", "latitude", "longitude", "accuracy", "outside")
OF_DOER = ("role", "user_id", "doer_name", "at")


def insert_first_rows(
    session: Session,
    report: Mapping[str, object],
    doer: Mapping[str, object],
    identity: ReporterIdentity | None = None,
    point: ReportPoint | None = None,
) -> bool:
    """Whether it was new: where its form's key has made a report before, nothing is written.

    What waited under that key is the report's own from now on. `report` has a value for each of
    OF_REPORT, `doer` for each of OF_DOER, the instants aware; `identity` and `point` belong to the
    same report and to no session.
    """
    values = {f"made_{name}": report[name] for name in OF_REPORT}
    values |= {f"doer_{name}": doer[name] for name in OF_DOER}
    values |= _values_of(_IDENTITY, OF_IDENTITY, identity) | _values_of(_POINT, OF_POINT, point)
    return session.connection().execute(_INSERT, values).scalar() is not None


def _values_of(table: Table, columns: Sequence[str], row: object | None) -> dict[str, object]:
    """Of a row that is there or not, for `_where_there`."""
    values: dict[str, object] = {
        f"{table.name}_{name}": getattr(row, name) if row else None for name in columns
    }
    return values | {f"has_{table.name}": row is not None}


def _where_there(table: Table, columns: Sequence[str], made: CTE) -> CTE:
    values = {n: bindparam(f"{table.name}_{n}", type_=table.c[n].type) for n in columns}
    return _fill(table, values, of=made, where=bindparam(f"has_{table.name}", type_=Boolean))


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


def _fill(
    table: Table, values: Mapping[str, Any], *, of: CTE, where: ColumnElement[bool] | None = None
) -> CTE:
    """A row for the report that `of` made, if it made one."""
    rows = _plain(table, values)
    source = select(*rows.values()).select_from(of)
    if where is not None:
        source = source.where(where)
    filled = insert(table).from_select(list(rows), source, include_defaults=False)
    return filled.cte(f"with_{table.name}")


def _build() -> Select[int]:
    report = {name: bindparam(f"made_{name}", type_=_REPORT.c[name].type) for name in OF_REPORT}
    begins = {
        "status": _constant(_REPORT.c.status, Status.UNVERIFIED),
        "version": _constant(_REPORT.c.version, FIRST),
    }
    made = (
        insert(_REPORT)
        .values(_plain(_REPORT, report | begins))
        .on_conflict_do_nothing(index_elements=["agency_id", "key_hash"])
        .returning(_REPORT.c.id, _REPORT.c.agency_id, _REPORT.c.key_hash, _REPORT.c.entered_at)
        .cte("made")
    )
    entry = {
        "report_id": made.c.id,
        "sequence": _constant(_HISTORY.c.sequence, FIRST),
        "action": _constant(_HISTORY.c.action, Action.SUBMIT),
        "to_status": _constant(_HISTORY.c.to_status, Status.UNVERIFIED),
        "details": literal({}, _HISTORY.c.details.type),
        **{name: bindparam(f"doer_{name}", type_=_HISTORY.c[name].type) for name in OF_DOER},
    }
    message = {
        "report_id": made.c.id,
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
    return select(made.c.id).add_cte(
        _fill(_HISTORY, entry, of=made),
        _fill(_OUTBOX, message, of=made),
        photos.cte("with_photos"),
        _where_there(_IDENTITY, OF_IDENTITY, made),
        _where_there(_POINT, OF_POINT, made),
    )


_INSERT = _build()
