"""Filters, feed and share preview of the published reports: of the same reports, and of no other."""

from xml.etree import ElementTree as xml

import pytest
from browser import page_of

from lapor_web.models import Category, Classification
from lapor_web.services import follow_up, verification
from lapor_web.services.identity import Identity

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def roads(city):
    """The subject "Jalan" with a narrower one under it."""
    road = Category(agency_id=city.agency.id, code="JALAN", name="Jalan")
    hole = Category(agency_id=city.agency.id, code="LUBANG", name="Jalan berlubang", parent=road)
    city.session.add_all([road, hole])
    city.session.flush()
    return hole


def listed(browser, query="") -> list[str]:
    links = page_of(browser.get(f"/laporan?{query}")).select(".reports a")
    return [link["href"].removeprefix("/laporan/") for link in links]


def feed_of(browser, query="") -> xml.Element:
    answer = browser.get(f"/laporan.atom?{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    return xml.fromstring(answer.data)  # noqa: S314  our own


def text_of(element, path) -> str:
    return element.find(path, ATOM).text


# ---- filters ----


def test_a_subject_holds_those_under_it(city, browser, roads):
    report = city.send()
    city.verify(report, category=roads)
    city.sent_to("WORKS")

    assert listed(browser, "kategori=JALAN") == [report.number]
    # The narrower ones are no choice of their own.
    assert len(listed(browser, "kategori=LUBANG")) == 2


def test_an_office_holds_those_under_it(city, browser):
    village, district, works = (city.sent_to(opd) for opd in ("VILLAGE", "DISTRICT", "WORKS"))

    assert listed(browser, "opd=DISTRICT") == [district.number, village.number]
    assert listed(browser, "opd=WORKS&status=belum") == [works.number]
    assert listed(browser, "opd=ROADS") == []


def test_what_is_chosen_stays_chosen(city, browser, roads):
    page = page_of(browser.get("/laporan?kategori=JALAN&opd=WORKS&status=proses&cari=lampu"))
    chosen = {one.parent["name"]: one["value"] for one in page.select("option[selected]")}

    assert chosen == {"kategori": "JALAN", "opd": "WORKS", "status": "proses"}
    assert page.details.has_attr("open")
    assert page.select_one("#cari")["value"] == "lampu"
    assert "VILLAGE" not in {one["value"] for one in page.select("#opd option")}


# ---- the feed ----


def test_the_feed_is_of_what_the_list_shows(city, browser):
    older, newer = city.sent_to("WORKS"), city.sent_to("ROADS")
    city.send()
    city.sent_to("WORKS", confidential=True)
    feed = feed_of(browser)
    entries = feed.findall("a:entry", ATOM)

    assert [text_of(one, "a:id").rsplit("/", 1)[1] for one in entries] == listed(browser)
    assert [text_of(one, "a:id").rsplit("/", 1)[1] for one in entries] == [
        newer.number,
        older.number,
    ]
    assert [
        text_of(one, "a:id").rsplit("/", 1)[1]
        for one in feed_of(browser, "opd=WORKS").findall("a:entry", ATOM)
    ] == [older.number]


def test_the_feed_has_what_rfc_4287_asks_for(city, browser):
    city.sent_to("WORKS")
    feed = feed_of(browser, "kecamatan=64.72.01&cari=%3Cb%3E")
    links = {one.get("rel"): one.get("href") for one in feed.findall("a:link", ATOM)}

    assert links["self"] == text_of(feed, "a:id")
    assert links["self"].startswith("http://localhost/laporan.atom?")
    assert links["alternate"].startswith("http://localhost/laporan?")
    assert "Palaran" in text_of(feed, "a:title")
    assert text_of(feed, "a:author/a:name") == "Lapor Kota"
    (entry,) = feed_of(browser).findall("a:entry", ATOM)
    for name in ("id", "title", "updated", "published", "summary"):
        assert text_of(entry, f"a:{name}")
    assert text_of(entry, "a:updated").endswith("+00:00")


def test_an_empty_feed_is_whole(city, browser):
    assert text_of(feed_of(browser), "a:updated").startswith("2020-01-01T00:00:00")


def test_an_entry_moves_on_when_the_public_sees_something_new(city, browser):
    report = city.sent_to("WORKS")
    before = text_of(feed_of(browser), "a:entry/a:updated")
    city.wait(hours=3)
    city.do("works", report, follow_up.FollowUp(text="Kami cek."))

    assert text_of(feed_of(browser), "a:entry/a:updated") > before
    assert "Sedang ditangani Works" in text_of(feed_of(browser), "a:entry/a:summary")


def test_markup_and_what_xml_cannot_hold_stay_text(city, browser):
    city.verify(
        city.send(), title="<script>alert(1)</script> & \x0b\x1b[2J\ufffe", public_text="]]>"
    )

    assert text_of(feed_of(browser), "a:entry/a:title") == "<script>alert(1)</script> & [2J"


def test_who_has_it_already_is_told_so_until_it_is_taken_down(city, browser):
    report = city.sent_to("WORKS")
    first = browser.get("/laporan.atom")
    again = browser.open("/laporan.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304

    hide = verification.Flags(anonymous=False, confidential=True, about_conduct=False)
    city.do("coordinator", report, verification.Edit(flags=hide))
    again = browser.open("/laporan.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert report.number not in again.text


# ---- the share preview ----


def test_a_preview_has_title_and_state_and_no_name(city, browser):
    report = city.send(identity=Identity("Zulkarnain", "081234567890"))
    city.verify(report, title='Lampu "mati" <b>', public_text="Lampu mati.")
    page = page_of(browser.get(f"/laporan/{report.number}"))
    said = {one["property"]: one["content"] for one in page.select("meta[property]")}

    assert said["og:title"] == 'Lampu "mati" <b>'
    assert said["og:description"] == "Diteruskan ke Works. Jalan Mawar"
    assert said["og:url"] == f"http://localhost/laporan/{report.number}"
    assert said["og:image"].startswith("http://localhost/static/bagikan.png?v=")
    assert "Zulkarnain" not in str(page)


def test_the_picture_is_the_same_for_all_and_there(city, browser):
    pictures = set()
    for _ in range(2):
        page = page_of(browser.get(f"/laporan/{city.sent_to('WORKS').number}"))
        pictures.add(page.select_one("meta[property='og:image']")["content"])
    (picture,) = pictures

    assert browser.get(picture.removeprefix("http://localhost")).mimetype == "image/png"


def test_classes_are_no_secret_of_the_feed(city, browser):
    """What officers sort by is in no copy for the public."""
    report = city.send()
    city.verify(report, "AUDIT", classification=Classification.SUPERVISORY)

    assert "supervisory" not in browser.get("/laporan.atom").text
