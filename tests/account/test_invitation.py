import datetime as dt

import pytest
from browser import Browser, page_of
from factories import PASSWORD

from lapor_web.services.accounts import invite
from lapor_web.services.sessions import find_user, open_session

NEW = {"password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def user(city):
    return city.users["works"]


@pytest.fixture
def link(city, user):
    token = invite(city.session, user, lifetime=dt.timedelta(hours=1), now=city.now)
    return f"/undangan/{token}"


def test_a_link_sets_a_password_that_opens(browser, user, link):
    opened = browser.get(link)
    assert (opened.status_code, opened.location) == (303, "/undangan")
    page = page_of(browser.get("/undangan"))
    assert user.name in page.main.text
    assert page.select_one("[autocomplete=username]")["value"] == "works"

    answer = browser.post("/undangan", NEW)

    assert (answer.status_code, answer.location) == (303, "/masuk")
    assert "Kata sandi tersimpan" in browser.get("/masuk").text
    assert browser.post("/masuk", {"username": "works", "password": PASSWORD}).status_code == 303


def test_looking_does_not_use_it_up(app, browser, link):
    """Programs that preview a link open it before its owner does."""
    Browser(app).get(link)
    Browser(app).get(link)
    browser.get(link)

    assert browser.get("/undangan").status_code == 200


def worthless(browser, link) -> bool:
    browser.get(link)
    return browser.get("/undangan").status_code == browser.post("/undangan", NEW).status_code == 404


def test_s38_a_link_is_good_once(app, browser, link):
    browser.get(link)
    browser.post("/undangan", NEW)

    assert worthless(browser, link)
    assert worthless(Browser(app), link)


def test_a_link_that_waits_too_long_is_worthless(browser, link, later):
    later(hours=1)

    assert worthless(browser, link)


def test_s38_a_newer_link_replaces_it_also_in_a_browser_that_holds_it(city, user, browser, link):
    browser.get(link)
    invite(city.session, user, lifetime=dt.timedelta(hours=1), now=city.now)

    assert browser.post("/undangan", NEW).status_code == 404


def test_a_link_that_never_was_says_the_same(browser, link):
    browser.get("/undangan/never-was")
    never = page_of(browser.get("/undangan")).main.text
    browser.get(link)
    browser.post("/undangan", NEW)

    assert page_of(browser.get("/undangan")).main.text == never
    assert worthless(browser, "/undangan/" + "x" * 3000)


def test_s38_without_a_link_there_is_nothing_to_set(browser, city):
    assert browser.get("/undangan").status_code == 404
    assert browser.post("/undangan", NEW | {"user_id": "1"}).status_code == 404


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"password": "Dinas Works", "again": "Dinas Works"}, "password"),
        ({"password": "Samarinda2026", "again": "Samarinda2026"}, "password"),
        ({"password": PASSWORD, "again": PASSWORD + "!"}, "again"),
        ({"password": "", "again": ""}, "password"),
    ],
)
def test_s42_a_poor_password_is_refused_and_the_link_stays(browser, user, link, typed, field):
    browser.get(link)

    answer = browser.post("/undangan", typed)

    assert answer.status_code == 422
    assert page_of(answer).select_one(f"#{field}-error")
    assert user.password_hash is None
    assert browser.post("/undangan", NEW).status_code == 303


def test_a_new_password_ends_every_session(city, user, browser, link):
    token = open_session(city.session, user, city.now)
    browser.get(link)
    browser.post("/undangan", NEW)

    assert find_user(city.session, token, city.now) is None
