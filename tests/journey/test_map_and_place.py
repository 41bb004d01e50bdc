"""A phone that tells its place, and the map of what was told: in a real Chromium."""

from collections.abc import Callable, Iterator

import pytest
from areas import IN_WEST, load_areas
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from small_city import SmallCity

from lapor_web.extensions import db
from lapor_web.models import Area, AreaKind, utc_now
from lapor_web.services.places import Point

pytestmark = pytest.mark.browser

TITLE = "<img src=x onerror=alert(1)> Lubang"
STORY = "Lubang besar di aspal Antasari, motor jatuh."
PLACE = "Jalan Antasari Gang 7"


@pytest.fixture(scope="module")
def address(city_app, serve, tmp_path_factory) -> str:
    fill(city_app, tmp_path_factory.mktemp("wilayah"))
    return serve(city_app)


def fill(app: Flask, folder) -> None:
    with app.app_context():
        city = SmallCity(db.session(), now=utc_now())
        for code, name in (("64.72.01", "Palaran"), ("64.72.02", "Samarinda Ulu")):
            area = Area(agency_id=city.agency.id, code=code, name=name, kind=AreaKind.KECAMATAN)
            db.session.add(area)
        db.session.flush()
        load_areas(db.session(), city.agency, folder)
        for east in (0.0, 0.001, 0.06):
            report = city.send(story=STORY, place=PLACE, point=Point(IN_WEST[0], IN_WEST[1] + east))
            city.verify(report, title=TITLE, public_text=STORY)
        city.sent_to("WORKS", confidential=True, point=Point(*IN_WEST))
        db.session.commit()


@pytest.fixture
def open_phone(chromium: Browser, address) -> Iterator[Callable[..., Page]]:
    """Whatever it asks of another host, and every fault in its console, fails the test."""
    contexts, faults = [], []

    def open_phone(**settings: object) -> Page:
        settings = {"viewport": {"width": 360, "height": 640}, **settings}
        context = chromium.new_context(base_url=address, **settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: faults.append(dialog.message))
        page.on(
            "request",
            lambda asked: None if asked.url.startswith(address) else faults.append(asked.url),
        )
        return page

    yield open_phone
    for context in contexts:
        context.close()
    # The answer that a form's script reads has a nonce of its own, and its style is not needed there.
    assert [one for one in faults if not one.startswith("Applying inline style")] == []


def test_the_phone_is_asked_only_when_the_button_is_pressed(open_phone):
    here = {"latitude": IN_WEST[0], "longitude": IN_WEST[1], "accuracy": 14}
    page = open_phone(geolocation=here, permissions=["geolocation"])
    page.goto("/lapor")
    page.fill("#story", STORY)
    page.fill("#place", PLACE)
    page.evaluate("document.getElementById('opened').value = ''")  # faster than people
    assert page.input_value("#latitude") == ""

    page.click("#locate")
    expect(page.locator("#located")).to_have_text("Lokasi ditemukan, akurasi 14 meter")
    page.click("text=Hapus lokasi")
    assert page.input_value("#latitude") == ""
    page.click("#locate")
    expect(page.locator("#locate")).to_have_text("Hapus lokasi")
    page.click("text=Periksa laporan")

    expect(page.locator(".decided")).to_contain_text("titik lokasi dari HP: Rawa Baru, Palaran.")
    page.locator("button[name=ikut]").first.click()
    expect(page.locator("h1")).to_have_text("Laporan Anda sudah kami terima")
    expect(page.locator(".thread")).to_contain_text("Digabung dengan KTA-")


def test_a_phone_that_tells_nothing_needs_words_alone(open_phone):
    page = open_phone()  # without the permission
    page.goto("/lapor")
    page.click("#locate")

    expect(page.locator("#located")).to_have_text("Lokasi tidak ditemukan. Tulis patokannya saja.")


def test_the_map_counts_opens_and_names_without_a_line_of_markup(open_phone):
    page = open_phone()
    page.goto("/laporan")
    page.click("text=Lihat di peta")
    expect(page.locator("#map-words")).to_have_text("3 laporan di bagian peta ini.")
    expect(page.locator(".spot.many")).to_have_attribute("aria-label", "2 laporan, perbesar")

    page.locator(".spot:not(.many)").focus()
    page.keyboard.press("Enter")
    popup = page.locator(".leaflet-popup-content a")
    expect(popup).to_have_text(TITLE)
    page.locator(".spot.many").evaluate("one => one.id = 'before'")
    page.locator("#map").focus()
    page.keyboard.press("ArrowRight")  # spots are asked for anew, and what is open stays open
    expect(page.locator(".spot.many:not(#before)")).to_be_attached()
    expect(page.locator(".leaflet-popup[style*='opacity: 1']")).to_have_count(1)
    popup.click()
    expect(page.locator("h1")).to_have_text(TITLE)
    page.click("text=Lihat tempatnya di peta")
    expect(page.locator(".chosen")).to_be_visible()
    page.wait_for_selector(".spot")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_is_for_everybody(open_phone, scheme):
    page = open_phone(color_scheme=scheme, viewport={"width": 320, "height": 640})
    page.goto("/laporan/peta")
    page.wait_for_selector(".spot")
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=rules).response["violations"]

    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_the_script_there_is_a_list(open_phone):
    page = open_phone(java_script_enabled=False)
    page.goto("/laporan/peta")

    assert not page.locator("#map").is_visible()
    page.locator("#map-words a").click()
    assert page.locator(".reports li").count() == 3
