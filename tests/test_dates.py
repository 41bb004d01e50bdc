import datetime as dt

import pytest

from lapor_web import clock
from lapor_web.dates import clock_time, day, full_moment, moment


@pytest.fixture(autouse=True)
def today(monkeypatch):
    now = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: now)


def test_the_year_is_said_only_where_it_is_another():
    assert day(dt.date(2026, 11, 27)) == "Jumat, 27 November"
    assert day(dt.date(2027, 1, 4)) == "Senin, 4 Januari 2027"


def test_an_instant_is_its_day_and_time_in_samarinda():
    late = dt.datetime(2026, 12, 31, 16, 5, tzinfo=dt.UTC)

    assert (day(late), clock_time(late)) == ("Jumat, 1 Januari 2027", "00.05")
    assert full_moment(late) == "Jumat, 1 Januari 2027, 00.05"
    assert moment(dt.datetime(2026, 11, 24, 1, 41, tzinfo=dt.UTC)) == "Selasa, 24 November, 09.41"
