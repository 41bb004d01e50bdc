"""Deadlines by WITA calendar, with pauses out; figures of days are counted by hand."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_city import NOW, SmallCity

from lapor_web.models import Hold
from lapor_web.services.deadlines import Clock
from lapor_web.services.follow_up import FollowUp
from lapor_web.services.verification import Complete, PutOnHold
from lapor_web.services.working_days import WorkingDays, wita_date

UTC = dt.UTC


@pytest.fixture
def city(db):
    return SmallCity(db.session())


def test_the_day_of_receipt_is_day_zero(city):
    # Monday 9 November; the 18th is a day off.
    assert city.send().due_on == dt.date(2026, 11, 12)
    assert city.sent_to("WORKS").due_on == dt.date(2026, 11, 16)


def test_a_day_off_moves_the_deadline(city):
    city.now = dt.datetime(2026, 11, 16, 1, 0, tzinfo=UTC)

    assert city.sent_to("WORKS").due_on == dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("instant", "day", "number"),
    [
        # 23.59.59 WITA on 31 December is still the old year, though UTC is far from midnight.
        (dt.datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), dt.date(2026, 12, 31), "KTA-26"),
        (dt.datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), dt.date(2027, 1, 1), "KTA-27"),
    ],
)
def test_s78_midnight_is_midnight_in_samarinda(city, instant, day, number):
    city.now = instant
    report = city.send()

    assert (report.received_on, report.number[:6]) == (day, number)


def test_a_clock_that_jumps_back_gives_no_negative_pace(city):
    report = city.sent_to("WORKS")
    city.wait(days=-5)
    city.do("works", report, FollowUp("Kami periksa."))

    assert report.pace_days == 0


def test_a_pause_over_a_weekend_moves_the_deadline_by_working_days_only(city):
    city.now = dt.datetime(2026, 11, 13, 1, 0, tzinfo=UTC)  # a Friday
    report = city.sent_to("WORKS")
    before = report.due_on
    city.do("coordinator", report, PutOnHold(reason="Di mana?"))
    city.wait(days=3)
    city.do("coordinator", report, Complete(text="Di sini."))

    assert (before, report.due_on) == (dt.date(2026, 11, 23), dt.date(2026, 11, 24))


days = st.integers(0, 60)


@given(start=days, length=st.integers(0, 40), pauses=st.lists(st.tuples(days, days), max_size=4))
def test_pace_and_deadline_agree(start, length, pauses):
    """What is done on the last day in time took exactly the limit, however often it was paused."""
    at = [NOW + dt.timedelta(days=number) for number in range(400)]
    holds, free_from = [], start
    for gap, lasts in pauses:
        begin = free_from + gap % 3
        holds.append(Hold(started_at=at[begin], ended_at=at[begin + lasts % 5]))
        free_from = begin + lasts % 5
    clock = Clock(WorkingDays([dt.date(2026, 11, 18)]), holds)

    due = clock.due(at[start], length + 30)
    done = next(instant for instant in at if wita_date(instant) == due)

    assert clock.elapsed(at[start], done) == length + 30
    assert clock.days.between(clock.shifted(at[start]), due) == length + 30
