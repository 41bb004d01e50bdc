"""One report from a citizen's phone through Diskominfo and an OPD and back, in a real browser."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from lapor_web import city
from lapor_web.extensions import db
from lapor_web.models import Attachment
from lapor_web.services import attachment_work

pytestmark = pytest.mark.browser

STORY = "Lubang besar di Jalan Mawar sejak dua minggu, kemarin ada motor jatuh."
PLACE = "Jalan Mawar, depan masjid"
TITLE = "Lubang besar di Jalan Mawar"
ANSWER = "Tim kami menambal lubang itu hari Kamis."
DONE = "Lubang sudah ditambal dan diratakan."


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/masuk")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    expect(page.locator("body.desk")).to_be_visible()


def open_report(page: Page, number: str) -> None:
    page.goto(f"/kotak-masuk/{number}")
    expect(page.locator("#pane h1, main h1").first).to_be_visible()


def open_deed(page: Page, slug: str) -> Locator:
    """Its form, opened by its button as an officer would; the answer box stands open."""
    form = page.locator(f"form[data-deed={slug}]")
    if not form.is_visible():
        page.locator(f"a[data-deed={slug}], details[data-deed={slug}] > summary").first.click()
    expect(form).to_be_visible()
    return form


def send(form: Locator) -> None:
    form.locator("button.main[type=submit]").click()


def counted(page: Page) -> dict[str, int]:
    """What the coordination view says of this year."""
    page.goto("/koordinasi")
    words = page.locator("dl.figures dt").all_inner_texts()
    numbers = page.locator("dl.figures dd").all_inner_texts()
    found = dict(zip(words, numbers, strict=True))
    return {
        word: int(found[word])
        for word in ("diterima", "selesai", "proses", "belum ditindaklanjuti")
    }


def grown(page: Page, before: dict[str, int]) -> dict[str, int]:
    return {
        word: count - before[word] for word, count in counted(page).items() if count != before[word]
    }


def test_a_report_comes_home(new_page, served_city, photo):
    citizen, coordinator, liaison, supervisor = (new_page() for _ in range(4))
    for page, username in (
        (coordinator, "koordinator"),
        (liaison, "dpupr"),
        (supervisor, "atasan"),
    ):
        sign_in(page, username, served_city.password)
    before = counted(coordinator)

    # the citizen sends
    citizen.goto("/lapor")
    citizen.fill("[name=story]", STORY)
    citizen.fill("[name=place]", PLACE)
    citizen.get_by_role("button", name="Periksa laporan").click()
    expect(citizen.get_by_role("heading", level=1)).to_contain_text("Laporan belum terkirim")
    citizen.get_by_role("button", name="Kirim laporan").click()
    expect(citizen.get_by_role("heading", level=1)).to_have_text("Laporan Anda sudah kami terima")
    number = re.search(r"SMR-\d{6,}-\d", citizen.inner_text("main"))[0]
    assert grown(coordinator, before) == {}  # not verified yet: outside the count

    # the coordinator verifies and disposes
    open_report(coordinator, number)
    form = open_deed(coordinator, "verifikasi")
    form.locator("[name=title]").fill(TITLE)
    form.locator("[name=classification]").select_option("non_supervisory")
    form.locator("[name=opd]").select_option("DPUPR")
    send(form)
    expect(coordinator.locator("#undo-strip")).to_contain_text(f"{number} diteruskan")
    assert grown(coordinator, before) == {"diterima": 1, "belum ditindaklanjuti": 1}

    # the OPD answers
    open_report(liaison, number)
    form = open_deed(liaison, "tindak-lanjut")
    form.locator("[name=text]").fill(ANSWER)
    send(form)
    expect(liaison.locator("#undo-strip")).to_contain_text(f"{number} dijawab")
    assert grown(coordinator, before) == {"diterima": 1, "proses": 1}

    # … and proposes completion, with a photo
    open_report(liaison, number)
    form = open_deed(liaison, "ajukan-selesai")
    form.locator("[name=text]").fill(DONE)
    form.locator("[name=outcome][value=fully_handled]").check()
    form.locator("[name=evidence]").set_input_files(photo)
    send(form)
    expect(liaison.locator("#undo-strip")).to_contain_text(f"{number} diajukan selesai")
    draw_photos(served_city)

    # the supervisor sees the photo and approves
    open_report(supervisor, number)
    evidence = supervisor.locator("a[href*='/lampiran/'] img").first
    expect(evidence).to_be_visible()
    assert evidence.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    send(supervisor.locator("form[data-deed=setujui]"))
    expect(supervisor.locator("#undo-strip")).to_contain_text(f"{number} disetujui selesai")
    assert grown(coordinator, before) == {"diterima": 1, "proses": 1}

    # the citizen reads, confirms and rates
    citizen.goto(f"/lacak/{number}")
    for words in (ANSWER, DONE):
        expect(citizen.locator("main")).to_contain_text(words)
    citizen.get_by_role("button", name="Sudah beres").click()
    expect(citizen.get_by_role("heading", level=1)).to_contain_text("Selesai")
    assert grown(coordinator, before) == {"diterima": 1, "selesai": 1}
    rating = citizen.locator(f"form[action='/lacak/{number}/nilai']")
    if not rating.is_visible():
        citizen.locator("summary", has=citizen.page.get_by_text(re.compile("nilai", re.I))).click()
    rating.locator("[name=rating][value='5']").check()
    rating.locator("button[type=submit]").click()
    expect(citizen.locator(f"form[action='/lacak/{number}/nilai']")).to_have_count(0)

    # everybody reads it
    stranger = new_page()
    stranger.goto(f"/laporan/{number}")
    expect(stranger.get_by_role("heading", level=1)).to_contain_text(TITLE)
    expect(stranger.locator("main")).to_contain_text(DONE)


def draw_photos(served_city) -> None:
    """What the worker does; a test of its own runs that as a process."""
    with served_city.app.app_context():
        for attachment_id in db.session.scalars(select(Attachment.id)):
            attachment_work.prepare(
                db.session(), attachment_id, keys=city.keys(), storage=city.storage()
            )
        db.session.commit()
