"""A table of a handout, whatever it is drawn as: each cell knows what it is, and so how it is written."""

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.dates import format_date

from lapor_web import numerals
from lapor_web.dates import LOCALE

UNKNOWN = "–"


class Kind(enum.Enum):
    TEXT = "text"
    WHOLE = "whole"
    TENTH = "tenth"
    PERCENT = "percent"
    """Of a hundred, as the recap has it: 53.26."""
    DAY = "day"


Value = str | int | Decimal | dt.date | None


@dataclass(frozen=True, slots=True)
class Cell:
    kind: Kind
    value: Value
    """None is unknown, and never 0."""

    @property
    def shown(self) -> str:
        """As people in Indonesia write it."""
        if self.value is None:
            return UNKNOWN
        match self.kind, self.value:
            case Kind.WHOLE, int(number):
                return numerals.whole(number)
            case Kind.TENTH, Decimal() as number:
                return numerals.tenth(number)
            case Kind.PERCENT, Decimal() as number:
                return numerals.percent(number)
            case Kind.DAY, dt.date() as day:
                return paper_day(day)
        return str(self.value)

    @property
    def is_number(self) -> bool:
        return self.kind in {Kind.WHOLE, Kind.TENTH, Kind.PERCENT}

    @property
    def is_day(self) -> bool:
        return self.kind is Kind.DAY and self.value is not None


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    """Of its sheet, and its heading on paper; at most 31 letters."""
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    has_total: bool = False
    """The last row sums the others up."""
    note: str = ""
    """What is not in it, and why."""


def text(value: str | None) -> Cell:
    return Cell(Kind.TEXT, value or "")


def whole(value: int | None) -> Cell:
    return Cell(Kind.WHOLE, value)


def tenth(value: Decimal | None) -> Cell:
    return Cell(Kind.TENTH, value)


def percent(value: Decimal | None) -> Cell:
    return Cell(Kind.PERCENT, value)


def day(value: dt.date | None) -> Cell:
    return Cell(Kind.DAY, value)


def paper_day(value: dt.date) -> str:
    """ "24 November 2026": paper is read in other years too."""
    return format_date(value, "d MMMM y", locale=LOCALE)
