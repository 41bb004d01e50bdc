"""A citizen's whole way on their own phone: with JavaScript, without it, and as Opera Mini."""

import re
from collections.abc import Callable, Iterator

import pytest
from opera_mini import as_opera_mini
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from lapor_web import city
from lapor_web.extensions import db
from lapor_web.models import (
    Classification,
    Opd,
    Outcome,
    Report,
    ReporterIdentity,
    Status,
    User,
    utc_now,
)
from lapor_web.services import approval, follow_up, report_links, verification
from lapor_web.services.deeds import Deed, Doer, perform

pytestmark = pytest.mark.browser

STORY = "Lampu jalan mati sejak Senin malam, gelap sekali."
PLACE = "Jalan Mawar, depan masjid"


@pytest.fixture(params=["JavaScript", "no JavaScript", "Opera Mini"])
def new_phone(request, chromium: Browser, served_city) -> Iterator[Callable[[], Page]]:
    contexts = []

    def open_phone() -> Page:
        context = chromium.new_context(
            base_url=served_city.url,
            viewport={"width": 360, "height": 640},
            java_script_enabled=request.param == "JavaScript",
        )
        contexts.append(context)
        if request.param == "Opera Mini":
            context.route("**/*", as_opera_mini)
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page

    yield open_phone
    for context in contexts:
        context.close()


@pytest.fixture
def officer(served_city) -> Callable[..., None]:
    """Does a deed with the newest report, as the officer of that name."""

    def act(username: str, make: Callable[[Report], Deed]) -> None:
        with served_city.app.app_context():
            session = db.session()
            report = session.scalars(select(Report).order_by(Report.id.desc()).limit(1)).one()
            user = session.scalars(select(User).where(User.username == username)).one()
            perform(
                session,
                report.id,
                make(report),
                doer=Doer.officer(user),
                version=report.version,
                now=utc_now(),
            )
            session.commit()

    return act


def form_of(page: Page, slug: str) -> Locator:
    """Opened first, where it stands folded."""
    form = page.locator(f"form[action$='/{slug}']")
    if not form.locator("button[type=submit]").is_visible():
        page.locator("details", has=form).locator("summary").click()
    return form


def send(page: Page, slug: str, **typed: str) -> None:
    form = form_of(page, slug)
    for name, value in typed.items():
        field = form.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "radio":
            form.locator(f"[name={name}][value='{value}']").check()
        else:
            field.fill(value)
    form.locator("button[type=submit]").click()


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def verify(report: Report) -> Deed:
    works = db.session.scalars(select(Opd).where(Opd.code == "DPUPR")).one()
    return verification.Verify(works, "Lampu mati", Classification.NON_SUPERVISORY)


def propose(report: Report) -> Deed:
    return follow_up.Propose("Sudah kami jelaskan.", Outcome.EXPLAINED)


