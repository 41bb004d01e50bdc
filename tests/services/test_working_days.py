"""Facts of the Indonesian calendar, and laws that hold for any."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapor_web.services.seed_files import read_holidays
from lapor_web.services.working_days import WorkingDays, wita_date


@pytest.fixture(scope="module")
def samarinda() -> WorkingDays:
    return WorkingDays(holiday.date for holiday in read_holidays("samarinda"))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2022-04-28", "2022-05-09", 1),  # Idul Fitri 1443, with its cuti bersama
        ("2023-04-18", "2023-04-26", 1),
        ("2024-02-13", "2024-02-15", 1),  # general election
        ("2024-11-26", "2024-11-28", 1),  # local election
        ("2025-08-15", "2025-08-19", 1),  # cuti bersama of 18 August, decreed eleven days before
        ("2025-03-27", "2025-04-08", 1),
        ("2026-12-23", "2026-12-28", 1),
        ("2024-01-02", "2024-12-31", 237),
        ("2024-01-05", "2024-01-08", 1),  # Friday to Monday
        ("2024-01-06", "2024-01-07", 0),  # a weekend
    ],
)
def test_s78_known_spans(samarinda, start, end, days):
    assert samarinda.between(dt.date.fromisoformat(start), dt.date.fromisoformat(end)) == days


days = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))
calendars = st.builds(WorkingDays, st.sets(days, max_size=40))


@given(calendars, days, days)
def test_between_is_the_count_of_days(calendar, one, other):
    start, end = sorted((one, other))
    span = (start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1))

    assert calendar.between(start, end) == sum(map(calendar.is_working_day, span))
    assert calendar.between(end, start) == -calendar.between(start, end)


@given(calendars, days, st.integers(1, 60))
def test_add_lands_on_the_working_day_that_completes_the_count(calendar, start, count):
    end = calendar.add(start, count)

    assert calendar.is_working_day(end)
    assert calendar.between(start, end) == count


def test_a_day_ends_at_midnight_in_samarinda_not_in_greenwich():
    last_second = dt.datetime(2026, 12, 31, 15, 59, 59, tzinfo=dt.UTC)

    assert wita_date(last_second) == dt.date(2026, 12, 31)
    assert wita_date(last_second + dt.timedelta(seconds=1)) == dt.date(2027, 1, 1)
