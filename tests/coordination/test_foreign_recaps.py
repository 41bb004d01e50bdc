"""Checking what others printed, on the page."""

import io

import pytest
from browser import page_of

ADDRESS = "/koordinasi/periksa-rekap"
LETTER = "diterima 30, selesai 12, proses 9, belum ditindaklanjuti 7, penyelesaian 40%"


@pytest.mark.parametrize("who", ["coordinator", "leader", "evaluator"])
def test_what_does_not_add_up_is_said_in_a_sentence(city, browser, who):
    browser.sign_in(city.users[who])

    page = page_of(browser.post(ADDRESS, {"text": LETTER}))

    found = [item.get_text(" ", strip=True) for item in page.select(".findings li")]
    assert found[0].startswith("Tidak cocok. Selesai + proses + belum ditindaklanjuti berjumlah 28")
    assert "selisih 2" in found[0]
    assert "diterima seperti tertulis = 12 ÷ 30 = 40,00%" in found[1]
    assert page.select_one("textarea").get_text(strip=True) == LETTER


def test_a_file_and_an_answer_for_htmx(city, browser):
    browser.sign_in(city.users["coordinator"])
    table = b"nama;diterima;selesai;proses;belum\n<b>Kota</b>;6;3;2;1\n"

    answer = browser.post(ADDRESS, {"file": (io.BytesIO(table), "rekap.csv")}, htmx=True)

    assert answer.text.lstrip().startswith('<div id="foreign-recap">')
    assert "&lt;b&gt;Kota&lt;/b&gt;" in answer.text
    assert "1 rekap dibaca" in page_of(answer).h2.get_text()


@pytest.mark.parametrize("text", ["", "Selamat pagi"])
def test_nothing_to_check_says_what_to_write(city, browser, text):
    answer = browser.sign_in(city.users["coordinator"]).post(ADDRESS, {"text": text})

    assert answer.status_code == 422
    assert "Tidak ada angka rekap" in page_of(answer).select_one("#problem").get_text()
    assert text in page_of(answer).select_one("textarea").get_text()
