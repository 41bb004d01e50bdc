import threading

import pytest

from lapor_web.services import passwords
from lapor_web.services.passwords import TooBusy, hash_password, matches, weakness

NAMES = ["budi", "DISHUB", "Dinas Perhubungan", "Dishub"]


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kuda7ab", "short"),
        ("x" * 201, "long"),
        ("Samarinda2026", "common"),
        ("samarinda-2027!", "common"),
        ("P@ssw0rd", "short"),
        ("password123", "common"),
        ("1234567890", "common"),
        ("aaaaaaaabbbb", "common"),
        ("Dinas Perhubungan", "name"),
        ("dinasperhubungan1", "name"),
        ("dishub2026!!", "name"),
        ("Budi-12345678", "name"),
    ],
)
def test_s42_what_is_easily_guessed_is_refused(password, why):
    assert weakness(password, NAMES) == why


@pytest.mark.parametrize(
    "password",
    [
        "kuda laut biru besar",
        " spasi di tepi ",
        "🐟🌊🚣🏽‍♀️🌴☀️🏠🛶",
        "ikan" * 49 + "laut",
        "9f!K2#pQ7z",
    ],
)
def test_s42_what_is_not_is_taken_as_it_is(password):
    stored = hash_password(password)

    assert weakness(password, NAMES) is None
    assert matches(password, stored)
    assert not matches(password.strip() + "x", stored)


def test_two_hundred_letters_are_all_of_them_compared():
    password = "abcdefghij" * 20

    assert weakness(password, NAMES) is None
    assert not matches(password[:-1] + "k", hash_password(password))


def test_an_account_without_a_password_matches_nothing_and_costs_the_same(monkeypatch):
    hashes = []
    monkeypatch.setattr(passwords, "_in_line", lambda work: hashes.append(work) or work())

    assert not matches("anything at all", None)
    assert len(hashes) == 1


def test_a_hash_is_of_the_kind_that_is_slow():
    assert hash_password("kuda laut biru").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_few_hash_at_once_and_who_comes_after_the_line_is_sent_away(monkeypatch):
    monkeypatch.setattr(passwords, "_slots", threading.BoundedSemaphore(1))
    monkeypatch.setattr(passwords, "_places", threading.BoundedSemaphore(2))
    first_runs, may_end = threading.Event(), threading.Event()
    done = []

    def slow() -> None:
        first_runs.set()
        may_end.wait(10)
        done.append("slow")

    one = threading.Thread(target=passwords._in_line, args=(slow,))
    one.start()
    first_runs.wait(10)
    waits = passwords._places
    two = threading.Thread(target=passwords._in_line, args=(lambda: done.append("next"),))
    two.start()
    while waits._value:  # until the second stands in line
        pass

    with pytest.raises(TooBusy):
        passwords._in_line(lambda: done.append("never"))
    may_end.set()
    one.join()
    two.join()
    assert done == ["slow", "next"]
