"""The rounds in the application: each report in its own transaction, nothing held up by another."""

import datetime as dt

import pytest
from small_city import SmallCity
from sqlalchemy import select

from lapor_web import by_the_clock, clock, postman, work
from lapor_web.models import Outcome, Report, Status
from lapor_web.services import clocks, notifications
from lapor_web.services.clocks import SILENCE, Round
from lapor_web.services.follow_up import Propose

EXPLAINED = Propose(text="Dijelaskan.", outcome=Outcome.EXPLAINED)
LATE = dt.timedelta(days=30)


@pytest.fixture
def city(db, monkeypatch):
    city = SmallCity(db.session())
    monkeypatch.setattr(clock, "now", lambda: city.now)
    monkeypatch.setattr(clock, "agrees", lambda session: True)
    return city


def answered(city):
    report = city.sent_to("DISTRICT")
    city.do("district", report, EXPLAINED)
    return report.id


def statuses(city):
    return list(city.session.scalars(select(Report.status).order_by(Report.id)))


def test_a_round_does_all_that_is_due(city, monkeypatch):
    monkeypatch.setattr(clocks, "AT_ONCE", 2)
    for _ in range(5):
        answered(city)
    city.now += LATE
    by_the_clock.act_by_the_clock()

    assert statuses(city) == [Status.FINISHED] * 5


def test_one_that_cannot_be_acted_on_holds_up_no_other(city, caplog):
    poison, good = answered(city), answered(city)

    def act(session, report, now):
        if report.id == poison:
            raise RuntimeError("the words of a reporter")
        SILENCE.act(session, report, now)

    city.now += LATE
    done = by_the_clock.go_round(Round("silence", SILENCE.due, act))

    assert done == 1
    assert statuses(city) == [Status.AWAITING_REPORTER, Status.FINISHED]
    assert good
    assert f"silence cannot act on report {poison}: RuntimeError" in caplog.text
    assert "words of a reporter" not in caplog.text


def test_with_a_wrong_clock_nothing_is_done(city, monkeypatch, caplog):
    monkeypatch.undo()
    answered(city)
    # This machine woke up in another year; the database did not.
    monkeypatch.setattr(clock, "utc_now", lambda: city.now + dt.timedelta(days=400))
    by_the_clock.act_by_the_clock()

    assert statuses(city) == [Status.AWAITING_REPORTER]
    assert "disagree" in caplog.text


def test_nor_is_anybody_told_too_early(city, monkeypatch):
    told = []
    monkeypatch.setattr(postman, "deliver_due", lambda: told.append("letters"))
    monkeypatch.setattr(notifications, "queue_digests", lambda *_: told.append("digests"))

    def do_both(*, right: bool) -> None:
        monkeypatch.setattr(clock, "agrees", lambda session: right)
        work.send_messages()
        work.queue_digests()

    do_both(right=False)
    assert told == []
    do_both(right=True)
    assert told == ["letters", "digests"]


def test_the_clock_of_a_healthy_machine_agrees(db):
    assert clock.agrees(db.session())


def test_the_settings_reach_the_rounds(app, db, monkeypatch):
    monkeypatch.setitem(app.config, "LAPOR_LADDER", (3, 2, 4))
    monkeypatch.setitem(app.config, "LAPOR_RETENTION_DAYS", (60, 90))

    assert by_the_clock.ladder().before == 3
    assert by_the_clock.retention().attachments == 90
