import datetime as dt

import pytest
from flask import session
from small_city import NOW, SmallCity

from lapor_web import clock, reporter_session


@pytest.fixture
def city(db) -> SmallCity:
    return SmallCity(db.session())


@pytest.fixture
def at(monkeypatch):
    return lambda **later: monkeypatch.setattr(clock, "now", lambda: NOW + dt.timedelta(**later))


@pytest.fixture(autouse=True)
def _in_a_browser(app, db, at):
    at()
    with app.test_request_context():
        yield


def test_a_browser_holds_what_it_opened_and_nothing_else(city):
    mine, others = city.send(), city.send()
    reporter_session.remember(mine.id, mine.receipt_hash)

    assert reporter_session.holds(mine)
    assert not reporter_session.holds(others)
    assert reporter_session.held_report_ids() == [mine.id]


def test_all_can_be_forgotten(city):
    reports = [city.send(), city.send()]
    for report in reports:
        reporter_session.remember(report.id, report.receipt_hash)
    reporter_session.forget_all()

    assert not any(reporter_session.holds(report) for report in reports)


def test_half_a_day_without_use_ends_it_and_use_prolongs_it(city, at):
    used, unused = city.send(), city.send()
    reporter_session.remember(used.id, used.receipt_hash)
    reporter_session.remember(unused.id, unused.receipt_hash)
    at(hours=11)
    assert reporter_session.holds(used)
    at(hours=13)

    assert reporter_session.holds(used)
    assert not reporter_session.holds(unused)


def test_a_report_with_another_code_or_none_is_held_no_more(city):
    changed, erased = city.send(), city.send()
    reporter_session.remember(changed.id, changed.receipt_hash)
    reporter_session.remember(erased.id, erased.receipt_hash)
    changed.receipt_hash, erased.receipt_hash = b"another" * 4, None
    city.session.flush()

    assert reporter_session.held_report_ids() == []


def test_a_report_without_a_code_is_not_held(city):
    report = city.send()
    report.receipt_hash = None
    reporter_session.remember(report.id, report.receipt_hash)

    assert not reporter_session.holds(report)


def test_the_newest_few_are_kept_and_the_cookie_tells_no_code(city, at):
    reports = [city.send() for _ in range(reporter_session.KEPT + 2)]
    for minute, report in enumerate(reports):
        at(minutes=minute)
        reporter_session.remember(report.id, report.receipt_hash)

    assert sorted(reporter_session.held_report_ids()) == [one.id for one in reports[2:]]
    assert all(len(tag) == 16 for tag, _ in session["reports"].values())
