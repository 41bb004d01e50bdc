"""What a recap makes of a count: how large a part it is, or the mean that it stands behind.

Whoever opens a number reads what was divided by what, to the last digit of the recap.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from lapor_web.services.behind import (
    LATE,
    ON_TIME,
    PACE,
    PACE_SO_FAR,
    RETURNED,
    WAITING,
    WIDE,
    count_of,
)
from lapor_web.services.recap import Figures, Spread
from lapor_web.services.traits import Line
from lapor_web.services.usages import Usage, in_usage


@dataclass(frozen=True, slots=True)
class Said:
    """Of one opened number: its percentage, with what it is a percentage of where that opens too; or
    its mean."""

    part: int = 0
    """As the recap has it: an office that had a report twice counts it twice in its own pace."""
    percent: Decimal | None = None
    wholes: tuple[tuple[str, int], ...] = ()
    """Numbers with their counts; together they are what was divided by, also for a mean."""
    mean: Spread | None = None

    @property
    def whole(self) -> int:
        return sum(count for _, count in self.wholes)


_PERCENT: dict[str, Callable[[Figures], Decimal | None]] = {
    "selesai": lambda one: one.finished_percent,
    "ditindaklanjuti": lambda one: one.acted_on_percent,
    ON_TIME: lambda one: one.on_time_percent,
    RETURNED: lambda one: one.quality.returned_percent,
    "dibuka-kembali": lambda one: one.quality.reopened_percent,
    "dikonfirmasi": lambda one: one.quality.confirmed_percent,
    "otomatis": lambda one: one.quality.automatic_percent,
    "oleh-admin": lambda one: one.quality.by_admin_percent,
    "dengan-bukti": lambda one: one.quality.evidence_percent,
}
_MEAN: dict[str, Callable[[Figures], Spread]] = {
    PACE: lambda one: one.pace,
    PACE_SO_FAR: lambda one: one.pace_including_open,
    "penyelesaian": lambda one: one.completion,
    "dinilai": lambda one: one.quality.rating,
}


def wholes_of(number: str, usage: Usage) -> tuple[str, ...]:
    """The numbers that add up to what a percentage or mean is of; none where the recap does not count
    it."""
    match number:
        case "selesai" | "ditindaklanjuti":
            return ("diterima" if usage is Usage.LETTER else WIDE,)
        case "dikonfirmasi" | "otomatis" | "oleh-admin":
            return ("selesai",)
        case _ if number == ON_TIME:
            return (ON_TIME, LATE)
        case _ if number == PACE_SO_FAR:
            return (PACE, WAITING)
    return ()


def said_of(figures: Figures, number: str, usage: Usage) -> Said | None:
    """`figures` are those of the letter; None where the recap says the count and no more."""
    wholes = tuple((name, count_of(figures, name)) for name in wholes_of(number, usage))
    if number in _MEAN:
        return Said(mean=_MEAN[number](figures), wholes=wholes)
    if number not in _PERCENT:
        return None
    percent = _PERCENT[number](in_usage(figures, usage))
    return Said(count_of(figures, number), percent, wholes)


def said_of_line(lines: Iterable[Line], value: str, number: str, usage: Usage) -> Said | None:
    """The same of one line of a breakdown, which has the one percentage."""
    if number != "selesai":
        return None
    each = (one for line in lines for one in (line, *line.under))
    tally = next((one.tally for one in each if one.value == value), None)
    if tally is None:
        return None
    (whole,) = wholes_of(number, usage)
    return Said(tally.finished, tally.finished_percent, ((whole, tally.received),))
