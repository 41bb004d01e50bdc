"""The public number of a report: `SMR-260482-9` = prefix, year, sequence, check digit; and SP4N's."""

import re
from collections.abc import Sequence

APART = r"[\s‐-―-]"
"""What people write between the digits of a number."""

# Damm's quasigroup of order 10: finds every wrong digit and every swap of neighbours.
# H. M. Damm, "Total anti-symmetrische Quasigruppen", Marburg 2004.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def check_digit(digits: str) -> int:
    """Damm check digit of ASCII digits; of a number with its check digit it is 0."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


def format_number(prefix: str, year: int, sequence: int) -> str:
    """`year` is that of the entry in WITA; `sequence` has at least four digits and may grow."""
    body = f"{year % 100:02d}{sequence:04d}"
    return f"{prefix}-{body}-{check_digit(body)}"


def candidates(prefixes: str | Sequence[str], typed: str) -> list[str]:
    """The numbers that somebody may mean by `typed`, likeliest first; empty if it is none.

    Takes `SMR-260482-9`, `260482`, `2604829`, with or without spaces and hyphens, and
    tries both readings: with its check digit, and without it. Of several prefixes the first is the
    one of today; numbers that bear an older one stay what they are.
    """
    known = [prefixes] if isinstance(prefixes, str) else prefixes
    return [number for prefix in known for number in _of_prefix(prefix, typed)]


def _of_prefix(prefix: str, typed: str) -> list[str]:
    bare = re.sub(APART, "", typed.strip().upper()).removeprefix(prefix.upper())
    if not re.fullmatch(r"[0-9]{6,18}", bare):
        return []
    found = []
    if len(bare) > 6 and check_digit(bare) == 0:
        found.append(f"{prefix}-{bare[:-1]}-{bare[-1]}")
    found.append(f"{prefix}-{bare}-{check_digit(bare)}")
    return found


def bare_tracking_id(typed: str) -> str:
    """SP4N's own number of a report without what it is read or copied with: `#916 5816`. Parts of
    more than four digits are numbers of their own, and stay apart."""
    bare = typed.strip().lstrip("# ")
    parts = re.split(f"{APART}+", bare)
    return "".join(parts) if all(re.fullmatch("[0-9]{1,4}", part) for part in parts) else bare
