"""What ux.md 8 and 9 ask of an officer's screens: axe in both themes, and no wider than a phone."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from journey.test_citizen_screens import WIDER, faults
from playwright.sync_api import Browser, Page, expect
from small_city import SmallCity
from sqlalchemy import select

from lapor_web.extensions import db
from lapor_web.models import Outcome, Report, User, utc_now
from lapor_web.services import presence, sessions
from lapor_web.services.follow_up import FollowUp, Note, Propose
from lapor_web.services.reveal import RevealIdentity
from lapor_web.services.saved_views import save_view
from lapor_web.sign_in import TOKEN

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def numbers(city_app) -> dict[str, str]:
    """Reports by what there is to see of them."""
    with city_app.app_context():
        city = SmallCity(db.session(), now=utc_now())
        reports = {"new": city.send(story="Got meluap di gang.", anonymous=True)}
        for name in ("forwarded", "answered", "proposed"):
            reports[name] = city.sent_to("WORKS")
        for name in ("answered", "proposed"):
            city.do("works", reports[name], FollowUp("Tim sudah ke lokasi.\nDitambal Kamis."))
        city.do("works", reports["answered"], Note("Minta regu tiga."))
        city.show_evidence(reports["proposed"])
        done = Propose("Sudah ditambal.", Outcome.FULLY_HANDLED)
        city.do("works", reports["proposed"], done)
        reason = "Pelapor perlu dihubungi karena ada ancaman keselamatan di lokasi."
        city.do("coordinator", reports["new"], RevealIdentity(reason))
        works = city.users["works"]
        save_view(city.session, works, name="Lampu", query="cari=lampu", shared=True, now=utc_now())
        city.session.commit()
        return {name: report.number for name, report in reports.items()}


@pytest.fixture(scope="module")
def address(city_app, serve) -> str:
    return serve(city_app)


@pytest.fixture
def open_desk(chromium: Browser, city_app, address) -> Iterator[Callable[..., Page]]:
    """A page of somebody who has signed in."""
    contexts = []

    def open_desk(username: str, **settings: object) -> Page:
        context = chromium.new_context(base_url=address, **settings)
        contexts.append(context)
        context.add_cookies([cookie(city_app, username) | {"url": address}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page

    yield open_desk
    for context in contexts:
        context.close()


def cookie(app: Flask, username: str) -> dict[str, str]:
    with app.app_context():
        token = sessions.open_session(db.session(), user_of(username), utc_now())
        db.session.commit()
    signer = app.session_interface.get_signing_serializer(app)
    return {"name": app.config["SESSION_COOKIE_NAME"], "value": signer.dumps({TOKEN: token})}


def user_of(username: str) -> User:
    return db.session.scalars(select(User).where(User.username == username)).one()


def be_at(app: Flask, number: str) -> None:
    """A colleague writes at that report."""
    with app.app_context():
        report = db.session.scalars(select(Report).where(Report.number == number)).one()
        writing = presence.State.WRITING
        presence.beat(db.session(), user_of("works2"), report.id, state=writing, now=utc_now())
        db.session.commit()


def walk(
    app: Flask, page_of: Callable[[str], Page], numbers: dict[str, str]
) -> Iterator[tuple[str, Page]]:
    """Gives name and page of each screen while it is shown."""
    page = page_of("works")
    be_at(app, numbers["answered"])
    for path in ("?tampilan=semua", "?saring=ya&status=in_process", "?cari=tidakada"):
        page.goto(f"/kotak-masuk{path}")
        yield path, page
    for path in (f"/{numbers['answered']}", "/tampilan", "/riwayat"):
        page.goto(f"/kotak-masuk{path}")
        yield path, page
    page.goto(f"/kotak-masuk/{numbers['answered']}")
    page.locator("form[data-deed=tindak-lanjut] textarea").fill("Ditambal Kamis.\n" * 12)
    page.locator("form[data-deed=tindak-lanjut] [name=lihat]").click()
    expect(page.locator(".preview")).to_be_focused()
    yield "what would be received", page
    page.goto("/kotak-masuk")
    page.locator("[data-dialog=shortcuts]").dispatch_event("click")
    expect(page.locator("dialog[open]")).to_be_visible()
    yield "the keys", page
    page.goto("/kotak-masuk?pilih=halaman")
    page.locator(".bulk button[value=tugaskan]").click()
    expect(page.locator(".notice")).to_be_visible()
    yield "a deed on many that lacks something", page
    boss = page_of("works-boss")
    boss.goto(f"/kotak-masuk/{numbers['proposed']}")
    yield "an approval", boss
    inspector = page_of("inspector")
    inspector.goto("/kotak-masuk/pembukaan-identitas")
    expect(inspector.locator("main tbody tr")).to_have_count(1)
    yield "who looked behind a name", inspector
    coordinator = page_of("coordinator")
    coordinator.goto("/kotak-masuk/belum-disalin")
    expect(coordinator.locator("main tbody tr").first).to_be_visible()
    yield "what is not copied", coordinator
    coordinator.goto(f"/kotak-masuk/{numbers['new']}?formulir=verifikasi")
    yield "a verification", coordinator
    coordinator.locator("form[data-deed=verifikasi] button.main").click()
    expect(coordinator.locator(".problem")).to_be_visible()
    yield "a verification with faults", coordinator


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_at_a_desk(city_app, open_desk, numbers, theme):
    def page_of(username: str) -> Page:
        return open_desk(username, color_scheme=theme, viewport={"width": 1366, "height": 768})

    found = {name: faults(page) for name, page in walk(city_app, page_of, numbers)}

    assert {name: what for name, what in found.items() if what} == {}


def test_no_screen_of_an_officer_is_wider_than_a_phone(city_app, open_desk, numbers):
    def page_of(username: str) -> Page:
        return open_desk(username, viewport={"width": 320, "height": 640})

    wide = {
        name: page.evaluate(WIDER)
        for name, page in walk(city_app, page_of, numbers)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth")
    }

    assert wide == {}


def test_the_bar_for_the_picked_never_covers_what_has_the_focus(open_desk, numbers):
    page = open_desk("works")
    page.goto("/kotak-masuk?tampilan=semua&pilih=halaman")
    covered = {}
    for width in (360, 1366):
        for height in range(360, 660, 60):
            page.set_viewport_size({"width": width, "height": height})
            covered[width, height] = page.evaluate(COVERED)

    assert {size: rows for size, rows in covered.items() if rows} == {}


COVERED = """[...document.querySelectorAll('.row a, .row input')].filter(one => {
    one.focus()
    return one.getBoundingClientRect().bottom > document.querySelector('.bulk').getBoundingClientRect().top
}).map(one => one.closest('.row').id)"""


@pytest.mark.parametrize("width", [1000, 1366])
def test_what_goes_wrong_is_said_and_no_link_leaves_the_bar(open_desk, numbers, width):
    page = open_desk("coordinator", viewport={"width": width, "height": 768})
    page.goto("/kotak-masuk")

    assert page.evaluate(TROUBLED) <= width


TROUBLED = """() => {
    const [live, trouble] = ['live', 'trouble'].map(id => document.getElementById(id))
    live.hidden = false
    live.querySelector('span').textContent = live.dataset.cut
    trouble.textContent = trouble.dataset.unsent
    return document.documentElement.scrollWidth
}"""
