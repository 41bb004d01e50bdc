"""What the form of a report may weigh (ux.md 9): its first visit fits what a network sends at once."""

import brotli
import pytest
from browser import Browser, page_of
from bs4 import BeautifulSoup
from citizens import hidden_in, typed_into

from lapor_web.models import Area, AreaKind

pytestmark = pytest.mark.usefixtures("city")
LIKE_A_PHONE = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",
    "Accept-Language": "id-ID,id;q=0.9,en-US;q=0.8,en;q=0.7",
    "User-Agent": "Mozilla/5.0 (Linux; Android 8.1.0) AppleWebKit/537.36 Chrome/61.0 Mobile Safari/537.36",
    "Referer": "http://localhost/lapor",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "navigate",
    "Cache-Control": "max-age=0",
}
KECAMATAN = (
    *("Loa Janan Ilir", "Palaran", "Samarinda Ilir", "Samarinda Kota", "Samarinda Seberang"),
    *("Samarinda Ulu", "Samarinda Utara", "Sambutan", "Sungai Kunjang", "Sungai Pinang"),
)


@pytest.fixture
def ten_kecamatan(city, db):
    db.session.query(Area).delete()
    db.session.add_all(
        Area(agency_id=city.agency.id, code=f"64.72.{at}", name=name, kind=AreaKind.KECAMATAN)
        for at, name in enumerate(KECAMATAN, 10)
    )
    db.session.flush()


def on_the_wire(answer) -> int:
    """Bytes of an answer, with its headers and those that a server in front adds."""
    added = "Server: nginx\r\nDate: Tue, 24 Nov 2026 16:45:22 GMT\r\nConnection: keep-alive\r\n"
    return len(f"HTTP/1.1 {answer.status}\r\n{added}{answer.headers}\r\n") + len(answer.data)


@pytest.mark.usefixtures("ten_kecamatan")
def test_the_first_visit_is_one_small_answer(app, db):
    """B1 to B3: page and stylesheet in one, at most 8 KB, and 12,000 bytes with all headers."""
    answer = Browser(app).open("/lapor", headers=LIKE_A_PHONE)
    page = brotli.decompress(answer.data).decode()

    assert len(page_of_text(page).select("#kecamatan option")) == 11
    assert len(answer.data) <= 8 * 1024
    assert on_the_wire(answer) <= 12_000


def test_nothing_more_is_asked_for_than_one_deferred_script(browser):
    """B2: no icon, no picture, no font, no stylesheet."""
    page = page_of(browser.get("/lapor"))
    asked = [one["src"] for one in page.select("[src]")] + [
        one["href"] for one in page.select("link") if not one["href"].startswith("data:")
    ]

    assert [one.partition("?")[0] for one in asked] == ["/static/phone.js"]
    assert page.script["type"] == "module"  # which is deferred, and passed over below Chrome 61


def test_page_and_script_together(browser):
    page = browser.open("/lapor", headers=LIKE_A_PHONE)
    address = page_of_text(brotli.decompress(page.data).decode()).script["src"]
    script = browser.open(address, headers=LIKE_A_PHONE)

    assert len(page.data) + len(script.data) <= 10_752  # B1: 10.5 KB
    assert script.cache_control.immutable


def test_sending_a_report_without_photo_takes_little(browser):
    """B6: at most 3 KB up, all requests and their headers together."""
    checked = browser.post("/lapor", typed_into(browser, name="Budi", phone="081234567890"))
    hidden = {"csrf_token": browser.token(), **hidden_in(checked, "/lapor/kirim")}
    body = "&".join(f"{name}={value}" for name, value in hidden.items())
    headers = "".join(f"{name}: {value}\r\n" for name, value in LIKE_A_PHONE.items())

    assert len(body) < 600
    assert len(headers) + len(body) < 3 * 1024


def page_of_text(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")