def test_from_the_first_word_to_the_last(new_phone, officer, served_city):
    phone = new_phone()

    # three questions, one of them forgotten at first
    phone.goto("/lapor")
    phone.fill("[name=story]", STORY)
    phone.get_by_role("button", name="Periksa laporan").click()
    expect(phone.locator(".problem")).to_contain_text("Tulis tempat kejadian")
    expect(phone.locator("[name=story]")).to_have_value(STORY)
    phone.fill("[name=place]", PLACE)
    phone.fill("[name=phone]", "0812 3456 7890")
    phone.get_by_role("button", name="Periksa laporan").click()
    expect(heading(phone)).to_have_text("Sudah benar? Laporan belum terkirim")
    phone.locator("button.button:not(.flat)", has_text="Kirim laporan").last.click()
    expect(heading(phone)).to_have_text("Laporan Anda sudah kami terima")
    said = phone.locator(".promise").inner_text()
    number = re.search(r"SMR-\d{6,}-\d", said)[0]
    code = re.search(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", said)[0]

    # on another phone: a wrong code, the right one, and what was asked for
    phone = new_phone()
    phone.goto("/lacak")
    phone.fill("[name=number]", number.lower())
    phone.fill("[name=code]", code[::-1])
    phone.get_by_role("button", name="Buka laporan").click()
    expect(phone.locator(".problem")).to_contain_text("Nomor atau kode lacak tidak cocok")
    phone.fill("[name=code]", code.lower().replace("-", " "))
    phone.get_by_role("button", name="Buka laporan").click()
    expect(heading(phone)).to_have_text("Menunggu diperiksa")
    officer("koordinator", lambda report: verification.PutOnHold(reason="Nama gangnya apa?"))
    phone.get_by_role("link", name="Muat ulang").click()
    expect(heading(phone)).to_have_text("Kami butuh keterangan Anda")
    send(phone, "lengkapi", text="Gang 7.")
    expect(heading(phone)).to_have_text("Menunggu diperiksa")

    # answered, done, not done, done
    officer("koordinator", verify)
    officer("dpupr", lambda report: follow_up.FollowUp(text="Kami cek malam ini."))
    phone.get_by_role("link", name="Muat ulang").click()
    expect(phone.locator(".thread")).to_contain_text("Kami cek malam ini.")
    send(phone, "balas", text="Terima kasih, kami tunggu.")
    expect(phone.locator(".thread")).to_contain_text("Terima kasih, kami tunggu.")
    for deed, said, leads_to in (
        ("keberatan", {"reason": "Masih gelap."}, "Sedang ditangani"),
        ("konfirmasi", {}, "Selesai"),
    ):
        officer("dpupr", propose)
        officer("atasan", lambda report: approval.Approve())
        phone.get_by_role("link", name="Muat ulang").click()
        expect(heading(phone)).to_contain_text("menyatakan selesai. Sudah beres?")
        send(phone, deed, **said)
        expect(heading(phone)).to_have_text(re.compile(f"^{leads_to}"))
    send(phone, "nilai", rating="2")
    expect(phone.locator(".thread")).to_contain_text("Anda memberi nilai 2 dari 5")
    send(phone, "buka-kembali", reason="Mati lagi.", rating="1")
    expect(heading(phone)).to_contain_text("Sedang ditangani")

    # in by the link of a message, and by no code
    with served_city.app.app_context():
        report = db.session.scalars(select(Report).where(Report.number == number)).one()
        token = report_links.make_link(db.session(), report, utc_now(), keys=city.keys())
        report_id = report.id
        db.session.commit()
    phone = new_phone()
    phone.goto(f"/l/{token}")
    expect(heading(phone)).to_contain_text("Sedang ditangani")
    phone.goto("/lacak")
    phone.get_by_role("link", name="Kode lacak hilang?").click()
    phone.fill("[name=number]", number)
    phone.fill("[name=contact]", "081234567890")
    phone.get_by_role("button", name="Kirim tautan baru").click()
    expect(heading(phone)).to_have_text("Periksa pesan di HP atau surel Anda")

    # another contact, no contact, the end
    phone.goto(f"/lacak/{number}")
    phone.get_by_role("link", name="Ubah kontak, hapus data, atau tarik laporan").click()
    send(phone, "ubah-kontak", email="budi@contoh.id")
    expect(phone.locator(".thread")).to_contain_text("Kontak Anda diubah")
    phone.goto(f"/lacak/{number}?pilihan=lain")
    expect(phone.locator("main")).to_contain_text("Kabar dikirim ke b•••@contoh.id.")
    send(phone, "hapus-data")
    expect(phone.locator(".foot")).to_contain_text("Laporan ini tanpa kontak")
    phone.goto(f"/lacak/{number}?pilihan=lain")
    send(phone, "tarik", text="Sudah beres sendiri.")
    expect(heading(phone)).to_have_text("Ditutup: ditarik pelapor")

    with served_city.app.app_context():
        assert db.session.get(ReporterIdentity, report_id).sealed is None
        assert db.session.get(Report, report_id).status is Status.ARCHIVED
