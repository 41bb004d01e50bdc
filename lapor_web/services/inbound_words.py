"""What people mean by the few words that we understand; everything else is text for an officer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lapor_web.services.numbers import candidates, check_digit
from lapor_web.text import clean, clean_line

SHORTEST_STORY = 15
LONGEST_STORY = 20_000
"""Letters. Nobody types as much; what is longer was pasted."""
LONGEST_PLACE = 500

_VERDICTS = {"1": True, "beres": True, "sudah beres": True, "2": False, "belum": False}
_VERDICTS |= {"belum beres": False}
_NEW_REPORT = re.compile(r"lapor\b[\s:,.]*", re.IGNORECASE)
_PLACE = re.compile(r"^[ \t]*(?:tempat|lokasi|alamat)[ \t]*[:=][ \t]*(\S.*)$", re.I | re.M)
_BOX = re.compile(r"^[ \t]*#?(anonim|rahasia)[ \t]*[.!]?[ \t]*$", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Boxes:
    """The two boxes of the form, for those who have none."""

    anonymous: bool = False
    confidential: bool = False


def verdict_of(text: str) -> bool | None:
    """Whether it is done, where that is all that the message says."""
    return _VERDICTS.get(clean_line(text).lower().strip(" .!"))


def after_new_report(text: str) -> str | None:
    """What follows the word LAPOR at the beginning; None where it does not begin so."""
    found = _NEW_REPORT.match(text)
    return text[found.end() :] if found else None


def cancels(text: str) -> bool:
    return clean_line(text).lower().strip(" .!") == "batal"


def boxes_in(text: str) -> tuple[Boxes, str]:
    """The words ANONIM and RAHASIA on lines of their own, and the text without them."""
    words = {found.lower() for found in _BOX.findall(text)}
    return Boxes("anonim" in words, "rahasia" in words), clean(_BOX.sub("", text))


def place_in(text: str) -> str:
    """`Tempat: Jalan Mawar`, on a line of its own."""
    found = _PLACE.search(text)
    return clean_line(found.group(1))[:LONGEST_PLACE] if found else ""


def number_in(prefixes: Sequence[str], text: str) -> tuple[str, str]:
    """A report's number written in full, and the text without it; "" where there is none."""
    any_of = "|".join(map(re.escape, prefixes))
    whole = re.compile(rf"\b(?:{any_of})[\s-]?([0-9]{{6,18}})[\s-]?([0-9])\b", re.I)
    for found in whole.finditer(text):
        if check_digit("".join(found.groups())) == 0:
            rest = text[: found.start()] + text[found.end() :]
            return candidates(prefixes, found.group())[0], clean(rest)
    return "", text


def readings(prefixes: Sequence[str], text: str) -> list[str]:
    """The numbers that somebody may mean who was asked for one and writes nothing else."""
    return candidates(prefixes, clean_line(text))
