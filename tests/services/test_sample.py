"""Sampled lives are told as the deeds would have told them."""

import datetime as dt

import pytest
from sqlalchemy import func, select, text

from lapor_web.inbox.told import what_happened as words_for_officers
from lapor_web.models import Report, Status
from lapor_web.public.words import what_happened as words_for_reporters
from lapor_web.services import deadlines, sample
from lapor_web.services.keys import Keys
from lapor_web.services.seed import seed

NOW = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
KEYS = Keys.from_secret("a secret for tests only, long enough")
COUNT = 600


@pytest.fixture
def reports(db):
    session = db.session()
    agency = seed(session, "samarinda")
    sample.fill(session, agency, COUNT, keys=KEYS, now=NOW)
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    return session.scalars(select(Report)).all()


def derived(report):
    names = ("due_on", "follow_up_due_on", "waiting_from", "pace_days", "completion_days")
    holders = [
        (one.waiting, one.waiting_from, one.follow_up_due_on, one.pace_days, one.in_time)
        for one in report.dispositions
    ]
    return [getattr(report, name) for name in names], holders


def test_it_makes_that_many_in_every_state_it_knows(reports):
    missing = {Status.MERGED}

    assert len(reports) == COUNT
    assert {report.status for report in reports} == set(Status) - missing


def test_who_came_first_stands_first(reports):
    by_id = sorted(reports, key=lambda report: report.id)

    assert [report.received_at for report in by_id] == sorted(one.received_at for one in by_id)
    assert len({report.received_on for report in by_id}) > 100


def test_what_is_derived_is_what_the_inputs_say(db, reports):
    for report in reports:
        kept = derived(report)
        deadlines.derive(db.session(), report)
        assert derived(report) == kept, report.status


def test_history_begins_with_the_report_and_goes_forward(reports):
    for report in reports:
        times = [entry.at for entry in report.history]
        assert times == sorted(times)
        assert times[0] == report.received_at
        assert times[-1] <= NOW


@pytest.mark.parametrize("told", [words_for_reporters, words_for_officers])
def test_all_that_happened_can_be_told(reports, told):
    assert all(told(entry) for report in reports for entry in report.history)


def test_the_receipt_code_of_a_sampled_report_is_known_to_a_load_test(reports):
    report = reports[0]
    code = KEYS.receipt_code(sample.form_key(report.number))

    assert KEYS.receipt_matches(code, report.receipt_hash)


def test_the_next_report_takes_the_next_number_and_the_tables_are_whole_again(db, reports):
    session = db.session()
    agency_id, years = reports[0].agency_id, {report.received_on.year for report in reports}

    for year in years:
        highest = max(int(one.number[6:-2]) for one in reports if one.received_on.year == year)
        assert session.scalar(select(func.next_report_sequence(agency_id, year))) == highest + 1
    assert session.scalar(
        text(
            "SELECT count(*) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = 'history'::regclass"
        )
    )
