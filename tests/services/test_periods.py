import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapor_web.services.periods import Period, parts_of

A_DAY = dt.timedelta(days=1)
days = st.dates(dt.date(2019, 12, 1), dt.date(2025, 2, 1))


def each(first: dt.date, last: dt.date) -> set[dt.date]:
    return {first + A_DAY * n for n in range((last - first).days + 1)}


def month(first: dt.date) -> set[dt.date]:
    return each(first, (first + A_DAY * 31).replace(day=1) - A_DAY)


@given(days, days)
def test_the_parts_are_the_period_and_no_day_twice(one, other):
    period = Period(min(one, other), max(one, other))
    parts = parts_of(period)

    counted = Counter()
    for sign, months, spans in zip((1, -1), parts.months, parts.days, strict=True):
        for first in months:
            counted.update(dict.fromkeys(month(first), sign))
        for span in spans:
            counted.update(dict.fromkeys(each(*span), sign))
    for year in parts.years:
        counted.update(each(year, year.replace(month=12, day=31)))

    assert {day: n for day, n in counted.items() if n} == dict.fromkeys(
        each(period.start, period.end), 1
    )
    assert sum(len(each(*span)) for spans in parts.days for span in spans) <= 2 * 16
    assert sum(map(len, parts.months)) <= 2 * 6


def test_a_whole_year_is_one_part():
    parts = parts_of(Period.of_year(2024))

    assert (parts.years, parts.months, parts.days) == ([dt.date(2024, 1, 1)], ([], []), ([], []))


def test_the_same_period_a_year_earlier():
    assert Period.of_year(2024).a_year_earlier() == Period.of_year(2023)
    leap = Period(dt.date(2024, 2, 1), dt.date(2024, 2, 29)).a_year_earlier()
    assert leap == Period(dt.date(2023, 2, 1), dt.date(2023, 2, 28))


def test_a_period_does_not_end_before_it_starts():
    with pytest.raises(ValueError, match="first day"):
        Period(dt.date(2024, 2, 1), dt.date(2024, 1, 31))
