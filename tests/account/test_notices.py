"""Where an officer is told, and the link for a forgotten password that goes there."""

import pytest
from browser import Browser, page_of
from factories import PASSWORD
from sqlalchemy import select

from lapor_web.models import Invitation, MessageKind, NoticeSettings, OutboxMessage

TYPED = {
    "email": "works@kota.test",
    "phone": "0812-3456-7890",
    "digest": "y",
    "quiet_from": "21",
    "quiet_until": "5",
}


@pytest.fixture
def with_mail(app, monkeypatch):
    monkeypatch.setitem(app.extensions, "lapor_mail", object())


@pytest.fixture
def known(city, officer) -> NoticeSettings:
    settings = NoticeSettings(user_id=officer.id, email="works@kota.test")
    city.session.add(settings)
    city.session.flush()
    return settings


def asked_for(city) -> list[int | None]:
    kind = OutboxMessage.kind == MessageKind.INVITATION
    return list(city.session.scalars(select(OutboxMessage.user_id).where(kind)))


@pytest.mark.parametrize("htmx", [False, True])
def test_what_was_chosen_is_kept_and_shown(app, city, officer, htmx):
    browser = Browser(app).sign_in(officer)
    before = page_of(browser.get("/pengaturan"))
    assert before.select_one("#dispositions").has_attr("checked")

    answer = browser.post("/pengaturan/kabar", TYPED | {"own_password": PASSWORD}, htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    kept = city.session.get_one(NoticeSettings, officer.id)
    assert (kept.email, kept.phone) == ("works@kota.test", "081234567890")
    assert (kept.digest, kept.personal, kept.dispositions) == (True, False, False)
    assert (kept.quiet_from, kept.quiet_until) == (21, 5)
    page = page_of(browser.get("/pengaturan"))
    assert page.select_one("#email")["value"] == "works@kota.test"
    assert page.select_one("#quiet_from option[selected]").text == "21.00"
    assert not page.select_one("#personal").has_attr("checked")
    ids = [tag["id"] for tag in page.select("#settings [id]")]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "works"}, "email"),
        ({"email": "works@kota.test\nBcc: x@y.test"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"quiet_from": "24"}, "quiet_from"),
        ({"own_password": ""}, "own_password"),
        ({"own_password": "bukan ini"}, "own_password"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(app, city, officer, typed, field):
    browser = Browser(app).sign_in(officer)

    answer = browser.post("/pengaturan/kabar", TYPED | {"own_password": PASSWORD} | typed)

    assert answer.status_code == 422
    assert page_of(answer).select_one(f"#{field}-error")
    assert city.session.get(NoticeSettings, officer.id) is None


def test_whoever_borrows_a_browser_turns_no_address_to_their_own(app, city, officer, known):
    browser = Browser(app).sign_in(officer)
    thief = TYPED | {"email": "pencuri@contoh.id"}

    refused = browser.post("/pengaturan/kabar", thief)
    kept = browser.post("/pengaturan/kabar", TYPED | {"digest": ""})

    assert (refused.status_code, kept.status_code) == (422, 303)
    assert city.session.get_one(NoticeSettings, officer.id).email == "works@kota.test"


# ---- a forgotten password ----------------------------------------------------------------------


def test_s33_the_same_answer_whether_there_is_an_account_or_not(app, city, known, with_mail):
    browser = Browser(app)

    answers = [
        str(page_of(browser.post("/lupa-sandi", {"username": name})).main)
        for name in ("works", "tidak-ada", "roads")
    ]

    assert "tautan sedang dikirim" in answers[0]
    assert len(set(answers)) == 1
    assert asked_for(city) == [known.user_id]
    # The link is made with the letter: nothing of it waits anywhere.
    assert city.session.scalars(select(Invitation)).all() == []


def test_asking_over_and_over_sends_one_and_spoils_none(app, city, known, with_mail, later):
    browser = Browser(app)
    for _ in range(20):
        browser.post("/lupa-sandi", {"username": " Works "})
    assert len(asked_for(city)) == 1

    later(minutes=6)
    browser.post("/lupa-sandi", {"username": "works"})

    assert len(asked_for(city)) == 2


def test_one_address_does_not_ask_for_a_whole_city(app, city, with_mail):
    browser = Browser(app)
    statuses = [
        browser.post("/lupa-sandi", {"username": f"nama{n}"}).status_code for n in range(61)
    ]

    assert set(statuses[:60]) == {200}
    assert statuses[60] == 429


def test_without_mail_it_says_whom_to_ask(app, city):
    page = page_of(Browser(app).get("/lupa-sandi"))

    assert page.select_one("form") is None
    assert "admin koordinator" in page.text
    assert Browser(app).post("/lupa-sandi", {"username": "works"}).status_code == 404


def test_a_link_that_came_too_late_says_where_a_new_one_comes_from(app, city, with_mail):
    browser = Browser(app)
    browser.get("/undangan/terlambat")
    page = page_of(browser.get("/undangan"))

    assert page.select_one("main a.button")["href"] == "/lupa-sandi"
