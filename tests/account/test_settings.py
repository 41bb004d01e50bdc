"""An officer's settings, and what ends a session (promise 15)."""

import pytest
from browser import Browser, page_of
from factories import PASSWORD

from lapor_web.models import Role
from lapor_web.services import accounts

NEW = "sepeda hijau di tepian"
CHANGE = {"present": PASSWORD, "password": NEW, "again": NEW}


def test_the_page_and_its_fragment_name_this_browser(app, officer):
    Browser(app).sign_in(officer)
    browser = Browser(app).sign_in(officer)

    page = page_of(browser.get("/pengaturan"))
    fragment = browser.get("/pengaturan", htmx=True)

    browsers = [item.text for item in page.select("#settings ul li")]
    assert len(browsers) == 2
    assert sum("peramban ini" in text for text in browsers) == 1
    assert officer.name in page.select_one(".who").text
    assert fragment.text.lstrip().startswith('<div id="settings"')


@pytest.mark.parametrize("htmx", [False, True])
def test_shortcuts_go_off_and_on_again(app, officer, htmx):
    browser = Browser(app).sign_in(officer)

    off = browser.post("/pengaturan/pintasan", htmx=htmx)
    assert off.status_code == (200 if htmx else 303)
    assert not officer.shortcuts
    page = page_of(browser.get("/pengaturan"))
    assert page.body["data-shortcuts"] == "off"
    assert not page.select_one("[name=shortcuts]").has_attr("checked")

    browser.post("/pengaturan/pintasan", {"shortcuts": "y"}, htmx=htmx)
    assert officer.shortcuts


def test_s35_a_changed_password_keeps_this_browser_and_ends_all_others(app, officer, sign_in):
    browser, other = sign_in(officer), sign_in(officer)
    before = browser.kept()

    answer = browser.post("/pengaturan/sandi", CHANGE)

    assert answer.status_code == 303
    assert "Kata sandi diganti" in browser.get("/pengaturan").text
    assert other.get("/pengaturan").status_code == 303
    thief = Browser(app)
    thief.keep(before)
    assert thief.get("/pengaturan").status_code == 303
    assert sign_in(officer, NEW).get("/pengaturan").status_code == 200


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"present": "bukan yang sekarang"}, "present"),
        ({"present": ""}, "present"),
        ({"password": "Works2026!!", "again": "Works2026!!"}, "password"),
        ({"again": "lain sekali ini"}, "again"),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_a_refused_change_changes_nothing(app, officer, typed, field, htmx):
    before = officer.password_hash
    browser = Browser(app).sign_in(officer)

    answer = browser.post("/pengaturan/sandi", CHANGE | typed, htmx=htmx)

    assert answer.status_code == 422
    assert page_of(answer).select_one(f"#{field}-error")
    assert officer.password_hash == before
    assert browser.get("/pengaturan").status_code == 200


def test_the_present_password_is_not_guessed_here_either(app, officer):
    browser = Browser(app).sign_in(officer)
    for _ in range(10):
        browser.post("/pengaturan/sandi", CHANGE | {"present": "bukan yang sekarang"})

    answer = browser.post("/pengaturan/sandi", CHANGE)

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_s36_out_everywhere_means_this_browser_too(app, officer):
    browsers = [Browser(app).sign_in(officer) for _ in range(3)]

    assert browsers[0].post("/pengaturan/keluar-semua").location == "/masuk"

    assert [browser.get("/pengaturan").status_code for browser in browsers] == [303] * 3


@pytest.mark.parametrize(
    "change",
    [
        lambda session, user: accounts.disable(session, user),
        lambda session, user: accounts.change_role(session, user, Role.SUPERVISOR, "WORKS"),
        lambda session, user: accounts.change_role(session, user, Role.LIAISON, "ROADS"),
    ],
    ids=["disabled", "role", "opd"],
)
def test_s35_what_others_change_ends_it_at_the_next_request(app, city, officer, change):
    browser = Browser(app).sign_in(officer)
    assert browser.get("/pengaturan").status_code == 200

    change(city.session, officer)

    assert browser.get("/pengaturan").status_code == 303
    assert browser.get("/pengaturan", htmx=True).status_code == 401
    assert browser.post("/pengaturan/pintasan").status_code == 401


def test_nobody_raises_themselves_by_a_field_of_a_form(app, officer):
    browser = Browser(app).sign_in(officer)

    browser.post("/pengaturan/pintasan", {"role": "coordinator", "opd_id": "1", "active": "0"})

    assert (officer.role, officer.opd.code, officer.active) == (Role.LIAISON, "WORKS", True)
