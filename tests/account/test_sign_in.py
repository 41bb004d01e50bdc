import pytest
from browser import Browser, page_of
from factories import PASSWORD
from sqlalchemy import select

from lapor_web.account.views import NO_MATCH
from lapor_web.models import LoginSession, Role
from lapor_web.sign_in import TOKEN, local_path

WRONG = "bukan kata sandinya"


def test_an_officer_signs_in_and_goes_where_they_were_going(browser, officer):
    door = browser.get("/pengaturan")
    assert (door.status_code, door.location) == (303, "/masuk?lanjut=%2Fpengaturan")

    form = page_of(browser.get(door.location)).select_one("form")
    wanted = form.select_one("[name=lanjut]")["value"]
    answer = browser.post(
        form["action"], {"username": "  WORKS ", "password": PASSWORD, "lanjut": wanted}
    )

    assert (answer.status_code, answer.location) == (303, "/pengaturan")
    assert officer.name in browser.get("/pengaturan").text


def test_without_a_wish_one_comes_to_ones_own_first_page(browser, city, officer):
    answer = browser.post("/masuk", {"username": "works", "password": PASSWORD})
    assert answer.location == "/kotak-masuk"

    officer.role = Role.EVALUATOR
    city.session.flush()
    assert browser.post("/masuk", {"username": "works", "password": PASSWORD}).location == (
        "/koordinasi"
    )


@pytest.mark.parametrize(
    ("path", "local"),
    [
        ("/kotak-masuk?tampilan=lewat&halaman=2", True),
        ("//evil.test", False),
        ("/\\evil.test", False),
        ("https:evil.test", False),
        ("https://evil.test/", False),
        ("javascript:alert(1)", False),
        ("/a\r\nSet-Cookie: x=1", False),
        ("/\t/evil.test", False),
        ("", False),
    ],
)
def test_s60_only_a_path_of_this_site_is_followed(path, local):
    assert local_path(path) == (path if local else None)


@pytest.mark.parametrize("username", ["works", "nobody", "roads"])
def test_s33_wrong_unknown_and_without_password_are_answered_alike(browser, officer, username):
    answer = browser.post("/masuk", {"username": username, "password": WRONG})

    assert answer.status_code == 422
    page = page_of(answer)
    assert page.select_one("#problem p").text == NO_MATCH
    assert page.select_one("[name=username]")["value"] == username
    assert not page.select_one("[name=password]")["value"]


def test_a_disabled_account_does_not_open(browser, city, officer):
    officer.active = False
    city.session.flush()

    assert browser.post("/masuk", {"username": "works", "password": PASSWORD}).status_code == 422


def test_s34_what_was_planted_before_signing_in_is_worth_nothing_after(app, browser, officer):
    browser.keep({TOKEN: "planted", "csrf": "planted"})

    browser.post("/masuk", {"username": "works", "password": PASSWORD})

    kept = browser.kept()
    assert kept[TOKEN] != "planted"
    assert "csrf" not in kept


def test_the_database_holds_no_token(db, officer, sign_in):
    browser = sign_in(officer)
    token = browser.kept()[TOKEN]

    stored = db.session.scalars(select(LoginSession.token_hash)).one()
    assert stored != token.encode()
    assert token.encode() not in stored


def test_s35_signing_out_ends_the_session_and_not_only_the_cookie(app, officer, sign_in):
    browser = sign_in(officer)
    stolen = browser.kept()

    assert browser.post("/keluar").status_code == 303
    assert browser.get("/pengaturan").status_code == 303

    thief = Browser(app)
    thief.keep(stolen)
    assert thief.get("/pengaturan").status_code == 303


def test_a_session_ends_after_a_working_day(officer, sign_in, later):
    browser = sign_in(officer)
    later(hours=11)
    assert browser.get("/pengaturan").status_code == 200

    later(hours=1)
    assert browser.get("/pengaturan").status_code == 303


def test_a_cookie_of_another_key_is_a_stranger(app, officer):
    browser = Browser(app)
    browser.client.set_cookie("session", "eyJfdXNlcl9pZCI6IngifQ.aaaa.bbbb")

    assert browser.get("/pengaturan").status_code == 303


def test_htmx_is_told_to_load_the_sign_in_page(browser, city):
    answer = browser.get("/pengaturan", htmx=True)

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/masuk?lanjut=%2Fpengaturan"


def test_who_signed_out_meanwhile_gets_the_form_back_to_send_again(browser, city):
    answer = browser.post(
        "/pengaturan/sandi", {"catatan": "Sudah saya tulis panjang.", "present": "x"}
    )

    assert answer.status_code == 401
    form = page_of(answer).select_one("form[action='/pengaturan/sandi']")
    assert form.select_one("[name=catatan]")["value"] == "Sudah saya tulis panjang."


def test_the_way_back_for_the_forgetful_asks_nothing(browser, city):
    page = page_of(browser.get("/lupa-sandi"))

    assert "koordinator" in page.main.text
    assert page.select("form") == []
