"""Every number opens to exactly the reports that it counts."""

import datetime as dt

import pytest
from counted_city import DAY, CountedCity
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_reports import FIRST, LAST, Happening, events
from sqlalchemy import func, select

from lapor_web.models import Report, Status
from lapor_web.services.behind import BY_REPORT, NO_OFFICE, NUMBERS, behind, count_of
from lapor_web.services.periods import Period
from lapor_web.services.recap import recap

NOW = dt.datetime(2022, 3, 10, 3, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
days = st.dates(FIRST, LAST)


def count(city: CountedCity, number: str, period: Period, office: str | None = None) -> int:
    condition = behind(number, period, today=TODAY, agency_id=city.agency.id, office=office)
    return city.session.scalar(select(func.count()).select_from(Report).where(condition)) or 0


@given(events, days, days)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
def test_the_list_is_as_long_as_the_number(db, happened, one, other):
    undo = db.session.begin_nested()
    city = CountedCity(db.session())
    happening = Happening(city)
    for event in happened:
        happening.happen(*event)
    period = Period(min(one, other), max(one, other))

    found = recap(city.session, city.agency, period, now=NOW)

    for number in NUMBERS:
        assert count(city, number, period) == count_of(found.figures, number), number
    for line in found.per_opd:
        for number in BY_REPORT:
            held = count(city, number, period, line.code or NO_OFFICE)
            assert held == count_of(line.figures, number), (number, line.code)
    figures = found.figures
    assert figures.received == figures.finished + figures.in_process + figures.not_acted_on
    outside = sum(figures.outside.to_json().values())
    assert figures.entered == figures.received + outside
    assert figures.entered == sum(line.figures.entered for line in found.per_opd)
    undo.rollback()
    db.session.expunge_all()


@pytest.fixture
def city(db) -> CountedCity:
    return CountedCity(db.session())


def test_an_office_opens_to_its_own_intervals_and_those_counted_as_its(city):
    period = Period(DAY, DAY)
    slow = city.report(Status.IN_PROCESS, holder_opd_id=city.works.id)
    city.disposition(slow, city.clinic.id, pace_days=9, in_time=False, end_reason="returned")
    city.disposition(slow, city.works.id, pace_days=1, in_time=True)
    waits = city.report(Status.FORWARDED, holder_opd_id=city.health.id)
    city.disposition(waits, city.health.id, waiting=True, waiting_from=DAY, follow_up_due_on=DAY)
    undone = city.report(Status.FORWARDED, holder_opd_id=city.works.id)
    city.disposition(undone, city.health.id, pace_days=3, in_time=True, end_reason="undone")

    found = recap(city.session, city.agency, period, now=NOW)

    lines = {line.code: line.figures for line in found.per_opd}
    numbers = ("laju", "menunggu", "tepat-waktu", "terlambat", "salah-disposisi")
    counted = {
        code: [count_of(lines[code], number) for number in numbers] for code in ("WORKS", "HEALTH")
    }
    assert counted == {"WORKS": [1, 0, 1, 0, 0], "HEALTH": [1, 1, 0, 2, 1]}
    for code, expected in counted.items():
        assert [count(city, number, period, code) for number in numbers] == expected


def test_an_unknown_number_is_none(city):
    with pytest.raises(KeyError):
        behind("rahasia", Period(DAY, DAY), today=TODAY, agency_id=city.agency.id)
