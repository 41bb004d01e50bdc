"""What looks like a program waits for a human eye; what people send comes in (S-13 to S-16, promise 18)."""

import datetime as dt

import pytest
from browser import Browser, page_of
from citizens import check, hidden_in, send
from small_city import NOW
from sqlalchemy import func, select

from lapor_web.models import Report
from lapor_web.public import floods, report_form
from lapor_web.public.floods import Recent
from lapor_web.services import desk, inbox_counts

TOO_MANY_TODAY = (
    "Anda sudah mengirim 5 laporan hari ini. Lanjutkan besok, atau telepon 112 bila mendesak."
)


@pytest.fixture(autouse=True)
def patient(monkeypatch, city):
    """People take their time; a program is what a test says it is."""
    monkeypatch.setattr(report_form, "TOO_FAST", dt.timedelta(0))


def story(number: int) -> str:
    return f"Laporan nomor {number} dari warga gang ini."


def sent(db) -> int:
    return db.session.scalar(select(func.count()).select_from(Report))


def doubted(db) -> int:
    return db.session.scalar(select(func.count()).select_from(Report).where(Report.quarantined))


def try_to_send(browser: Browser, **typed):
    checked = check(browser, **typed)
    return browser.post("/lapor/kirim", hidden_in(checked, "/lapor/kirim"))


def test_a_browser_sends_five_a_day_and_loses_no_word_of_the_sixth(browser, db, at):
    for number in range(5):
        send(browser, story=story(number))
    refused = try_to_send(browser, story=story(6))
    page = page_of(refused)

    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == str(15 * 3600)  # until midnight in Samarinda
    assert page.select_one("[role=alert]").text == TOO_MANY_TODAY
    assert hidden_in(refused, "/lapor/kirim")["story"] == story(6)
    assert sent(db) == 5
    at(NOW + dt.timedelta(hours=15))
    assert browser.post("/lapor/kirim", hidden_in(refused, "/lapor/kirim")).status_code == 303


def test_sending_the_fifth_once_more_shows_it_again(browser, db):
    for number in range(4):
        send(browser, story=story(number))
    fields = hidden_in(check(browser, story=story(5)), "/lapor/kirim")

    answers = [browser.post("/lapor/kirim", fields) for _ in range(3)]

    assert [one.status_code for one in answers] == [303, 303, 303]
    assert len({one.location for one in answers}) == 1


def test_a_neighbourhood_behind_one_address_is_let_through_unmarked(app, db):
    for number in range(40):
        send(Browser(app), story=story(number))

    assert (sent(db), doubted(db)) == (40, 0)


def test_beyond_what_a_neighbourhood_sends_all_still_comes_in_and_is_marked(app, db, monkeypatch):
    monkeypatch.setattr(floods, "OF_AN_ADDRESS", 3)
    for number in range(5):
        send(Browser(app), story=story(number))

    assert (sent(db), doubted(db)) == (5, 2)


def test_a_program_that_keeps_no_cookies_is_marked(browser, db):
    """It replays the session of before its first report, so its own count never grows."""
    browser.get("/lapor")
    before = browser.kept()
    for number in range(7):
        browser.keep(before)
        checked = check(browser, story=story(number))
        browser.keep(before)
        assert browser.post("/lapor/kirim", hidden_in(checked, "/lapor/kirim")).status_code == 303

    assert (sent(db), doubted(db)) == (7, 2)


def test_somebody_elses_number_locks_nobody_out(app, db):
    for number in range(7):
        send(Browser(app), story=story(number), phone="0812 3456 7890")

    assert (sent(db), doubted(db)) == (7, 2)


def test_the_same_words_again_and_again_are_kept_and_marked(app, db, monkeypatch):
    """S-16: other photos, other places; nothing is deleted."""
    monkeypatch.setattr(floods, "SAME_WORDS", 3)
    for number in range(5):
        send(Browser(app), place=f"Gang {number}")

    assert (sent(db), doubted(db)) == (5, 2)


def test_a_flood_of_programs_is_shed_and_people_of_that_address_pass(app, db, monkeypatch):
    """S-14."""
    monkeypatch.setattr(floods, "PROGRAMS_OF_AN_ADDRESS", 3)
    answers = [
        try_to_send(Browser(app), story=story(number), website="http://spam.example")
        for number in range(5)
    ]
    send(Browser(app), story=story(99))

    assert [one.status_code for one in answers] == [303, 303, 303, 429, 429]
    assert hidden_in(answers[-1], "/lapor/kirim")["story"] == story(4)
    assert (sent(db), doubted(db)) == (4, 3)


@pytest.mark.parametrize("few", [0, 20])
def test_what_is_doubted_has_a_view_and_a_flood_of_it_that_alone(app, city, db, monkeypatch, few):
    for module in (desk, inbox_counts):
        monkeypatch.setattr(module, "FEW_QUARANTINED", few)
    program = try_to_send(Browser(app), website="http://spam.example", story=story(1))
    send(Browser(app), story=story(2))
    number = program.location.rsplit("/", 1)[1]
    coordinator = Browser(app).sign_in(city.users["coordinator"])
    apart = page_of(coordinator.get("/kotak-masuk?tampilan=mirip-robot"))
    first = page_of(coordinator.get("/kotak-masuk"))
    opened = page_of(coordinator.get(f"/kotak-masuk/{number}"))

    assert [row["data-number"] for row in apart.select(".row[data-number]")] == [number]
    listed = {row["data-number"] for row in first.select(".row[data-number]")}
    assert (number in listed) is (few > 0)
    assert f"{len(listed)}" in next(one for one in first.select("#views a")).text
    assert "Mirip kiriman robot" in opened.text
    view = next(one for one in apart.select("nav a") if "Mirip kiriman robot" in one.text)
    assert "1" in view.text


def test_counts_fade_and_never_fill_the_memory(monkeypatch):
    monkeypatch.setattr(floods, "MOST_REMEMBERED", 2)
    recent, minute = Recent(dt.timedelta(minutes=10)), dt.timedelta(minutes=1)
    counted = [recent.note(b"a", NOW + at * minute) for at in (0, 1, 11, 12, 40)]
    for subject in (b"b", b"c", b"d", b"e", b"f"):
        recent.note(subject, NOW + 41 * minute)

    assert counted == [1, 2, 3, 4, 1]
    assert len(recent.now) + len(recent.before) <= 4
