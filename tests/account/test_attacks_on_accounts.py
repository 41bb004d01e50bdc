"""Attacks on the way in, by the numbers of the threat list: search for "S-31".

| S-31, S-32 | guessing at one account, and at all of them (`test_guessing.py`) |
| S-33 | who has an account is not told (also `test_sign_in.py`, `test_notices.py`) |
| S-34 to S-36 | sessions: planted, old, ended everywhere (also `test_sign_in.py`, `test_settings.py`) |
| S-37 to S-39 | codes (`test_second_factor.py`) |  S-38 | links (`test_invitation.py`) |
| S-40 | cookies that nobody gave |  S-41 | accounts that nobody made |  S-42 | passwords |
"""

import datetime as dt
import itertools

import pytest
from browser import Browser, page_of
from factories import PASSWORD
from sqlalchemy import event, func, select

from lapor_web import create_app
from lapor_web.models import Invitation, LoginSession, NoticeSettings, User
from lapor_web.services import accounts
from lapor_web.services.seed import seed

WRONG = {"username": "works", "password": "bukan kata sandinya"}
RIGHT = {"username": "works", "password": PASSWORD}
WINDOW, TRIES = dt.timedelta(minutes=15), 10


@pytest.fixture
def compared(monkeypatch):
    """The passwords that were compared, without the cost of it."""
    seen = []

    def matches(typed, stored):
        seen.append(typed)
        return stored is not None and typed == PASSWORD

    monkeypatch.setattr("lapor_web.services.passwords.matches", matches)
    return seen


# ---- S-31: guessing at one account ----


def test_s31_of_a_night_of_guesses_few_are_compared_and_the_owner_gets_in(
    app, city, officer, compared, caplog
):
    own = Browser(app)
    assert own.post("/masuk", RIGHT).status_code == 303
    own.post("/keluar")
    guesser, compared_at, refused = Browser(app), [], 0
    for _ in range(400):  # one every 20 seconds, and more than two hours of them
        before = len(compared)
        refused += guesser.post("/masuk", WRONG).status_code == 429
        if len(compared) > before:
            compared_at.append(city.now)
        city.wait(seconds=20)

    for at in compared_at:
        assert sum(at <= one < at + WINDOW for one in compared_at) <= TRIES
    pauses = [b - a for a, b in itertools.pairwise(compared_at)]
    assert pauses[-1] >= dt.timedelta(minutes=30)  # the delay has grown
    assert refused > 380
    assert "sign-in refused" in caplog.text
    assert own.post("/masuk", RIGHT).status_code == 303


# ---- S-33: who has an account ----


@pytest.fixture
def asked_of_database(db):
    """The statements of a request, without their values."""
    statements = []

    def note(connection, cursor, statement, *rest):
        statements.append(statement)

    connection = db.session.connection()
    event.listen(connection, "before_cursor_execute", note)

    def of(work) -> list[str]:
        statements.clear()
        work()
        return [one for one in statements if "SAVEPOINT" not in one]

    yield of
    event.remove(connection, "before_cursor_execute", note)


@pytest.mark.parametrize("address", ["/masuk", "/lupa-sandi"])
def test_s33_the_same_work_whether_there_is_such_an_account_or_not(
    app, city, officer, monkeypatch, compared, asked_of_database, address
):
    """So it takes the same time: the hash of nobody is in `test_passwords.py`."""
    monkeypatch.setitem(app.extensions, "lapor_mail", object())
    city.session.add(NoticeSettings(user_id=officer.id, email="works@kota.test"))
    city.users["roads"].active = False

    work, pages, hashes = [], [], []
    for name in ("works", "roads", "nobody"):
        browser, before = Browser(app), len(compared)
        browser.get(address)
        fields = WRONG | {"username": name}

        def ask(browser=browser, fields=fields):
            page = page_of(browser.post(address, fields))
            for field in page.select("[name=username], [name=csrf_token]"):
                field.decompose()
            pages.append(str(page.main))

        work.append(asked_of_database(ask))
        hashes.append(len(compared) - before)

    assert work[0] == work[1] == work[2]
    assert len(set(pages)) == len(set(hashes)) == 1


# ---- S-35: what an old cookie opens ----


@pytest.mark.parametrize("address", ["/kotak-masuk", "/kotak-masuk/arus", "/pekerjaan/1"])
def test_s35_an_old_cookie_opens_nothing(app, city, officer, compared, address):
    browser = Browser(app)
    browser.post("/masuk", RIGHT)
    kept = browser.kept()
    browser.post("/keluar")
    thief = Browser(app)
    thief.keep(kept)

    assert thief.get(address).status_code == 303
    assert thief.post("/pengaturan/pintasan").status_code == 401


# ---- S-40: cookies that nobody gave ----


def cookie_of(browser) -> str:
    browser.get("/pengaturan")
    return browser.client.get_cookie("session").value


def test_s40_a_cookie_with_another_bit_is_a_stranger(app, city, officer):
    browser = Browser(app).sign_in(officer)
    whole = cookie_of(browser)
    head, sign = whole.rsplit(".", 1)
    flipped = [
        whole[:at] + chr(ord(whole[at]) ^ 1) + whole[at + 1 :] for at in range(0, len(whole), 7)
    ]
    others = ["", ".", "..", head, f"{head}.", f"{head}.{sign}x", sign, whole * 2, "e30.aa.bb"]
    for value in (*flipped, *others, "a" * 8_192, "\xff\xfe", "=;", '{"_user_id": 1}'):
        stranger = Browser(app).open("/pengaturan", headers={"Cookie": f"session={value}"})
        assert (stranger.status_code, officer.name in stranger.text) == (303, False), value[:80]
    assert browser.get("/pengaturan").status_code == 200


def test_s40_a_cookie_signed_with_an_older_secret_is_a_stranger(app, city, officer):
    former = create_app(app.config | {"SECRET_KEY": "the secret of last year " * 4})
    browser = Browser(former).sign_in(officer)
    thief = Browser(app)
    thief.client.set_cookie("session", cookie_of(browser))

    assert browser.get("/pengaturan").status_code == 200
    assert thief.get("/pengaturan").status_code == 303
    assert city.session.scalar(select(func.count()).select_from(LoginSession)) == 1


# ---- S-41: accounts that nobody made ----


def test_s41_a_city_begins_without_any_account(db):
    """What the demo has, and what must not start in earnest, is in `test_run.py`."""
    seed(db.session, "samarinda")
    db.session.flush()

    for table in (User, Invitation):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0


# ---- S-42: passwords ----


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("Dinas Works", False),
        ("Samarinda2026", False),
        ("password123", False),
        ("kuda7ab", False),
        ("ikan laut " * 20, True),
        ("  spasi  di  tepi  ", True),
        ("🐟🌊🚣🌴🏠🛶🐢🦀🐚🌅", True),
    ],
)
def test_s42_what_is_guessed_first_is_refused_and_all_else_kept_as_it_is(
    app, city, password, taken
):
    user = city.users["works"]
    lifetime = dt.timedelta(hours=1)
    token = accounts.invite(city.session, user, lifetime=lifetime, now=city.now)
    browser = Browser(app)
    browser.get(f"/undangan/{token}")

    answer = browser.post("/undangan", {"password": password, "again": password})

    assert answer.status_code == (303 if taken else 422)
    if taken:
        typed = {"username": "works", "password": password}
        assert (
            browser.post("/masuk", typed | {"password": password.strip() + "x"}).status_code == 422
        )
        assert browser.post("/masuk", typed).status_code == 303
