"""What the system did, on the screens of those who may take it back and of those who may not."""

import datetime as dt

import pytest
from browser import page_of
from sqlalchemy import select

from lapor_web.models import OutboxMessage, Outcome, Status
from lapor_web.services import clocks
from lapor_web.services.follow_up import Propose
from lapor_web.services.ladder import Ladder
from lapor_web.services.verification import PutOnHold


def finished_by_silence(city):
    report = city.sent_to("DISTRICT")
    city.do("district", report, Propose(text="Dijelaskan.", outcome=Outcome.EXPLAINED))
    city.wait(days=20)
    assert clocks.act_on(city.session, clocks.SILENCE, report.id, city.now)
    return report


def archived_from_hold(city):
    report = city.sent_to("WORKS")
    city.do("coordinator", report, PutOnHold(reason="Nomor rumah berapa?"))
    city.wait(days=20)
    assert clocks.act_on(city.session, clocks.HOLD, report.id, city.now)
    return report


def climbed(city):
    """The rung above its office, in the first minute of the day after its last."""
    report = city.sent_to("WORKS")
    city.now = dt.datetime(2026, 11, 16, 16, 1, tzinfo=dt.UTC)
    assert clocks.act_on(city.session, Ladder().round(), report.id, city.now)
    return report


def all_was_told(city, report):
    for message in city.session.scalars(select(OutboxMessage).filter_by(report_id=report.id)):
        message.key, message.sent_at = f"key-{message.id}", city.now
    city.session.flush()


@pytest.mark.parametrize(
    ("act", "words", "status"),
    [
        (finished_by_silence, "Selesai otomatis", Status.AWAITING_REPORTER),
        (archived_from_hold, "Diarsipkan otomatis", Status.ON_HOLD),
        (climbed, "Lewat tenggat", Status.FORWARDED),
    ],
)
def test_a_coordinator_takes_back_what_the_clock_did_and_told(city, officer, act, words, status):
    report = act(city)
    all_was_told(city, report)
    city.wait(days=2)
    coordinator = officer("coordinator")
    page, pane = (
        page_of(coordinator.get(f"/kotak-masuk/{report.number}", htmx=htmx))
        for htmx in (False, True)
    )
    newest = page.select_one("ol.thread > li")

    assert words in newest.text
    assert "Sistem" in newest.text
    # Nobody takes it back by the key of their own last deed.
    assert page.find(id="undo-strip").text.strip() == ""
    assert pane.select_one("ol.thread form")
    sent = {one["name"]: one["value"] for one in newest.select("input[name=version]")}
    answer = coordinator.post(newest.form["action"], sent)
    assert answer.status_code == 303
    assert report.status is status
    again = page_of(coordinator.get(f"/kotak-masuk/{report.number}"))
    assert again.select_one("ol.thread form") is None
    assert "Diurungkan" in again.find("ol", class_="thread").text


@pytest.mark.parametrize("who", ["district", "leader"])
def test_others_are_not_offered_it_and_may_not(city, officer, who):
    report = finished_by_silence(city)
    browser = officer(who)
    page = page_of(browser.get(f"/kotak-masuk/{report.number}"))
    answer = browser.post(f"/kotak-masuk/{report.number}/urungkan", {"version": report.version})

    assert page.select_one("ol.thread form") is None
    assert answer.status_code in {403, 422}
    assert report.status is Status.FINISHED


def test_what_is_hidden_from_the_coordinators_the_inspectorate_takes_back(city, officer):
    report = city.send(about_service=True)
    city.do("inspector", report, Propose(text="Dijelaskan.", outcome=Outcome.EXPLAINED))
    city.wait(days=20)
    assert clocks.act_on(city.session, clocks.SILENCE, report.id, city.now)
    address = f"/kotak-masuk/{report.number}/urungkan"

    assert officer("coordinator").post(address, {"version": report.version}).status_code == 404
    assert officer("inspector").post(address, {"version": report.version}).status_code == 303
    assert report.status is Status.AWAITING_REPORTER


def test_the_history_names_every_rung(city, officer):
    report = city.sent_to("WORKS")
    for _ in range(25):
        city.wait(days=1)
        ladder = Ladder().round()
        for report_id in clocks.find_due(city.session, ladder, city.now):
            clocks.act_on(city.session, ladder, report_id, city.now)
    thread = page_of(officer("works").get(f"/kotak-masuk/{report.number}")).find(
        "ol", class_="thread"
    )

    for words in ("sudah dekat", "Jatuh tempo hari ini", "atasannya diingatkan", "pimpinan kota"):
        assert words in thread.text
    assert report.received_on == dt.date(2026, 11, 9)
