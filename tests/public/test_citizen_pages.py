"""What holds for every page of citizens: small, whole without a script, and a way to everything."""

import brotli
import pytest
from browser import page_of

PAGES = (
    "/",
    "/lapor",
    "/lacak",
    "/laporan",
    "/statistik",
    "/bantuan",
    "/privasi",
    "/aksesibilitas",
)

pytestmark = pytest.mark.usefixtures("city")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_whole_without_a_script(browser, address):
    page = page_of(browser.get(address))

    for script in page("script"):  # comes when the page stands, and nothing waits for it
        assert script["src"].startswith("/static/")
        assert script.get("type") == "module" or script.has_attr("defer")
    assert len(page("h1")) == 1
    assert page.html["lang"] == "id"
    assert page.select_one("a.skip")["href"] == "#content"
    assert not [one for one in page.find_all(True) if one.has_attr("style")]
    for one in page("input"):
        hidden = one.get("type") == "hidden"
        assert (
            hidden or page.select_one(f"label[for='{one.get('id')}']") or one.find_parent("label")
        )


@pytest.mark.parametrize("address", PAGES)
def test_a_page_fits_into_the_first_flight_of_packets(browser, address):
    """B1: at most 8 KB with what it needs of the stylesheet inside, so one round trip on EDGE."""
    page = browser.get(address)

    assert len(brotli.compress(page.data, quality=4)) <= 8 * 1024
    assert page_of(page).select_one("link[rel=stylesheet]") is None


def test_no_page_uses_words_that_blame_or_beg(browser):
    for address in PAGES:
        words = page_of(browser.get(address)).text.lower()
        for word in ("mohon", "maaf", "silakan", "wajib diisi", "tidak valid", "gagal", "oops"):
            assert word not in words, (address, word)


def test_the_first_page_leads_everywhere(browser):
    links = {one["href"] for one in page_of(browser.get("/"))("a")}

    assert {"/lapor", "/lacak", "/laporan", "/statistik", "/bantuan", "/privasi"} <= links


def test_every_link_of_every_page_leads_somewhere(browser):
    for address in PAGES:
        for link in page_of(browser.get(address)).select("a[href^='/']"):
            assert browser.get(link["href"]).status_code == 200, (address, link["href"])
