"""Working days counted on one's fingers: the independent side of the year."""

import csv
import datetime as dt
from pathlib import Path

ONE = dt.timedelta(days=1)


class Days:
    def __init__(self, off: set[dt.date]):
        self.off = off

    @classmethod
    def of_the_city(cls) -> "Days":
        seed = Path(__file__).parents[2] / "lapor_web/seed/samarinda/holidays.csv"
        with seed.open(encoding="utf-8", newline="") as file:
            return cls({dt.date.fromisoformat(row["date"]) for row in csv.DictReader(file)})

    def is_worked(self, day: dt.date) -> bool:
        return day.weekday() < 5 and day not in self.off

    def after(self, day: dt.date, number: int) -> dt.date:
        """The `number`th day of work after `day`."""
        while number:
            day += ONE
            if self.is_worked(day):
                number -= 1
        return day

    def before(self, day: dt.date, number: int) -> dt.date:
        """Back by so many days of work, from a day of work."""
        while number:
            day -= ONE
            if self.is_worked(day):
                number -= 1
        return day

    def between(self, first: dt.date, last: dt.date) -> int:
        """How many are worked in (first, last]."""
        count = 0
        while first < last:
            first += ONE
            count += self.is_worked(first)
        return count
