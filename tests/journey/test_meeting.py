"""A whole meeting in two windows: a phone that leads, a wall that follows; and a wall left alone."""

import datetime as dt
import re
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from lapor_web import city, live
from lapor_web.extensions import db
from lapor_web.models import Classification, Opd, Report, User, utc_now
from lapor_web.services.deeds import Doer, perform
from lapor_web.services.submission import Submission, submit
from lapor_web.services.verification import Verify

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)

LATE = ("Jembatan kayu patah", "Drainase tersumbat")
PERSON = "Kabid Bina Marga"


@pytest.fixture(scope="module")
def late_city(served_city):
    """The city, with an office that should have answered two weeks ago."""
    with served_city.app.app_context():
        session = db.session()
        for weeks, title in zip((5, 4), LATE, strict=True):
            then = utc_now() - dt.timedelta(weeks=weeks)
            given = Submission(key=title, story="Sudah lama begini.", place="Jalan Mawar")
            agency = city.current_agency()
            receipt = submit(session, agency, given, keys=city.keys(), now=then)
            session.flush()
            opd = session.scalars(select(Opd).where(Opd.code == "DPUPR")).one()
            verify = Verify(title=title, classification=Classification.NON_SUPERVISORY, opd=opd)
            doer = session.scalars(select(User).where(User.username == "koordinator")).one()
            report = session.get_one(Report, receipt.report_id)
            perform(
                session,
                report.id,
                verify,
                doer=Doer.officer(doer),
                version=report.version,
                now=then,
            )
        session.commit()
    return served_city


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/masuk")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    expect(page.locator("body.desk")).to_be_visible()


def press(page: Page, words: str) -> None:
    """Some bear an arrow behind their words."""
    page.get_by_role("button", name=re.compile(rf"^{words}\W*$")).click()


def code_on(wall: Page) -> str:
    return re.sub(r"\D", "", wall.locator(".code").inner_text())


def test_a_meeting(new_page, late_city, request):
    phone, wall, office = (new_page() for _ in range(3))
    with_script = "with JavaScript" in request.node.name

    def shows(words: str) -> None:
        if not with_script:
            wall.reload()
        expect(wall.locator("#screen")).to_contain_text(words)

    wall.goto("/layar?latar=gelap")
    code = code_on(wall)
    sign_in(phone, "koordinator", late_city.password)
    phone.goto("/koordinasi/rakor")
    phone.set_viewport_size({"width": 360, "height": 640})
    before = phone.locator("ul.reports li").count()
    press(phone, "Buat rapat")
    expect(phone.locator("#agenda tbody th").first).to_contain_text("PUPR")
    if before:  # the same city, a second meeting: it asks what became of the first one's promises
        expect(phone.locator("main")).to_contain_text("Ditepati 0 dari 2")
    press(phone, "Buka rapat")
    phone.fill("#kode", code)
    press(phone, "Sambungkan")
    shows("diterima")

    # late reports, one by one
    press(phone, "Mulai agenda")
    shows(LATE[0])
    expect(wall.locator(".cases .current")).to_contain_text(LATE[0])
    chip = phone.locator(".chips label").nth(1)
    chip.click()
    if with_script:
        expect(wall.locator(".current .commitment")).to_contain_text("sedang dicatat notulis")
    phone.fill("#responsible", PERSON)
    press(phone, "Catat dan lanjut")
    shows(PERSON)
    expect(wall.locator(".cases .current")).to_contain_text(LATE[1])

    # the second one: day and person are two taps
    phone.locator(".chips label").first.click()
    expect(phone.locator("#responsible")).to_have_value(PERSON)
    press(phone, "Catat dan lanjut")
    shows("2 dari 2 dibahas")

    for mode, words in (
        ("Belum", "yang paling lama lebih dulu"),
        ("Rekap", "saat dibuka"),
        ("Komitmen", "Ditepati" if before else "Belum ada rapat sebelumnya"),
        ("Ikhtisar", "Perangkat daerah"),
    ):
        press(phone, mode)
        shows(words)

    # the office has them in its inbox
    sign_in(office, "dpupr", late_city.password)
    office.goto("/kotak-masuk?tampilan=komitmen-rakor")
    for title in LATE:
        expect(office.locator(".list")).to_contain_text(title)

    # closed, the wall is let go and asks for a new code
    phone.get_by_role("link", name="Halaman rapat").click()
    expect(phone.locator("main")).to_contain_text(PERSON)
    press(phone, "Tutup rapat")
    expect(phone.locator("main")).to_contain_text("Ditutup")
    if with_script:
        expect(wall.locator("#screen")).to_contain_text("Masukkan kode ini")
        assert code_on(wall) != code


