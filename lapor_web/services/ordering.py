"""Offices in the order of a measure, and which of them are too small to stand in one.

Only by how well and how fast, never by how many: many complaints do not make a bad office, and
below `FEWEST` reports one of them moves a percentage by more than twenty points (domain.md).
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from lapor_web.services.recap import Figures, OfficeFigures, Recap

FEWEST = 5


class Order(enum.StrEnum):
    """The value is its word in the address."""

    OFFICE = "kantor"
    FINISHED = "penyelesaian"
    PACE = "laju"
    ON_TIME = "tepat-waktu"


@dataclass(frozen=True, slots=True)
class Ordered:
    order: Order
    offices: list[OfficeFigures]
    """Best first; in the order of the offices where no measure was asked for."""
    unranked: list[OfficeFigures]
    """Fewer than FEWEST reports, nothing known, or no office at all; never compared."""


_MEASURE: dict[Order, Callable[[Figures], Decimal | None]] = {
    Order.FINISHED: lambda one: None if one.finished_percent is None else -one.finished_percent,
    Order.PACE: lambda one: one.pace_including_open.mean,
    Order.ON_TIME: lambda one: None if one.on_time_percent is None else -one.on_time_percent,
}
"""The smaller the better. The pace is the one with those still waiting: else whoever answers
nothing but the easy ones would come first."""


def ordered(recap: Recap, order: Order) -> Ordered:
    if order is Order.OFFICE:
        return Ordered(order, recap.per_opd, [])
    measure = _MEASURE[order]
    ranked: list[tuple[Decimal, OfficeFigures]] = []
    unranked: list[OfficeFigures] = []
    for office in recap.per_opd:
        value = measure(office.figures)
        if office.code is None or office.figures.received < FEWEST or value is None:
            unranked.append(office)
        else:
            ranked.append((value, office))
    ranked.sort(key=lambda one: one[0])  # stable: equals stay in the order of the offices
    return Ordered(order, [office for _, office in ranked], unranked)
