"""Codes of a telephone after the password (S-37, S-38, S-39)."""

import datetime as dt

import pyotp
import pytest
from browser import Browser, page_of
from factories import PASSWORD

from lapor_web.models import LoginSession, Role
from lapor_web.services import accounts, second_factor
from lapor_web.services.keys import Keys
from lapor_web.sign_in import TOKEN

RIGHT = {"username": "works", "password": PASSWORD}


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    monkeypatch.setattr(
        "lapor_web.services.passwords.matches",
        lambda typed, stored: stored is not None and typed == PASSWORD,
    )


@pytest.fixture
def keys(app) -> Keys:
    return Keys.from_secret(app.config["SECRET_KEY"])


@pytest.fixture
def phone(city, officer, keys):
    """The officer's, already set up; gives the code that it shows now."""
    secret = pyotp.random_base32()
    codes = second_factor.turn_on(city.session, officer, secret, 0, keys=keys, now=city.now)

    def shows(**offset):
        return pyotp.TOTP(secret).at(city.now + dt.timedelta(**offset))

    shows.recovery = codes
    return shows


def typed_password(app) -> Browser:
    browser = Browser(app)
    answer = browser.post("/masuk", {**RIGHT, "lanjut": "/pengaturan"})
    assert answer.location == "/masuk/kode"
    return browser


def type_code(browser, code):
    return browser.post("/masuk/kode", {"code": code})


def test_a_code_opens_after_the_password_and_not_before(app, officer, phone):
    browser = typed_password(app)

    assert "kode dari HP" in page_of(browser.get("/masuk/kode")).main.text
    answer = type_code(browser, phone())

    assert (answer.status_code, answer.location) == (303, "/pengaturan")
    assert officer.name in browser.get("/pengaturan").text


@pytest.mark.parametrize("address", ["/kotak-masuk", "/pengaturan", "/pekerjaan/1", "/koordinasi"])
def test_s39_half_a_session_has_no_rights(app, city, officer, phone, address):
    browser = typed_password(app)

    assert browser.get(address).status_code == 303
    assert browser.post("/pengaturan/kode/lepas", {"own_password": PASSWORD}).status_code == 401
    assert TOKEN not in browser.kept()
    assert city.session.query(LoginSession).count() == 0


def test_s37_a_code_opens_once_and_an_old_one_never(app, city, officer, phone, later):
    code = phone()
    assert type_code(typed_password(app), code).status_code == 303
    assert type_code(typed_password(app), code).status_code == 422

    later(minutes=5)
    assert type_code(typed_password(app), phone(seconds=-90)).status_code == 422
    assert type_code(typed_password(app), phone(seconds=-30)).status_code == 303


def test_s37_the_sixth_guess_waits(app, officer, phone, caplog):
    browser = typed_password(app)
    assert [type_code(browser, "000000").status_code for _ in range(6)] == [422] * 5 + [429]

    answer = type_code(browser, phone())

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 600
    assert "codes are being guessed" in caplog.text


def test_a_recovery_code_stands_in_for_the_phone_once(app, officer, phone):
    code = phone.recovery[0].lower().replace("-", " ")

    assert type_code(typed_password(app), code).status_code == 303
    assert type_code(typed_password(app), code).status_code == 422


def test_s38_a_new_password_does_not_skip_the_code(app, city, officer, phone):
    token = accounts.invite(city.session, officer, lifetime=dt.timedelta(hours=1), now=city.now)
    browser = Browser(app)
    browser.get(f"/undangan/{token}")
    new = "sepeda kayu hijau muda"
    assert browser.post("/undangan", {"password": new, "again": new}).status_code == 303

    assert type_code(browser, phone()).location == "/masuk"
    assert second_factor.is_on(city.session, officer)


def test_half_a_session_ends_by_itself_and_with_the_password(app, city, officer, phone, later):
    slow, other = typed_password(app), typed_password(app)
    officer.password_hash = "another"
    city.session.flush()
    assert type_code(other, phone()).location == "/masuk"

    later(minutes=10)
    assert type_code(slow, phone()).location == "/masuk"


def test_it_is_switched_on_with_a_code_and_off_with_the_password(app, city, officer, keys):
    here, elsewhere = Browser(app).sign_in(officer), Browser(app).sign_in(officer)
    page = page_of(here.get("/pengaturan/kode"))
    secret = page.select_one(".code").text.replace(" ", "")
    assert page.select_one("img.qr")["src"].startswith("data:image/svg+xml")

    assert here.post("/pengaturan/kode", {"code": "123"}).status_code == 422
    once = here.post("/pengaturan/kode", {"code": pyotp.TOTP(secret).at(city.now)})

    codes = [one.text.strip() for one in page_of(once).select(".codes .code")]
    assert len(set(codes)) == 10
    assert here.get("/pengaturan").status_code == 200
    assert elsewhere.get("/pengaturan").status_code == 303
    assert (
        secret.encode()
        not in city.session.get(second_factor.SecondFactor, officer.id).sealed_secret
    )

    wrong = here.post("/pengaturan/kode/lepas", {"own_password": "bukan"})
    right = here.post("/pengaturan/kode/lepas", {"own_password": PASSWORD})
    assert (wrong.status_code, right.status_code) == (422, 303)
    assert not second_factor.is_on(city.session, officer)


def test_whoever_must_have_one_sets_it_up_on_the_way_in(app, city, officer, monkeypatch):
    monkeypatch.setitem(app.config, "LAPOR_SECOND_FACTOR", frozenset({Role.LIAISON}))
    browser = typed_password(app)
    assert browser.get("/kotak-masuk").status_code == 303
    secret = page_of(browser.get("/masuk/kode")).select_one(".code").text.replace(" ", "")

    answer = type_code(browser, pyotp.TOTP(secret).at(city.now))

    assert len(page_of(answer).select(".codes li")) == 10
    assert page_of(answer).select_one("main .button")["href"] == "/pengaturan"
    assert browser.get("/pengaturan").status_code == 200


def test_new_recovery_codes_end_the_old_ones(app, officer, phone):
    browser = Browser(app).sign_in(officer)

    answer = browser.post("/pengaturan/kode/pemulihan", {"own_password": PASSWORD})

    new = page_of(answer).select_one(".codes .code").text.strip()
    assert type_code(typed_password(app), phone.recovery[0]).status_code == 422
    assert type_code(typed_password(app), new).status_code == 303
