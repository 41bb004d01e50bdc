"""The one statement that writes a report: its number, the rules it proves, and what a driver remembers."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import _queries as driver
from sqlalchemy import event, func, select, text

from lapor_web.models import Agency, CalendarVersion, Limit, Report, ReporterIdentity, ReportPoint
from lapor_web.services.identity import Identity, open_sealed
from lapor_web.services.keys import Keys
from lapor_web.services.numbers import format_number
from lapor_web.services.places import Point
from lapor_web.services.seed import seed
from lapor_web.services.submission import Receipt, Submission, submit

KEYS = Keys.from_secret("a secret for tests only, long enough")
NOW = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)  # a Tuesday
BUDI = Identity("Budi", "081234567890", "budi@contoh.id")


@pytest.fixture
def agency(db) -> Agency:
    return seed(db.session(), "samarinda")


def send(db, agency, key: str, **more) -> Receipt:
    hole = Submission(key=key, story="Jalan berlubang.", place="Jalan Mawar", **more)
    return submit(db.session(), agency, hole, keys=KEYS, now=NOW)


def report_of(db, receipt: Receipt) -> Report:
    return db.session.get_one(Report, receipt.report_id)


def test_the_database_makes_a_number_as_we_do(db):
    @given(year=st.integers(2000, 2099), sequence=st.integers(1, 10**9))
    def alike(year, sequence):
        made = db.session.scalar(select(func.report_number("SMR", year, sequence)))
        assert made == format_number("SMR", year, sequence)

    alike()


def test_rules_that_changed_since_this_process_looked_hold_at_once(db, agency):
    first = report_of(db, send(db, agency, "form-1"))
    limit = Limit(
        agency_id=agency.id, step="verification", days=1, valid_from=dt.date(2026, 11, 24)
    )
    calendar = CalendarVersion(agency_id=agency.id)
    db.session.add_all([limit, calendar])
    db.session.flush()
    second = report_of(db, send(db, agency, "form-2"))

    assert (first.verification_limit, first.due_on) == (3, dt.date(2026, 11, 27))
    assert (second.verification_limit, second.due_on) == (1, dt.date(2026, 11, 25))
    assert second.calendar_id == calendar.id
    assert int(second.number[6:10]) == int(first.number[6:10]) + 1, (
        "a try that fails takes no number"
    )


def test_a_city_without_limits_and_calendar_takes_reports_too(db, agency):
    db.session.execute(text('TRUNCATE calendar_version, "limit" CASCADE'))
    report = report_of(db, send(db, agency, "form-1"))

    assert (report.verification_limit, report.calendar_id, report.due_on) == (None, None, None)


def test_who_it_was_and_where_are_written_with_it(db, agency):
    named = send(db, agency, "form-1", identity=BUDI, point=Point(-0.5, 117.15, 12), outside=True)
    bare = send(db, agency, "form-2")
    sealed = db.session.scalars(select(ReporterIdentity)).one()
    point = db.session.scalars(select(ReportPoint)).one()

    assert sealed.report_id == point.report_id == named.report_id
    assert open_sealed(sealed, keys=KEYS) == BUDI
    assert (point.latitude, point.longitude, point.accuracy, point.outside) == (
        -0.5,
        117.15,
        12,
        True,
    )
    assert bare.report_id != named.report_id


def test_it_takes_one_journey_and_the_driver_remembers_it(db, agency):
    everything = {
        "identity": BUDI,
        "point": Point(-0.5, 117.15, 12),
        "happened_on": dt.date(2026, 11, 20),
    }
    send(db, agency, "form-0")
    asked = []

    def note(_connection, _cursor, statement, values, *_):
        asked.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    send(db, agency, "form-1")
    journeys = len(asked)
    send(db, agency, "form-2", **everything)
    event.remove(db.engine, "before_cursor_execute", note)

    assert journeys == 1
    for statement, values in asked:
        assert len(statement) <= driver.MAX_CACHED_STATEMENT_LENGTH
        assert len(values or ()) <= driver.MAX_CACHED_STATEMENT_PARAMS
