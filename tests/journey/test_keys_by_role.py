"""Every key of ux.md 5.2 for each who decides: it opens what its button says, and is shown on it."""

import time
from collections.abc import Iterator

import pytest
from journey.test_report_life import sign_in
from playwright.sync_api import Page, expect
from sqlalchemy import select

from lapor_web import city
from lapor_web.extensions import db
from lapor_web.models import Action, HistoryEntry, Opd, Outcome, Report, User, utc_now
from lapor_web.services.deeds import Deed, Doer, perform
from lapor_web.services.follow_up import Propose
from lapor_web.services.submission import Submission, submit
from lapor_web.services.verification import Verify

pytestmark = pytest.mark.browser
only_with_script = pytest.mark.parametrize("new_page", ["with JavaScript"], indirect=True)

OPENED = {
    ("koordinator", "new"): {
        **{"v": "verifikasi", "t": "tunda", "w": "bukan-wewenang", "e": "arsipkan"},
        **{"m": "gabungkan", "h": "pisahkan", "u": "ubah", "c": "catatan"},
    },
    ("koordinator", "forwarded"): {"a": "alihkan", "t": "tunda"},
    ("dpupr", "forwarded"): {
        **{"a": "kembalikan", "t": "minta-waktu", "d": "tugaskan", "s": "ajukan-selesai"},
        **{"p": "janji", "c": "catatan"},
    },
    ("atasan", "proposed"): {"a": "tolak", "d": "tugaskan", "c": "catatan"},
}
AT_ONCE = {"dpupr": ("forwarded", Action.ASSIGN), "atasan": ("proposed", Action.APPROVE)}
"""One key decides."""


@pytest.fixture(scope="module")
def numbers(served_city) -> dict[str, str]:
    with served_city.app.app_context():
        made = {name: send() for name in ("new", "forwarded", "proposed")}
        works = db.session.scalars(select(Opd).where(Opd.code == "DPUPR")).one()
        verify = Verify(opd=works, title="Got meluap", classification="non_supervisory")
        for name in ("forwarded", "proposed"):
            do("koordinator", made[name], verify)
        do("dpupr", made["proposed"], Propose("Sudah dijelaskan.", Outcome.EXPLAINED))
        db.session.commit()
        return made


def send() -> str:
    agency = db.session.merge(city.current_agency())
    form = Submission(f"key-{time.time_ns()}", "Got meluap di gang.", "Gang Nuri")
    return submit(db.session(), agency, form, keys=city.keys(), now=utc_now()).number


def do(who: str, number: str, deed: Deed) -> None:
    report = db.session.scalars(select(Report).where(Report.number == number)).one()
    user = db.session.scalars(select(User).where(User.username == who)).one()
    doer, version = Doer.officer(user), report.version
    perform(db.session(), report.id, deed, doer=doer, version=version, now=utc_now())


def newest_action(served_city, number: str) -> Action:
    with served_city.app.app_context():
        rows = select(HistoryEntry.action).join(HistoryEntry.report).where(Report.number == number)
        return db.session.scalars(rows.order_by(HistoryEntry.sequence.desc())).first()


@pytest.fixture
def desks(new_page, served_city) -> Iterator[dict[str, Page]]:
    pages = {who: new_page() for who, _ in OPENED}
    for who, page in pages.items():
        sign_in(page, who, served_city.password)
    return pages


