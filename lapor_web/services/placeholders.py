"""What a canned answer leaves open, "[tanggal]": nobody is sent it before somebody filled it in."""

import re

from lapor_web.models import Action

OPEN = re.compile(r"\[[^\W\d_][^\[\]\n]{1,59}\]")
"""Words in square brackets; "[1]" is none."""

READ_OUTSIDE = frozenset(
    {
        *(Action.FOLLOW_UP, Action.PROPOSE, Action.HOLD, Action.COMPLETE, Action.REASSIGN),
        *(Action.OUTSIDE_AUTHORITY, Action.ARCHIVE, Action.UNARCHIVE, Action.UNMERGE),
        Action.REOPEN,
    }
)
"""Deeds whose `text` or `reason` the reporter reads, now or once it is approved."""


def left_open(deed: object, action: Action) -> str | None:
    """The field of the deed that has one."""
    if action not in READ_OUTSIDE:
        return None
    fields = ("text", "reason")
    return next((name for name in fields if OPEN.search(getattr(deed, name, "") or "")), None)
