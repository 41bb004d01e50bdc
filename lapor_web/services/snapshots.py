"""What a deed changed on a report, as JSON, so that an undo can put it back."""

import datetime as dt
import enum
from typing import Any

from lapor_web.models import Report

# What explains itself elsewhere: identity of the row, the chain, and what is derived.
_NOT_KEPT = frozenset(
    {
        "id",
        "version",
        "status",
        "calendar_id",
        "due_on",
        "follow_up_due_on",
        "waiting_from",
        "pace_days",
        "completion_days",
        "ladder_on",
    }
)
_COLUMNS = {
    column.name: column for column in Report.__table__.columns if column.name not in _NOT_KEPT
}
_NEVER_CHANGED = frozenset({"key_hash", "content_hash", "receipt_hash", "story", "number"})
KEPT = tuple(name for name in _COLUMNS if name not in _NEVER_CHANGED)


def take(report: Report) -> dict[str, Any]:
    return {name: getattr(report, name) for name in KEPT}


def changed_since(before: dict[str, Any], report: Report) -> dict[str, Any]:
    """The old values of what is different now, as JSON holds them."""
    return {
        name: _to_json(value) for name, value in before.items() if getattr(report, name) != value
    }


def put_back(report: Report, changed: dict[str, Any]) -> None:
    for name, value in changed.items():
        setattr(report, name, _from_json(name, value))


def _to_json(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, dt.date):  # a datetime is one too
        return value.isoformat()
    return value


def _from_json(name: str, value: Any) -> Any:
    kind = _COLUMNS[name].type.python_type
    if value is None or not issubclass(kind, (dt.date, enum.Enum)):
        return value
    return kind(value) if issubclass(kind, enum.Enum) else kind.fromisoformat(value)
