"""Guessing at /masuk (promise 13)."""

import pytest
from browser import Browser, page_of
from factories import PASSWORD

from lapor_web.account import views
from lapor_web.services.passwords import TooBusy

WRONG = {"username": "works", "password": "bukan kata sandinya"}
RIGHT = {"username": "works", "password": PASSWORD}


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    """The count is what these tests are about."""
    monkeypatch.setattr(
        "lapor_web.services.passwords.matches",
        lambda typed, stored: stored is not None and typed == PASSWORD,
    )


def guess(browser, data=WRONG, times=1):
    answers = [browser.post("/masuk", data) for _ in range(times)]
    return answers[-1]


def test_s31_the_eleventh_guess_is_told_when_to_come_back(browser, officer):
    assert guess(browser, times=10).status_code == 422

    answer = guess(browser)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "901"
    sentence = page_of(answer).select_one("#problem p").text
    assert sentence == "Terlalu banyak percobaan. Coba lagi setelah pukul 09.15 WITA"


def test_then_the_right_password_does_not_open_either(browser, officer):
    guess(browser, times=10)

    assert guess(browser, RIGHT).status_code == 429


def test_another_browser_is_counted_with_it_and_spelling_makes_no_new_account(app, officer):
    guess(Browser(app), times=10)

    assert guess(Browser(app), WRONG | {"username": " WORKS"}).status_code == 429


def test_a_name_that_nobody_has_is_slowed_alike(browser, officer):
    nobody = WRONG | {"username": "nobody"}
    assert guess(browser, nobody, times=10).status_code == 422

    assert guess(browser, nobody).status_code == 429


def test_s31_the_owner_still_gets_in_at_a_browser_that_was_in_before(app, officer):
    own = Browser(app)
    guess(own, RIGHT)
    own.post("/keluar")
    guess(Browser(app), times=10)

    assert guess(own, RIGHT).status_code == 303


def test_and_that_browser_is_counted_too(app, officer):
    own = Browser(app)
    guess(own, RIGHT)
    own.post("/keluar")

    assert guess(own, times=10).status_code == 422
    assert guess(own).status_code == 429


def test_a_browser_of_another_officer_is_a_stranger(app, city, officer, password_hash):
    city.users["roads"].password_hash = password_hash
    city.session.flush()
    own = Browser(app)
    guess(own, RIGHT | {"username": "roads"})
    own.post("/keluar")
    guess(Browser(app), times=10)

    assert guess(own).status_code == 429


def test_s32_one_password_on_many_accounts_is_counted_across_them(browser, city, caplog):
    answers = [browser.post("/masuk", WRONG | {"username": f"account{n}"}) for n in range(61)]

    assert {answer.status_code for answer in answers[:60]} == {422}
    assert answers[60].status_code == 429
    assert "sign-in refused" in caplog.text


def test_who_signs_in_uses_up_no_tries(app, officer):
    for _ in range(12):
        assert guess(Browser(app), RIGHT).status_code == 303


def test_where_too_many_are_hashing_one_comes_back_in_a_moment(browser, officer, monkeypatch):
    def busy(typed, stored):
        raise TooBusy

    with monkeypatch.context() as patch:
        patch.setattr("lapor_web.services.passwords.matches", busy)
        answer = guess(browser, times=11)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2")

    # What was never compared was no guess.
    assert guess(browser, RIGHT).status_code == 303


def test_the_log_names_nobody(browser, officer, caplog):
    guess(browser, times=11)

    assert [record.name for record in caplog.records] == [views.__name__]
    assert "works" not in caplog.text
