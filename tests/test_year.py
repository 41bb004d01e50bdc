"""A month over the turn of the year, with two workers of which some die; the whole year is
`python -m tests.year`."""

import datetime as dt

import flask_migrate
import pytest
from year.days import Days
from year.driver import SECRET, Year
from year.expected import acts_of
from year.lives import Life
from year.outcomes import in_short

from lapor_web import create_app
from lapor_web.extensions import db


def d(month, day, year=2025):
    return dt.date(year, month, day)


@pytest.fixture
def place(app, empty_database):
    url = empty_database("of_the_year")
    place = create_app(app.config | {"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": SECRET})
    with place.app_context():
        flask_migrate.upgrade()
        yield place
        db.engine.dispose()


def test_a_month_in_which_workers_die(place, tmp_path):
    environ = {
        "DATABASE_URL": place.config["SQLALCHEMY_DATABASE_URI"],
        "SECRET_KEY": SECRET,
        "LAPOR_STORAGE": str(tmp_path / "storage"),
    }
    outcomes = Year(
        db.engine,
        tmp_path,
        environ,
        reports=60,
        first=d(12, 15),
        last=d(1, 12, 2026),
        receives_for=12,
        workers=2,
        kills=0.05,
    ).run()

    assert outcomes.is_right, in_short(outcomes)
    assert outcomes.killed
    assert outcomes.letters > outcomes.acts.total()
    assert {"soon", "today", "supervisor", "finish", "expire"} <= set(outcomes.acts)


# ---- the calculation that everything is held against, once more by hand ----


NEW_YEARS_EVE = d(12, 31)


def acts(*deeds, last=NEW_YEARS_EVE, kind="", off=()):
    return acts_of(Life(0, kind, "WORKS", deeds), Days(set(off)), last)


def test_a_forgotten_report_by_hand():
    """Received on Monday 3 March and verified on Tuesday: first answer by the 11th; the sixtieth
    day after the 3rd is 2 May. The consent of 10 May is told the same day."""
    assert acts((d(3, 3), "submit"), (d(3, 4), "verify"), (d(5, 10), "consent")) == [
        ("soon", d(3, 4)),  # of the verification, due on the 6th, before it was verified at ten
        ("soon", d(3, 7)),
        ("today", d(3, 11)),
        ("supervisor", d(3, 12)),
        ("leaders", d(3, 18)),
        ("ombudsman_ready", d(5, 2)),
        ("ombudsman", d(5, 10)),
    ]


def test_silence_over_days_off_by_hand():
    """Answered on Friday 19 December; the 25th and 26th and New Year are off: ten days of work
    later is Wednesday 7 January, and the night after it the clock acts."""
    deeds = ((d(12, 19), "submit"), (d(12, 19), "verify"), (d(12, 19), "propose"))
    off = (d(12, 25), d(12, 26), d(1, 1, 2026))

    assert acts(*deeds, off=off, last=d(1, 31, 2026)) == [("finish", d(1, 8, 2026))]
