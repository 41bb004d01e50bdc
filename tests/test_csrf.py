"""Promise 12, over the URL map: whoever adds an unsafe route is tested."""

import io
import time

import pytest
from browser import OWN, Browser, page_of
from small_city import SmallCity
from sqlalchemy import event

from lapor_web import csrf, resend
from lapor_web.csrf import SAFE_METHODS

ABROAD = {"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"}
SUBMISSION = {"story": "Lampu jalan mati sejak Senin malam.", "place": "Jalan Mawar"}


@pytest.fixture
def city(db) -> SmallCity:
    return SmallCity(db.session())


@pytest.fixture
def browser(app, city) -> Browser:
    return Browser(app).sign_in(city.users["coordinator"])


@pytest.fixture
def written(db):
    """The statements that changed something."""
    statements = []

    def note(connection, cursor, statement, *rest):
        if not statement.lstrip().startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    connection = db.session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield statements
    event.remove(connection, "before_cursor_execute", note)


def unsafe_routes(app) -> list[tuple[str, str]]:
    with app.test_request_context():
        urls = app.url_map.bind("localhost")
        return [
            (method, urls.build(rule.endpoint, dict.fromkeys(rule.arguments, "1"), method=method))
            for rule in app.url_map.iter_rules()
            if rule.endpoint not in csrf.SIGNED_BY_THE_SENDER
            for method in sorted((rule.methods or set()) - SAFE_METHODS)
        ]


def forgeries(app, browser):
    """Each kind of proof that proves nothing, with every other proof in place."""
    token = browser.token()
    return {
        "no token": ({}, {}, ""),
        "no token, but htmx": ({}, {"HX-Request": "true"}, ""),
        "token of another session": ({"csrf_token": Browser(app).token() + "x"}, {}, ""),
        "token in the address": ({}, {}, f"?csrf_token={token}"),
        "foreign origin": ({"csrf_token": token}, {"Origin": "https://evil.test"}, ""),
        "no origin at all": ({"csrf_token": token}, {"Origin": "null"}, ""),
        "from another site": ({"csrf_token": token}, {"Sec-Fetch-Site": "cross-site"}, ""),
        "from the city's other site": ({"csrf_token": token}, {"Sec-Fetch-Site": "same-site"}, ""),
    }


def test_s57_s58_every_unsafe_route_refuses_every_forgery_and_changes_nothing(
    app, browser, written
):
    routes = unsafe_routes(app)
    assert ("POST", "/masuk") in routes
    assert ("POST", "/keluar") in routes

    tried = forgeries(app, browser)
    written.clear()
    for method, address in routes:
        for kind, (data, headers, query) in tried.items():
            answer = browser.open(address + query, method=method, data=data, headers=headers)
            assert answer.status_code == 403, (method, address, kind)
            assert page_of(answer).h1.text == "Kiriman ini tidak kami terima", (address, kind)
    assert written == []


def test_no_route_takes_a_form_of_ours_for_a_forgery(app, city, browser):
    for method, address in unsafe_routes(app):
        headers = OWN | {"X-CSRFToken": browser.token()}
        answer = browser.open(address, method=method, headers=headers)
        heading = page_of(answer).h1
        assert heading is None or heading.text not in {
            "Kiriman ini tidak kami terima",
            resend.EXPIRED.heading,
        }, address
        browser.sign_in(city.users["coordinator"])


def test_s57_the_token_of_another_session_is_worth_nothing(app, browser):
    other = Browser(app)
    other.keep({"csrf": "another nonce"})
    token = other.token()

    answer = browser.open("/keluar", method="POST", data={"csrf_token": token})

    assert answer.status_code == 403
    assert other.open("/keluar", method="POST", data={"csrf_token": token}).status_code == 303


def test_a_form_in_a_page_works_in_a_browser_without_a_cookie_yet(app, city):
    newcomer = Browser(app)
    token = page_of(newcomer.get("/masuk")).select_one("[name=csrf_token]")["value"]

    answer = newcomer.open("/masuk", method="POST", data={"csrf_token": token}, headers=OWN)

    assert answer.status_code == 422


def test_a_token_is_another_each_time_and_never_the_nonce(browser, monkeypatch):
    first = browser.token()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 5)

    assert browser.token() != first
    assert browser.kept()["csrf"] not in first


@pytest.fixture
def expired(browser, monkeypatch):
    token = browser.token()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + csrf.SECONDS_VALID + 1)
    return token


def test_s57_a_form_left_open_too_long_comes_back_with_what_was_typed(browser, expired):
    typed = SUBMISSION | {
        "csrf_token": expired,
        "csrf_note": "<b>",
        "new_password": "rahasia sekali",
        "present": "rahasia sekali",
        "again": "rahasia sekali",
        "key": "k" * 32,
    }
    answer = browser.open("/lapor?x=1", method="POST", data=typed, headers=OWN)

    assert answer.status_code == 403
    page = page_of(answer)
    assert page.h1.text == resend.EXPIRED.heading
    assert SUBMISSION["story"] in page.select_one(".reply").text
    form = page.select_one("main form")
    kept = {field["name"]: field["value"] for field in form.select("input")}
    assert form["action"] == "/lapor"
    assert kept.pop("csrf_token") != expired
    assert kept == SUBMISSION | {"csrf_note": "<b>", "key": "k" * 32}
    assert "k" * 32 not in page.main.get_text()
    assert "rahasia sekali" not in answer.text


def test_and_its_button_sends_it(browser, expired):
    answer = browser.open("/masuk", method="POST", data={"csrf_token": expired}, headers=OWN)
    fresh = page_of(answer).select_one("[name=csrf_token]")["value"]

    again = browser.open("/masuk", method="POST", data={"csrf_token": fresh}, headers=OWN)

    assert again.status_code == 422


def test_photos_have_to_be_chosen_again(browser, expired):
    typed = SUBMISSION | {"csrf_token": expired, "photos": (io.BytesIO(b"x"), "a.jpg")}
    answer = browser.open("/lapor", method="POST", data=typed, headers=OWN)

    form = page_of(answer).select_one("main form")
    assert form["enctype"] == "multipart/form-data"
    assert form.select_one("[type=file]")["name"] == "photos"


def test_what_another_site_posts_is_never_handed_back(browser, expired):
    typed = SUBMISSION | {"csrf_token": expired}
    answer = browser.open("/lapor", method="POST", data=typed, headers=ABROAD)

    assert SUBMISSION["story"] not in answer.text


def test_where_there_is_no_route_there_is_nothing_to_forge(browser):
    assert browser.open("/nowhere", method="POST").status_code == 404
    assert browser.open("/", method="POST").status_code == 405
