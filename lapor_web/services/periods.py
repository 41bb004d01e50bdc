"""A span of days (WITA, both ends included), and how it is made of whole years and months."""

import calendar
import datetime as dt
from dataclasses import dataclass, field

_A_DAY = dt.timedelta(days=1)

Days = tuple[dt.date, dt.date]
"""From a day up to and including another."""


@dataclass(frozen=True, slots=True)
class Period:
    """Raises ValueError where it ends before it starts."""

    start: dt.date
    end: dt.date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("a period ends on its first day at the earliest")

    @classmethod
    def of_year(cls, year: int) -> "Period":
        return cls(dt.date(year, 1, 1), dt.date(year, 12, 31))

    @classmethod
    def month_of(cls, day: dt.date) -> "Period":
        return cls(*_month(day.year, day.month))

    @classmethod
    def quarter_of(cls, day: dt.date) -> "Period":
        first = day.month - (day.month - 1) % 3
        return cls(dt.date(day.year, first, 1), _month(day.year, first + 2)[1])

    @property
    def year(self) -> int | None:
        """The year it is, if it is exactly one."""
        return self.start.year if self == Period.of_year(self.start.year) else None

    def months(self) -> list["Period"]:
        """The whole months that it touches."""
        first = self.start.year * 12 + self.start.month - 1
        last = self.end.year * 12 + self.end.month - 1
        return [Period(*_month(number // 12, number % 12 + 1)) for number in range(first, last + 1)]

    def a_year_earlier(self) -> "Period":
        return Period(_a_year_before(self.start), _a_year_before(self.end))


@dataclass(slots=True)
class Parts:
    """Whole years and months, and single days, each to be added or taken away.

    Every list is a pair: what to add, what to take away from the rest.
    """

    years: list[dt.date] = field(default_factory=list)
    months: tuple[list[dt.date], list[dt.date]] = field(default_factory=lambda: ([], []))
    days: tuple[list[Days], list[Days]] = field(default_factory=lambda: ([], []))


def parts_of(period: Period) -> Parts:
    """So that as little as can be is added up: what is mostly inside is taken whole, without the
    rest. At most half a month at each end is left to be counted day by day."""
    parts = Parts()
    for year in range(period.start.year, period.end.year + 1):
        whole = (dt.date(year, 1, 1), dt.date(year, 12, 31))
        inside = _common(whole, (period.start, period.end))
        outside = _rest(whole, inside)
        if _length(inside) > sum(map(_length, outside)):
            parts.years.append(whole[0])
            for days in outside:
                _add_months(parts, days, taken=True)
        else:
            _add_months(parts, inside, taken=False)
    return parts


def _add_months(parts: Parts, days: Days, *, taken: bool) -> None:
    """`days` of one year, to be added or taken away."""
    for month in range(days[0].month, days[1].month + 1):
        whole = _month(days[0].year, month)
        inside = _common(whole, days)
        outside = _rest(whole, inside)
        if _length(inside) > sum(map(_length, outside)):
            parts.months[taken].append(whole[0])
            parts.days[not taken].extend(outside)
        else:
            parts.days[taken].append(inside)


def _common(one: Days, other: Days) -> Days:
    return max(one[0], other[0]), min(one[1], other[1])


def _rest(whole: Days, inside: Days) -> list[Days]:
    before = (whole[0], inside[0] - _A_DAY)
    after = (inside[1] + _A_DAY, whole[1])
    return [days for days in (before, after) if days[0] <= days[1]]


def _length(days: Days) -> int:
    return (days[1] - days[0]).days + 1


def _month(year: int, month: int) -> Days:
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def _a_year_before(day: dt.date) -> dt.date:
    """29 February becomes 28 February."""
    return day.replace(
        year=day.year - 1, day=min(day.day, calendar.monthrange(day.year - 1, day.month)[1])
    )
