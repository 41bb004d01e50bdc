"""Which reports this browser may open as their reporter: a short list in its signed session.

A tag of the receipt's hash stands beside each, so the list is worthless once a report has another
code or none. Half a day after its last use an entry is gone: phones are shared.
"""

import datetime as dt
from typing import cast

from flask import session
from sqlalchemy import or_, select

from lapor_web import clock
from lapor_web.extensions import db
from lapor_web.models import Report

IDLE = dt.timedelta(hours=12)
KEPT = 5
TAG_BYTES = 8

_HELD = "reports"
Held = dict[str, tuple[str, int]]
"""By report id: the tag, and when it was last used (seconds since the epoch)."""


def remember(report_id: int, receipt_hash: bytes | None) -> None:
    """After number and code, a link from a message, or sending it."""
    if receipt_hash is None:
        return
    others = {name: kept for name, kept in _held().items() if name != str(report_id)}
    newest = sorted(others.items(), key=lambda item: item[1][1])[-(KEPT - 1) :]
    session[_HELD] = dict(newest) | {str(report_id): (_tag(receipt_hash), _seconds())}


def held_report_ids() -> list[int]:
    """Only of reports whose code is still the one this browser knew."""
    held = _held()
    if not held:
        return []
    ids = [int(name) for name in held]
    first = select(Report.split_from_id).where(Report.id.in_(ids)).scalar_subquery()
    rows = db.session.execute(
        select(Report.id, Report.split_from_id, Report.receipt_hash).where(
            or_(Report.id.in_(ids), Report.split_from_id.in_(ids), Report.id.in_(first))
        )
    ).all()
    known = {row.id for row in rows if held.get(str(row.id), ("",))[0] == _tag(row.receipt_hash)}
    # What was split has one code; an id of somebody else's is not among these at all.
    known |= {row.split_from_id for row in rows if row.id in known and row.split_from_id}
    return [row.id for row in rows if row.id in known or row.split_from_id in known]


def holds(report: Report) -> bool:
    """Asking counts as a use."""
    held = _held()
    tag, _ = held.get(str(report.id), ("", 0))
    if not tag:
        return _holds_other_part(report, held)
    if tag != _tag(report.receipt_hash):
        return False
    _touch(report.id, held)
    return True


def _holds_other_part(report: Report, held: Held) -> bool:
    """Of a report that was split: whoever came with the code of one part may open the other."""
    if not held or report.receipt_hash is None:
        return False
    first = report.split_from_id or report.id
    parts = db.session.scalars(
        select(Report.id).where(or_(Report.id == first, Report.split_from_id == first))
    )
    return any(held.get(str(one), ("",))[0] == _tag(report.receipt_hash) for one in parts)


def forget_all() -> None:
    session.pop(_HELD, None)


def _held() -> Held:
    oldest = _seconds() - IDLE.total_seconds()
    held = cast(Held, session.get(_HELD, {}))
    return {name: kept for name, kept in held.items() if kept[1] > oldest}


def _touch(report_id: int, held: Held) -> None:
    """At most once a minute, or every picture of a page would send the cookie anew."""
    tag, used = held[str(report_id)]
    if _seconds() - used >= 60:
        session[_HELD] = held | {str(report_id): (tag, _seconds())}


def _seconds() -> int:
    return int(clock.now().timestamp())


def _tag(receipt_hash: bytes | None) -> str:
    return (receipt_hash or b"")[:TAG_BYTES].hex()
