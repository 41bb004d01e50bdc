"""What the system did, on the screens of those who may take it back and of those who may not."""

import datetime as dt

import pytest
from browser import page_of

from lapor_web.models import Outcome, Status
from lapor_web.services import clocks
from lapor_web.services.follow_up import Propose
from lapor_web.services.ladder import Ladder


def finished_by_silence(city):
    report = city.sent_to("DISTRICT")
    city.do("district", report, Propose(text="Dijelaskan.", outcome=Outcome.EXPLAINED))
    city.wait(days=20)
    assert clocks.act_on(city.session, clocks.SILENCE, report.id, city.now)
    return report


def test_a_coordinator_takes_an_automatic_finish_back(city, officer):
    report = finished_by_silence(city)
    city.wait(days=2)
    coordinator = officer("coordinator")
    page = page_of(coordinator.get(f"/kotak-masuk/{report.number}"))
    strip = page.find(id="undo-strip")

    assert "Sistem" in page.find("ol", class_="thread").text
    assert f"{report.number} selesai otomatis" in strip.text
    answer = coordinator.post(strip.form["action"], {"version": report.version})
    assert answer.status_code == 303
    assert report.status is Status.AWAITING_REPORTER
    again = page_of(coordinator.get(f"/kotak-masuk/{report.number}"))
    assert again.find(id="undo-strip").text.strip() == ""
    assert "Diurungkan" in again.find("ol", class_="thread").text


@pytest.mark.parametrize("who", ["district", "leader"])
def test_others_are_not_offered_it_and_may_not(city, officer, who):
    report = finished_by_silence(city)
    browser = officer(who)
    page = page_of(browser.get(f"/kotak-masuk/{report.number}"))
    answer = browser.post(f"/kotak-masuk/{report.number}/urungkan", {"version": report.version})

    assert page.find(id="undo-strip").text.strip() == ""
    assert answer.status_code in {403, 422}
    assert report.status is Status.FINISHED


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
