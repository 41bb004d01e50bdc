"""Every screen that a citizen meets, one after the other, in a real browser."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Flask
from playwright.sync_api import Page
from small_city import SmallCity

from lapor_web import city as this_city
from lapor_web.extensions import db
from lapor_web.models import ArchiveReason, Area, AreaKind, Outcome, Report, utc_now
from lapor_web.services import approval, closing, conversation, follow_up, verification

STORY = "Lubang besar di depan Gang 7 sejak dua minggu, kemarin ada motor jatuh."
PLACE = "Jalan Pangeran Antasari, depan masjid"
WRONG_CODE = "XXXX-XXXX-XXXX-XXXX"
SIMPLE = (
    *("/", "/lapor", "/lacak", "/laporan", "/laporan?cari=tidakada", "/statistik"),
    *("/bantuan", "/privasi", "/aksesibilitas", "/lacak/lupa-kode", "/l/tidak-ada", "/tidak-ada"),
)


@dataclass(frozen=True)
class Prepared:
    number: str
    code: str


# ---- a report in every state that its reporter can meet ----


def waiting(city: SmallCity, report: Report) -> None:
    pass


def held(city: SmallCity, report: Report) -> None:
    city.do("coordinator", report, verification.PutOnHold(reason="Nama gangnya apa?"))


def answered(city: SmallCity, report: Report) -> None:
    city.verify(report, public_text="Lubang besar di depan gang.")
    city.do("works", report, follow_up.FollowUp(text="Tim sudah ke lokasi.\nDitambal Kamis."))


def approved(city: SmallCity, report: Report) -> None:
    answered(city, report)
    city.show_evidence(report)
    city.do("works", report, follow_up.Propose("Sudah ditambal.", Outcome.FULLY_HANDLED))
    city.do("works-boss", report, approval.Approve())


def finished(city: SmallCity, report: Report) -> None:
    approved(city, report)
    city.do("reporter", report, conversation.Confirm())


def archived(city: SmallCity, report: Report) -> None:
    city.do("coordinator", report, closing.Archive(ArchiveReason.ABUSIVE, "Kata kasar."))


STATES: tuple[Callable[[SmallCity, Report], None], ...] = (
    *(waiting, held, answered, approved, finished, archived),
)


def prepare(app: Flask) -> dict[str, Prepared]:
    """Seeds a small city, and in it one report for each state. Commits."""
    with app.app_context():
        city = SmallCity(db.session(), now=utc_now())
        db.session.add_all(
            Area(agency_id=city.agency.id, code=code, name=name, kind=AreaKind.KECAMATAN)
            for code, name in (("64.72.01", "Palaran"), ("64.72.04", "Samarinda Ulu"))
        )
        keys = this_city.keys()
        reports = {}
        for number, state in enumerate(STATES):
            key = f"the form of {state.__name__}, {number}"
            report = city.send(story=STORY, place=PLACE, key=key)
            code = keys.receipt_code(key)
            report.receipt_hash = keys.hash_of_receipt(code)
            state(city, report)
            reports[state.__name__] = Prepared(report.number, code)
        db.session.commit()
        return reports


# ---- the walk ----


def walk(page: Page, reports: dict[str, Prepared]) -> Iterator[str]:
    """Gives the name of each screen while the page shows it."""
    for address in SIMPLE:
        page.goto(address)
        yield address
    yield from send_a_report(page)
    page.goto(f"/laporan/{reports['finished'].number}")
    yield "a published report"
    page.goto("/lacak")
    page.fill("[name=number]", reports["waiting"].number)
    page.fill("[name=code]", WRONG_CODE)
    page.get_by_role("button", name="Buka laporan").click()
    page.locator("#problem").wait_for()
    yield "a wrong code"
    for name, report in reports.items():
        open_with_code(page, report)
        yield f"own page, {name}"
    page.goto(f"/lacak/{reports['answered'].number}?pilihan=lain")
    yield "the rare deeds"
    form = page.locator("form[action$='/ubah-kontak']")
    if not form.is_visible():
        page.locator("details", has=form).locator("summary").click()
    form.locator("[name=phone]").fill("1")
    form.locator("button[type=submit]").click()
    page.locator("#problem").wait_for()
    yield "a refused deed"


def send_a_report(page: Page) -> Iterator[str]:
    page.goto("/lapor")
    page.get_by_role("button", name="Periksa laporan").click()
    page.locator("[aria-invalid]").first.wait_for()  # the script swaps it in when it comes
    yield "a form with faults"
    page.fill("[name=story]", STORY)
    page.fill("[name=place]", PLACE)
    page.fill("[name=phone]", "0812 3456 7890")
    page.check("[name=about_conduct]")
    page.get_by_role("button", name="Periksa laporan").click()
    send = page.locator("button.button", has_text="Kirim laporan").last
    send.wait_for()
    yield "check"
    send.click()
    page.get_by_role("heading", name="Laporan Anda sudah kami terima").wait_for()
    yield "sent"


def open_with_code(page: Page, report: Prepared) -> None:
    page.goto("/lacak")
    page.fill("[name=number]", report.number)
    page.fill("[name=code]", report.code)
    page.get_by_role("button", name="Buka laporan").click()
    page.locator(".thread").wait_for()
