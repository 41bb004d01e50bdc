"""Offices that became part of another after a recap's period began: what its footnote is about.

Without it two recaps of the same days, printed before and after a merge, would differ, and nobody
could tell why.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from lapor_web.models import ConfigurationChange, Opd, Subject
from lapor_web.services.periods import Period
from lapor_web.services.working_days import wita_date


@dataclass(frozen=True, slots=True)
class MergedLine:
    code: str
    short_name: str
    into: str
    """The short name of the office that took over."""
    since: dt.date | None
    """Unknown where nobody merged it on screen."""
    own_line: bool
    """What it had before stands in a line of its own, else in the successor's."""

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "into": self.into,
            "since": self.since.isoformat() if self.since else None,
            "own_line": self.own_line,
        }


_old, _new = Opd.__table__.alias("old"), aliased(Opd)
_merged_at = (
    select(func.max(ConfigurationChange.at))
    .where(
        ConfigurationChange.agency_id == _old.c.agency_id,
        ConfigurationChange.subject == Subject.OPD,
        ConfigurationChange.key == _old.c.code,
        ConfigurationChange.after.has_key("merged_into"),
    )
    .scalar_subquery()
)
_MERGED = (
    select(
        _old.c.code,
        _old.c.short_name,
        _new.short_name.label("into"),
        _merged_at.label("at"),
        _old.c.reports_as_id.is_(None).label("own_line"),
    )
    .join(_new, _new.id == _old.c.merged_into_id)
    .where(_old.c.agency_id == bindparam("agency_id"))
    .order_by(_old.c.id)
)


def merged_lines(session: Session, agency_id: int, period: Period) -> list[MergedLine]:
    """Those whose merge may show in the figures of the period."""
    lines = []
    for row in session.execute(_MERGED, {"agency_id": agency_id}):
        since = row.at and wita_date(row.at)
        if since is None or since >= period.start:
            lines.append(MergedLine(row.code, row.short_name, row.into, since, row.own_line))
    return lines
