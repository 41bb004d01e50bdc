"""Headers of every answer, over the URL map: whoever adds a route is tested."""

import re

import pytest
from browser import Browser
from bs4 import BeautifulSoup
from small_city import SmallCity

from lapor_web.errors import WORDS, error_page


@pytest.fixture
def browser(app, db):
    SmallCity(db.session())
    return Browser(app)


def addresses(app) -> list[str]:
    with app.test_request_context():
        urls = app.url_map.bind("localhost")
        return [
            urls.build(rule.endpoint, dict.fromkeys(rule.arguments, "1"))
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ())
        ] + ["/static/lapor.css", "/nowhere"]


def test_every_answer_is_closed_to_strangers(app, browser):
    for address in addresses(app):
        answer = browser.get(address)
        answer.close()
        policy = answer.headers["Content-Security-Policy"]

        assert "unsafe-inline" not in policy, address
        assert "frame-ancestors 'none'" in policy, address
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address
        assert answer.headers["Referrer-Policy"] == "same-origin", address
        assert {"HX-Request", "Cookie"} <= set(answer.vary), address
        if not address.startswith("/static/"):
            assert "no-store" in answer.headers["Cache-Control"], address


def test_the_style_inside_a_page_carries_the_nonce_of_its_answer(browser):
    first, second = browser.get("/masuk"), browser.get("/masuk")
    nonce = BeautifulSoup(first.text, "html.parser").select_one("style")["nonce"]

    assert f"'nonce-{nonce}'" in first.headers["Content-Security-Policy"]
    assert nonce not in second.headers["Content-Security-Policy"]


@pytest.mark.parametrize("status", sorted(WORDS))
def test_every_error_says_in_indonesian_what_to_do(app, status):
    with app.test_request_context():
        answer = error_page(status)
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")

    assert answer.status_code == status
    assert page.html["lang"] == "id"
    assert page.h1.text == WORDS[status][0]


def test_a_wrong_method_names_the_right_ones_and_changes_nothing(browser):
    answer = browser.open("/", method="POST")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_an_error_page_shows_no_insides(browser):
    page = browser.get("/nowhere").text

    assert not re.search(r"Werkzeug|Traceback|Flask|Python", page)
