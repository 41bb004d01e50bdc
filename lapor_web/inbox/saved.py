"""Saved views as they stand beside the list, each with how many reports it has now."""

import time
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import current_app, request, url_for

from lapor_web.extensions import db
from lapor_web.inbox.address import read_place
from lapor_web.services.desk import Desk
from lapor_web.services.inbox import count_filtered
from lapor_web.services.saved_views import Saved

SECONDS_KEPT = 30.0
"""How old a count beside the list may be: no counter knows it, and it is read at every page."""
MOST_KEPT = 5000

_counts: dict[tuple[Desk, str], tuple[float, int]] = {}


@dataclass(frozen=True, slots=True)
class SavedLink:
    saved: Saved
    address: str
    count: int | None
    """None for a search, which is not made for its number alone."""
    current: bool


def saved_links(desk: Desk, saved: list[Saved]) -> list[SavedLink]:
    here = request.query_string.decode()
    return [
        SavedLink(
            one,
            f"{url_for('inbox.list_reports')}?{one.query}",
            count_of(desk, one.query),
            one.query == here,
        )
        for one in saved
    ]


def count_of(desk: Desk, query: str) -> int | None:
    now = time.monotonic()
    until, count = _counts.get((desk, query), (0.0, 0))
    if now < until and not current_app.testing:
        return count
    asked = read_place(desk, dict(parse_qsl(query))).asked
    if asked.search:
        return None
    count = count_filtered(db.session(), desk, asked)
    if len(_counts) >= MOST_KEPT:
        _counts.clear()
    _counts[desk, query] = now + SECONDS_KEPT, count
    return count
