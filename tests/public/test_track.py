"""In by number and code; who has not both learns nothing, not even whether there is a report."""

import pytest
from browser import Browser, page_of
from citizens import errors_of

from lapor_web.services.keys import Keys
from lapor_web.services.numbers import check_digit

CODE = "AAAA-BBBB-CCCC-DDDD"
NO_MATCH = ["Nomor atau kode lacak tidak cocok"]


@pytest.fixture
def report(city, app_keys):
    report = city.send()
    report.receipt_hash = app_keys.hash_of_receipt(CODE)
    return report


def try_code(browser, number, code=CODE):
    return browser.post("/lacak", {"number": number, "code": code})


@pytest.mark.parametrize(
    "write",
    [
        str,
        str.lower,
        lambda number: number.removeprefix("KTA-"),
        lambda number: number.replace("-", ""),
        lambda number: number.replace("-", " "),
        lambda number: number[:-2],
        lambda number: number.replace("-", "‑"),
    ],
)
def test_a_number_may_be_written_in_many_ways(browser, report, write):
    answer = try_code(browser, write(report.number))

    assert (answer.status_code, answer.location) == (303, f"/lacak/{report.number}")
    assert page_of(browser.get(answer.location)).h1.text == "Menunggu diperiksa"


@pytest.mark.parametrize("code", [CODE.lower(), CODE.replace("-", " "), " aaaabbbbccccdddd "])
def test_a_code_may_be_written_in_many_ways(browser, report, code):
    assert try_code(browser, report.number, code).status_code == 303


def test_a_wrong_code_and_a_wrong_number_get_the_same_page(app, report):
    absent = "KTA-260999-" + str(check_digit("260999"))
    wrong_code = try_code(Browser(app), report.number, "XXXX-XXXX-XXXX-XXXX")
    wrong_number = try_code(Browser(app), absent, "XXXX-XXXX-XXXX-XXXX")
    right_code_wrong_number = try_code(Browser(app), absent)

    for answer in (wrong_code, wrong_number, right_code_wrong_number):
        assert answer.status_code == 422
        assert errors_of(answer) == NO_MATCH
    assert len(wrong_code.data) == len(wrong_number.data)


def test_as_many_codes_are_compared_whatever_was_typed(browser, report, monkeypatch):
    compared = []

    def compare(self, typed, stored):
        compared.append(stored)
        return False

    monkeypatch.setattr(Keys, "receipt_matches", compare)
    absent = f"KTA-260999-{check_digit('260999')}"
    for number in (report.number, report.number[:-2], absent, "2609990"):
        compared.clear()
        try_code(browser, number)
        assert len(compared) == 2


def test_an_import_has_no_code_and_opens_with_none(browser, report):
    report.receipt_hash = None

    assert errors_of(try_code(browser, report.number, "-")) == NO_MATCH


def test_a_wrong_check_digit_is_said_whether_there_is_a_report_or_not(browser, report):
    wrong = report.number[:-1] + str((int(report.number[-1]) + 1) % 10)

    for number in (wrong, "KTA-260777-" + str((check_digit("260777") + 1) % 10)):
        assert errors_of(try_code(browser, number)) == [
            "Nomor ini salah ketik. Periksa angka terakhirnya"
        ]


@pytest.mark.parametrize("number", ["#9165816", "9165816", "#260001", "916 5816"])
def test_a_tracking_id_is_told_from_our_numbers(browser, report, number):
    report.tracking_id = "9165816"

    assert "www.lapor.go.id" in errors_of(try_code(browser, number))[0]


@pytest.mark.parametrize("number", ["halo", "12", "' OR 1=1", "\x00", "9" * 60])
def test_what_is_no_number_is_said(browser, report, number):
    assert try_code(browser, number).status_code == 422


def test_after_five_wrong_codes_a_guesser_has_to_wait_and_the_reporter_not(app, browser, report):
    for _ in range(5):
        assert try_code(browser, report.number, "X" * 16).status_code == 422
    refused = try_code(Browser(app), report.number, "X" * 16)

    assert refused.status_code == 429
    assert "Coba lagi sesudah pukul 09.16" in refused.text
    assert refused.headers["Retry-After"] == str(15 * 60)
    assert try_code(browser, report.number).status_code == 303


def test_guessing_at_a_number_that_is_none_is_slowed_alike(browser, report):
    absent = "KTA-260999-" + str(check_digit("260999"))
    answers = [try_code(browser, absent, "X" * 16).status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]


def test_without_the_code_a_report_is_as_absent_as_none(browser, report):
    there = browser.get(f"/lacak/{report.number}")
    absent = browser.get("/lacak/KTA-260999-" + str(check_digit("260999")))
    nonsense = browser.get("/lacak/%00%0d%0a")

    assert {answer.status_code for answer in (there, absent, nonsense)} == {404}
    assert len(there.data) == len(absent.data)
    assert page_of(there).h1.text == page_of(absent).h1.text == "Lacak laporan"


@pytest.mark.parametrize("slug", ["balas", "tarik", "konfirmasi", "nirgends"])
def test_without_the_code_nothing_can_be_done(browser, report, slug):
    answer = browser.post(f"/lacak/{report.number}/{slug}", {"version": "1", "text": "Halo"})

    assert answer.status_code == 404
    assert report.version == 1


def test_the_number_in_the_address_is_offered_again(browser, report):
    page = page_of(browser.get(f"/lacak?number={report.number}"))

    assert page.select_one("#number")["value"] == report.number


def test_nobody_keeps_the_page(browser, opens, report):
    assert opens(report).get(f"/lacak/{report.number}").headers["Cache-Control"] == "no-store"