@only_with_script
def test_each_key_opens_what_its_button_says(desks, numbers, served_city):
    for (who, state), keys in OPENED.items():
        page = desks[who]
        page.goto(f"/kotak-masuk/{numbers[state]}?tampilan=semua")
        for key, slug in keys.items():
            page.keyboard.press(key)
            form = page.locator(f"#pane .deed[open]:has(form[data-deed={slug}])")
            expect(form, f"{who} {key}").to_be_visible()
            expect(form.locator("summary kbd")).to_have_text(key.upper())
            expect(form.locator(":focus")).to_have_count(1)
            page.keyboard.press("Escape")
            expect(page.locator("#pane .deed[open]")).to_have_count(0)
    # M of an office is a note that has begun; one goes on behind it.
    dpupr = desks["dpupr"]
    dpupr.keyboard.press("m")
    note = dpupr.locator("form[data-deed=catatan] textarea")
    expect(note).to_be_focused()
    dpupr.keyboard.type("SMR-1")
    expect(note).to_have_value("@koordinator Usul digabung ke laporan nomor SMR-1")
    dpupr.keyboard.press("Escape")
    # B is where the answer is written.
    dpupr.keyboard.press("b")
    expect(dpupr.locator("form[data-deed=tindak-lanjut] textarea")).to_be_focused()

    for who, (state, action) in AT_ONCE.items():
        desks[who].goto(f"/kotak-masuk/{numbers[state]}")
        desks[who].keyboard.press("v")
        expect(desks[who].locator("#undo-strip")).to_contain_text(numbers[state])
        assert newest_action(served_city, numbers[state]) is action
    # What went from the list comes back to it.
    row = desks["atasan"].locator(f"#row-{numbers['proposed']}")
    expect(row).to_have_count(0)
    desks["atasan"].keyboard.press("z")
    expect(row.locator("a")).to_be_focused()


@only_with_script
def test_the_moves_are_everybodys(desks, numbers):
    page = desks["dpupr"]
    page.goto("/kotak-masuk?cari=meluap&tampilan=semua")
    page.get_by_role("link", name="Simpan tampilan ini").click()
    page.get_by_label("Nama tampilan").fill("Meluap")
    page.get_by_role("button", name="Simpan tampilan").click()
    page.goto("/kotak-masuk?tampilan=semua")
    rows, pane, press = page.locator(".list .row"), page.locator("#pane"), page.keyboard.press
    first, second = (rows.nth(n).get_attribute("data-number") for n in (0, 1))

    for key, number in (("j", first), ("ArrowDown", second), ("k", first)):
        press(key)
        expect(pane.locator("[data-number]")).to_have_attribute("data-number", number)
        expect(page.locator(f"#row-{number} a")).to_be_focused()
    press("Enter")
    expect(pane.locator("h1")).to_be_focused()
    press("Escape")
    expect(page.locator(f"#row-{first} a")).to_be_focused()
    press("x")
    press("j")
    press("Shift+X")
    expect(page.locator(".bulk output")).to_have_text("2 dipilih")
    press("/")
    expect(page.locator("#search")).to_be_focused()
    press("Escape")
    for keys, heading in (("gl", "Lewat tenggat"), ("gt", "Tugas saya"), ("gk", "Perlu ditindak")):
        for key in keys:
            press(key)
        expect(page.locator("#list h1, #list h2")).to_have_text(heading)
    press("1")
    expect(page.locator("#search")).to_have_value("meluap")
    page.goto(f"/kotak-masuk/{numbers['forwarded']}")
    press(";")
    expect(page.locator(".canned")).to_be_visible()
    press("c")
    page.keyboard.type("Cek alat.")
    press("Control+Enter")
    expect(page.locator("#undo-strip")).to_contain_text("diberi catatan")
    press("z")
    expect(page.locator(".thread li").first).to_contain_text("diurungkan")


@only_with_script
def test_the_keys_are_listed_and_go_off_at_ones_own_settings(desks, numbers):
    page = desks["atasan"]
    page.goto(f"/kotak-masuk/{numbers['proposed']}?tampilan=semua")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_contain_text("setujui")
    page.keyboard.press("Escape")

    page.goto("/pengaturan")
    page.locator("form[action='/pengaturan/pintasan'] [type=checkbox]").uncheck()
    page.locator("form[action='/pengaturan/pintasan'] button").click()
    expect(page.locator("main")).to_contain_text("Pintasan dimatikan.")
    page.goto(f"/kotak-masuk/{numbers['proposed']}?tampilan=semua")
    expect(page.locator("body")).to_have_attribute("data-shortcuts", "off")
    page.keyboard.press("c")
    page.keyboard.press("j")
    expect(page.locator("#pane .deed[open]")).to_have_count(0)
