"""Under which rules a report begins: kept, for they change a few times a year, and proved by the
statement that writes the report (`services.first_rows`)."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

MOST_KEPT = 100
"""Days. An officer types in letters of long ago."""


@dataclass(frozen=True, slots=True)
class FirstRules:
    verification_limit: int | None = None
    """Working days."""
    calendar_id: int | None = None


UNKNOWN = FirstRules()
"""Where a city has neither, these are the rules themselves; elsewhere they prove wrong."""

# The database's name belongs to the key: a process of tests meets several.
_kept: dict[tuple[str | None, int, dt.date], FirstRules] = {}


def remembered(session: Session, agency_id: int, day: dt.date) -> FirstRules:
    """As they were when this process looked last."""
    return _kept.get(_key(session, agency_id, day), UNKNOWN)


def remember(session: Session, agency_id: int, day: dt.date, rules: FirstRules) -> None:
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[_key(session, agency_id, day)] = rules


def _key(session: Session, agency_id: int, day: dt.date) -> tuple[str | None, int, dt.date]:
    return session.get_bind().engine.url.database, agency_id, day