def test_two_phones_see_each_other(chromium, late_city):
    pages = []
    for _ in range(2):
        context = chromium.new_context(base_url=late_city.url)
        pages.append(context.new_page())
        sign_in(pages[-1], "koordinator", late_city.password)
    first, second = pages
    first.goto("/koordinasi/rakor")
    press(first, "Buat rapat")
    press(first, "Buka rapat")
    second.goto(first.url)
    press(first, "Mulai agenda")
    expect(second.locator("#remote h1")).to_have_text(LATE[0])
    second.keyboard.press("ArrowDown")
    expect(first.locator("#remote h1")).to_have_text(LATE[1])
    # what is being typed is not swapped away under somebody's hands
    second.fill("#responsible", "Sekretaris")
    press(first, "Laporan sebelumnya")
    expect(second.locator("#moved")).to_be_visible()
    expect(second.locator("#responsible")).to_have_value("Sekretaris")
    for page in pages:
        page.context.close()


MEASURE = """() => {
  const [, rows] = document.querySelector('[class*=rows-]').className.match(/rows-([0-9])/)
  for (const body of document.querySelectorAll('.offices tbody')) {
    while (body.rows.length < rows) body.append(body.rows[0].cloneNode(true))
    for (const cell of body.querySelectorAll('td:not(.bars)')) cell.textContent = '345'
  }
  const pen = document.createElement('canvas').getContext('2d')
  const heights = [...document.querySelectorAll('#screen :is(dd, td:not(.bars), .days, .sum b, .code)')]
    .filter(one => /[0-9]/.test(one.textContent))
    .map(one => {
      const style = getComputedStyle(one)
      pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
      return pen.measureText('0').actualBoundingBoxAscent
    })
  const foot = document.querySelector('footer').getBoundingClientRect().top
  const outside = [...document.querySelectorAll('#screen :is(header, dl, table, .cases, .pause)')]
    .filter(one => {
      const { right, bottom } = one.getBoundingClientRect()
      return right > innerWidth || bottom > foot + 1 || one.scrollWidth > one.clientWidth + 1
    })
  return { heights, outside: outside.map(one => one.className || one.tagName) }
}"""
"""How high the digits are drawn, in pixels, and what does not fit on the screen; where offices are
listed, with as many as there may be, and three digits in each of their counts."""


def test_every_mode_is_read_from_the_last_seat_and_nothing_is_cut_off(chromium, late_city):
    contexts = [
        chromium.new_context(base_url=late_city.url, viewport={"width": width, "height": height})
        for width, height in ((360, 640), (1920, 1080))
    ]
    phone, wall = (context.new_page() for context in contexts)
    wall.goto("/layar")
    sign_in(phone, "koordinator", late_city.password)
    phone.goto("/koordinasi/rakor")
    press(phone, "Buat rapat")
    press(phone, "Buka rapat")
    phone.fill("#kode", code_on(wall))
    press(phone, "Sambungkan")
    expect(wall.locator("#screen")).to_contain_text("diterima")
    press(phone, "Mulai agenda")
    for mode in ("Ikhtisar", "Agenda", "Belum", "Komitmen", "Rekap", "Jeda"):
        press(phone, mode)
        expect(phone.get_by_role("button", name=mode, pressed=True)).to_be_visible()
        for inches, metres in ((65, 8), (55, 8)):
            wall.goto(f"/layar?inci={inches}&jarak={metres}")
            measured = wall.evaluate(MEASURE)
            millimetres = inches * 25.4 * 9 / 337**0.5  # high, at 16:9
            wanted = metres * 1000 / 200 / millimetres * 1080
            where = (mode, inches, metres)
            assert all(height >= wanted for height in measured["heights"]), where
            assert measured["outside"] == [], where
    for context in contexts:
        context.close()


class Door:
    """A server on one port that can be taken away and brought back."""

    def __init__(self, app):
        self.app, self.port = app, 0
        self.open()

    def open(self) -> None:
        live.feed_of(self.app).stops = lambda: False
        self.server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self) -> None:
        live.feed_of(self.app).end()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def door(late_city) -> Iterator[Door]:
    door = Door(late_city.app)
    yield door
    door.close()
    live.feed_of(late_city.app).stops = lambda: False


def test_a_wall_says_when_it_is_stale_and_recovers_alone(chromium, door):
    context = chromium.new_context(base_url=f"http://localhost:{door.port}")
    wall = context.new_page()
    wall.clock.install()
    wall.goto("/layar")
    state = wall.locator("#live")
    expect(state).to_contain_text("Langsung, diperbarui")
    code = code_on(wall)

    door.close()
    wall.clock.fast_forward(19_000)

    expect(state).to_have_class("live stale")
    expect(state).to_contain_text("Terputus, angka per")
    assert code_on(wall) == code  # what it knew stays

    door.open()
    wall.clock.fast_forward(40_000)  # the longest wait before another try

    expect(state).to_have_class("live")
    expect(state).to_contain_text("Langsung")
    context.close()
