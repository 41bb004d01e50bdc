"""An officer types in what came by telephone, letter or at the counter."""

import datetime as dt

import pytest
from browser import page_of
from sqlalchemy import select

from lapor_web.models import Channel, Report, Role, Status

FORM = {
    "channel": "phone",
    "received_at": "2026-11-06T14:30",
    "source_account": "0541 123456",
    "tracking_id": "#916 5816",
    "story": "Lampu jalan mati sejak hari Sabtu.",
    "place": "Jalan Mawar RT 4",
    "name": "Siti Rahma",
    "phone": "0812 5550-0001",
}


def key_of(browser) -> str:
    return page_of(browser.get("/kotak-masuk/baru")).select_one("[name=key]")["value"]


def enter(browser, **changes):
    key = changes.pop("key", None) or key_of(browser)
    return browser.post("/kotak-masuk/baru", {**FORM, "key": key, **changes})


def only_report(city) -> Report:
    return city.session.scalars(select(Report)).one()


@pytest.mark.parametrize("who", ["intake", "coordinator"])
def test_a_report_is_entered_with_how_and_when_it_came(city, officer, who):
    answer = enter(officer(who))

    report = only_report(city)
    assert answer.location == f"/kotak-masuk/baru/{report.number}"
    assert (report.status, report.channel) == (Status.UNVERIFIED, Channel.PHONE)
    assert report.received_at == dt.datetime(2026, 11, 6, 6, 30, tzinfo=dt.UTC)
    assert (report.received_on, report.due_on) == (dt.date(2026, 11, 6), dt.date(2026, 11, 11))
    assert (report.tracking_id, report.source_account) == ("9165816", "0541 123456")
    assert report.entered_by_id == city.users[who].id
    assert report.history[0].role is Role(who)


def test_the_receipt_is_shown_once_to_its_maker(city, officer):
    intake = officer("intake")
    address = enter(intake).location

    first, again = intake.get(address), intake.get(address)
    of_another = officer("coordinator").get(address)

    page = page_of(first)
    assert only_report(city).number in page.text
    assert len(page.select_one(".code").text.replace("-", "")) == 16
    assert "no-store" in first.headers["Cache-Control"]
    assert (again.status_code, of_another.status_code) == (404, 404)


def test_the_same_form_makes_one_report(city, officer):
    intake = officer("intake")
    key = key_of(intake)

    first, second = enter(intake, key=key), enter(intake, key=key)
    other_text = enter(intake, key=key, story="Pohon tumbang di depan sekolah.")

    assert first.location == second.location
    assert other_text.status_code == 409
    assert "Pohon tumbang di depan sekolah." in other_text.text
    assert only_report(city)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("channel", ""),
        ("channel", "web"),
        ("received_at", ""),
        ("received_at", "kemarin"),
        ("received_at", "2026-11-10T09:00"),
        ("story", "   "),
        ("story", "Lampu"),
        ("place", ""),
        ("area", "99.99"),
        ("happened_on", "2026-11-30"),
        ("tracking_id", "12a"),
        ("tracking_id", "9165816 9165817"),
        ("phone", "0812 satu"),
        ("email", "bukan surel"),
        ("key", "pendek"),
    ],
)
def test_what_does_not_do_is_said_and_the_rest_is_kept(city, officer, field, typed):
    answer = enter(officer("intake"), **{field: typed or " "})

    page = page_of(answer)
    assert answer.status_code == 422
    assert page.select_one(".problem")
    assert page.select_one("[name=name]")["value"] == "Siti Rahma"
    assert city.session.scalars(select(Report)).all() == []


def test_a_tracking_id_is_that_of_one_report_only(city, officer):
    intake = officer("intake")
    enter(intake)

    answer = enter(intake, story="Pohon tumbang di depan sekolah.")

    assert answer.status_code == 422
    assert f"sudah ada di {only_report(city).number}" in answer.text
    assert "Pohon tumbang" in answer.text


def test_one_of_a_hidden_report_is_refused_without_a_word_of_it(city, officer):
    hidden = city.sent_to("WORKS", confidential=True)
    hidden.tracking_id = "9165816"
    city.session.flush()

    answer = enter(officer("intake"))

    assert answer.status_code == 422
    assert "tidak dapat dipakai" in answer.text
    assert hidden.number not in answer.text


@pytest.mark.parametrize("who", ["works", "works-boss", "inspector", "leader", "ombudsman"])
def test_others_do_not_enter_reports(city, officer, who):
    browser = officer(who)

    answers = (browser.get("/kotak-masuk/baru"), browser.post("/kotak-masuk/baru", FORM))

    assert [answer.status_code for answer in answers] == [403, 403]


def test_whoever_typed_it_in_sees_a_hidden_report_until_it_is_handed_over(city, officer):
    intake = officer("intake")
    enter(intake, confidential="y")
    report = only_report(city)
    address = f"/kotak-masuk/{report.number}"

    before = intake.get(address).status_code
    city.verify(report, "WORKS")

    assert (before, intake.get(address).status_code) == (200, 404)
