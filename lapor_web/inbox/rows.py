"""Rows of the list, drawn once: of the fifty on a page nearly all look as they did a moment ago."""

import functools
from collections.abc import Collection, Iterable, Mapping

from flask import current_app
from markupsafe import Markup

from lapor_web.inbox.words import particulars
from lapor_web.services.inbox import Line

MOST_KEPT = 10_000
"""Rows of a kilobyte each, in every process."""


@functools.lru_cache(maxsize=MOST_KEPT)
def draw_row(
    line: Line,
    address: str,
    naming: frozenset[str],
    *,
    current: bool = False,
    checked: bool = False,
    oob: bool = False,
    pill: str = "",
) -> Markup:
    """All that a row shows is in what it is given, so what was drawn of the same stays true."""
    row = current_app.jinja_env.get_template("inbox/_row.html").module.row  # type: ignore[attr-defined]
    drawn = row(line, address, particulars(line, naming), current, checked, oob, pill)
    return Markup(drawn)  # noqa: S704  drawn by a template


def draw_rows(
    lines: Iterable[Line],
    base: str,
    query: str,
    naming: frozenset[str],
    *,
    current: str = "",
    picked: Collection[str] = (),
    all_picked: bool = False,
    pills: Mapping[str, str],
) -> Markup:
    """A page of them, in one piece: the number of each stands between `base` and `query`."""
    return Markup().join(
        draw_row(
            line,
            f"{base}{line.number}{query}",
            naming,
            current=line.number == current,
            checked=all_picked or line.number in picked,
            pill=pills.get(line.number, ""),
        )
        for line in lines
    )
