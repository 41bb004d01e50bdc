"""The rows that a report begins with, in one statement.

It is the city's everyday request, and a journey to the database takes as long as an insert there.
"""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import CTE, Select, Table, bindparam, literal, select, update
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
    Status,
)

_REPORT = cast(Table, Report.__table__)
_HISTORY = cast(Table, HistoryEntry.__table__)
_OUTBOX = cast(Table, OutboxMessage.__table__)
_ATTACHMENT = cast(Table, Attachment.__table__)

FIRST = 1
"""The sequence of the row of history, and the version of the report that stands on it."""
OF_REPORT = (
    *("agency_id", "number", "key_hash", "content_hash", "receipt_hash", "channel"),
    *("source_account", "tracking_id", "entered_by_id", "quarantined", "story", "place"),
    *("area_id", "happened_on", "anonymous", "confidential", "about_conduct", "about_service"),
    *("received_at", "received_on", "entered_at", "verification_limit", "calendar_id", "due_on"),
)
OF_DOER = ("role", "user_id", "doer_name", "at")


def insert_first_rows(
    session: Session, report: Mapping[str, object], doer: Mapping[str, object]
) -> int | None:
    """The report's id; None where its form's key has made one before, and then nothing is written.

    What waited under that key is the report's own from now on. `report` has a value for each of
    OF_REPORT, `doer` for each of OF_DOER, the instants aware.
    """
    values = {f"made_{name}": report[name] for name in OF_REPORT}
    values |= {f"doer_{name}": doer[name] for name in OF_DOER}
    return session.connection().execute(_INSERT, values).scalar()


def _plain(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """With the values that a column has of its own. Within a statement SQLAlchemy gives none."""
    own = {
        column.name: literal(column.default.arg, column.type)
        for column in table.columns
        if column.name not in values and isinstance(column.default, ScalarElementColumnDefault)
    }
    return own | dict(values)


def _fill(table: Table, name: str, values: Mapping[str, Any]) -> CTE:
    rows = _plain(table, values)
    return (
        insert(table)
        .from_select(list(rows), select(*rows.values()), include_defaults=False)
        .cte(name)
    )


def _build() -> Select[int]:
    report = {name: bindparam(f"made_{name}", type_=_REPORT.c[name].type) for name in OF_REPORT}
    begins = {"status": Status.UNVERIFIED, "version": FIRST}
    made = (
        insert(_REPORT)
        .values(_plain(_REPORT, report | begins))
        .on_conflict_do_nothing(index_elements=["agency_id", "key_hash"])
        .returning(_REPORT.c.id, _REPORT.c.agency_id, _REPORT.c.key_hash, _REPORT.c.entered_at)
        .cte("made")
    )
    entry = {
        "report_id": made.c.id,
        "sequence": literal(FIRST),
        "action": literal(Action.SUBMIT, _HISTORY.c.action.type),
        "to_status": literal(Status.UNVERIFIED, _HISTORY.c.to_status.type),
        "details": literal({}, _HISTORY.c.details.type),
        **{name: bindparam(f"doer_{name}", type_=_HISTORY.c[name].type) for name in OF_DOER},
    }
    message = {
        "report_id": made.c.id,
        "agency_id": made.c.agency_id,
        "sequence": literal(FIRST),
        "kind": literal(MessageKind.RECEIVED, _OUTBOX.c.kind.type),
        "not_before": made.c.entered_at,
        "created_at": made.c.entered_at,
    }
    photos = (
        update(_ATTACHMENT)
        .where(_ATTACHMENT.c.key_hash == made.c.key_hash, _ATTACHMENT.c.report_id.is_(None))
        .values(report_id=made.c.id, address_hash=None)
    )
    return select(made.c.id).add_cte(
        _fill(_HISTORY, "entry", entry), _fill(_OUTBOX, "message", message), photos.cte("photos")
    )


_INSERT = _build()
