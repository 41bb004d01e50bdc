"""Hari kerja: Monday to Friday, minus national holidays and cuti bersama, in WITA."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from zoneinfo import ZoneInfo

WITA = ZoneInfo("Asia/Makassar")
_SATURDAY = 5


def wita_date(instant: dt.datetime) -> dt.date:
    """The day on which an instant (aware) falls in Samarinda."""
    return instant.astimezone(WITA).date()


class WorkingDays:
    """Counts with one version of the calendar.

    The day of the event is day 0: days after it count, up to and including the other date.
    """

    def __init__(self, holidays: Iterable[dt.date]):
        self.holidays = frozenset(day for day in holidays if day.weekday() < _SATURDAY)
        self._sorted = sorted(self.holidays)

    def is_working_day(self, day: dt.date) -> bool:
        return day.weekday() < _SATURDAY and day not in self.holidays

    def between(self, start: dt.date, end: dt.date) -> int:
        """Working days after `start` up to and including `end`; negative if `end` is earlier."""
        return self._until(end) - self._until(start)

    def add(self, start: dt.date, days: int) -> dt.date:
        """The working day that is `days` (>= 0) working days after `start`."""
        day = start
        while days > 0:
            day += dt.timedelta(days=1)
            days -= self.is_working_day(day)
        return day

    def back(self, end: dt.date, days: int) -> dt.date:
        """The latest working day from which it is `days` (>= 0) working days to `end`."""
        day = end
        while self.between(day, end) < days or not self.is_working_day(day):
            day -= dt.timedelta(days=1)
        return day

    def _until(self, day: dt.date) -> int:
        """Working days from 0001-01-01 (a Monday) up to and including `day`."""
        weeks, rest = divmod(day.toordinal(), 7)
        return weeks * 5 + min(rest, 5) - bisect_right(self._sorted, day)
