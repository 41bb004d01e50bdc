"""The pages that explain say what is true: every number in them comes from the code."""

import pytest
from browser import page_of

from lapor_web import reporter_session
from lapor_web.commands import backup
from lapor_web.services import attachment_work, conversation, report_links, throttle

pytestmark = pytest.mark.usefixtures("city")


def words_of(browser, address: str) -> str:
    return " ".join(page_of(browser.get(address)).main.text.split())


@pytest.mark.parametrize(
    ("days", "words"),
    [((730, 730), ("2 tahun", "2 tahun")), ((365, 30), ("1 tahun", "30 hari"))],
)
def test_privacy_says_how_long_this_city_keeps_what(app, browser, monkeypatch, days, words):
    monkeypatch.setitem(app.config, "LAPOR_RETENTION_DAYS", days)
    said = words_of(browser, "/privasi")

    assert f"Nama dan kontak dihapus {words[0]} sesudah laporan ditutup" in said
    assert f"foto dan berkas {words[1]} sesudahnya" in said


def test_the_numbers_are_those_of_the_code(browser):
    privacy, help_page = words_of(browser, "/privasi"), words_of(browser, "/bantuan")

    assert f"membuka laporan Anda selama {report_links.LIFETIME.days} hari" in privacy
    assert f"sampai {reporter_session.IDLE.total_seconds() / 3600:.0f} jam" in privacy
    assert (throttle.REMEMBERED.days, "satu hari" in privacy) == (1, True)
    assert (attachment_work.WAITS_FOR_A_REPORT.days, "sesudah dua hari" in privacy) == (2, True)
    assert f"dari cadangan kami hilang {backup.DAYS_KEPT} hari kemudian" in privacy
    assert f"selama {report_links.LIFETIME.days} hari" in help_page
    assert f"satu kali dalam {conversation.REOPEN_WITHIN.days} hari" in help_page


def test_help_leads_to_everything_that_it_names(browser):
    links = {one["href"] for one in page_of(browser.get("/bantuan")).main("a")}

    assert {"/lapor", "/lacak", "/lacak/lupa-kode"} <= links
