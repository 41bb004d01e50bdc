"""A small city on a Monday morning, and what a citizen does there."""

import datetime as dt
from collections.abc import Callable

import pytest
from browser import Browser
from small_city import NOW, SmallCity

from lapor_web import clock
from lapor_web.models import Area, AreaKind, Report
from lapor_web.services.keys import Keys

CODE = "AAAA-BBBB-CCCC-DDDD"


@pytest.fixture
def city(db) -> SmallCity:
    city = SmallCity(db.session())
    for code, name in (("64.72.01", "Palaran"), ("64.72.02", "Samarinda Ulu")):
        area = Area(agency_id=city.agency.id, code=code, name=name, kind=AreaKind.KECAMATAN)
        db.session.add(area)
    db.session.flush()
    return city


@pytest.fixture(autouse=True)
def at(monkeypatch) -> Callable[[dt.datetime], None]:
    """Sets the clock of the web; at first to the city's Monday morning."""

    def set_clock(now: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: now)

    set_clock(NOW)
    return set_clock


@pytest.fixture
def app_keys(app) -> Keys:
    return Keys.from_secret(app.config["SECRET_KEY"])


@pytest.fixture
def opens(browser, app_keys, db) -> Callable[[Report], Browser]:
    """Gives the browser of whoever sent the report: it has opened it with its code."""

    def open_it(report: Report) -> Browser:
        report.receipt_hash = app_keys.hash_of_receipt(CODE)
        answer = browser.post("/lacak", {"number": report.number, "code": CODE})
        assert answer.status_code == 303, answer.text
        return browser

    return open_it
