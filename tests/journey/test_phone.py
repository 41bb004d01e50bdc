"""What the script of citizens' pages promises on a weak network: no word lost, one report, all photos."""

import io
import json
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import picture_files
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from sqlalchemy import select
from weak_network import ANSWER, WeakNetwork

from lapor_web import city as this_city
from lapor_web.extensions import db
from lapor_web.models import Attachment, Report
from lapor_web.services.attachments import Copy, read
from lapor_web.services.pictures import draw_anew

pytestmark = pytest.mark.browser

PLACE = "Jalan Antasari, depan masjid"
PIECE = 32 * 1024
MINUTES = 5 * 60_000
"""Of a link that is slow on purpose, on a machine that may be busy with other things."""
EDGE = {
    "offline": False,
    "latency": 840,
    "downloadThroughput": 240_000 / 8,
    "uploadThroughput": 240_000 / 8,
    "connectionType": "cellular2g",
}


@pytest.fixture
def network(served_city) -> Iterator[WeakNetwork]:
    where = urlsplit(served_city.url)
    with WeakNetwork((where.hostname, where.port)) as network:
        yield network


@pytest.fixture
def open_phone(chromium: Browser, network) -> Iterator[Callable[..., Page]]:
    contexts, faults = [], []

    def open_phone(script: str = "") -> Page:
        context = chromium.new_context(
            base_url=network.url, viewport={"width": 360, "height": 640}, locale="id-ID"
        )
        contexts.append(context)
        context.add_init_script(script)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda told: faults.append(told.text) if is_fault(told) else None)
        return page

    yield open_phone
    for context in contexts:
        context.close()
    assert faults == []


def is_fault(told: ConsoleMessage) -> bool:
    """What a browser says of answers with an error, and of cut connections, is meant here."""
    return told.type == "error" and not told.text.startswith("Failed to load resource")


@pytest.fixture
def phone(open_phone) -> Page:
    return open_phone()


def photo(
    name: str, size: tuple[int, int] = (2400, 1800), orientation: int = 1
) -> dict[str, object]:
    """As a camera makes one: with a place, and with much to see. A blue corner at the top left."""
    noise = Image.effect_noise((size[0] // 4, size[1] // 4), 25).resize(size).convert("RGB")
    ImageDraw.Draw(noise).rectangle((0, 0, size[0] // 3, size[1] // 3), fill="blue")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=88, exif=picture_files.exif(orientation))
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def fill_in(page: Page, story: str, **files: object) -> None:
    page.goto("/lapor")
    page.fill("[name=story]", story)
    page.fill("[name=place]", PLACE)
    if files:
        page.set_input_files("[name=photos]", files["photos"])


def check(page: Page) -> None:
    page.get_by_role("button", name="Periksa laporan").click()


def send(page: Page) -> None:
    page.locator("button.button", has_text="Kirim laporan").last.click()


def stored(served_city, story: str) -> tuple[list[Report], list[bytes]]:
    """The reports with that text, and the files of the first as they came."""
    with served_city.app.app_context():
        reports = list(db.session.scalars(select(Report).where(Report.story == story)))
        tools = {"keys": this_city.keys(), "storage": this_city.storage()}
        files = db.session.scalars(
            select(Attachment).where(Attachment.report_id == reports[0].id).order_by(Attachment.id)
        )
        contents = [read(one, Copy.ORIGINAL, **tools) for one in files]
        db.session.rollback()
        return reports, contents


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words, timeout=MINUTES)


def insist(page: Page, press: Callable[[Page], None], words: str) -> None:
    """As a person does whom the page tells that nothing went out: once more."""
    arrived = page.get_by_role("heading", level=1, name=words)
    for _ in range(5):
        press(page)
        expect(
            arrived.or_(page.locator(".news[data-offline]:visible:not(:empty)")).first
        ).to_be_visible(timeout=MINUTES)
        expect(page.locator("[aria-disabled]")).to_have_count(0, timeout=MINUTES)
        if arrived.is_visible():
            return
    heading(page, words)


# ---- the link is cut ----


def test_on_edge_cut_in_every_post_and_every_photo(served_city, network, phone):
    """One report, all photos, no word lost, at most 32 KB sent again for each cut (B7)."""
    story = "Lubang besar di depan Gang 7. Sinyal di sini putus-nyambung."
    last: dict[int, str] = {}

    def cut(one):
        if one.line.startswith("POST /lapor "):
            return 100 if one.nth == 1 else None
        if one.line.startswith("POST /lapor/kirim"):
            tries = sum("/kirim" in other.line for other in network.passed)
            return {1: 150, 2: ANSWER}.get(tries)
        if one.line.startswith("PATCH"):
            upload = one.line.split(" ")[1]
            if one.header("Upload-Offset") and upload not in last.values():
                last[one.nth] = upload
                return 9_000
        return None

    phone.context.new_cdp_session(phone).send("Network.emulateNetworkConditions", EDGE)
    fill_in(
        phone, story, photos=[photo(f"{at}.jpg", (1600, 1200), orientation=6) for at in range(3)]
    )
    network.cut = cut
    insist(phone, check, "Sudah benar? Laporan belum terkirim")
    expect(phone.locator("#later")).to_have_text("3 foto dikirim sesudah laporan")
    insist(phone, send, "Laporan Anda sudah kami terima")
    expect(phone.locator("#follow p:visible")).to_contain_text(
        "3 foto sudah terkirim.", timeout=MINUTES
    )
    reports, files = stored(served_city, story)
    sent = sum(one.header("Content-Length") for one in network.requests("PATCH"))

    assert network.cuts == 6  # check, send, its answer, and one in each photo
    assert len(reports) == 1
    assert len(files) == 3
    assert all(len(one) <= 90_000 for one in files)  # B7: on 2G
    assert sent - sum(map(len, files)) <= 3 * PIECE
    assert max(one.header("Content-Length") for one in network.requests("PATCH")) <= PIECE


# ---- photos ----


@pytest.mark.parametrize("old", [False, True])
def test_a_photo_is_made_small_and_stands_upright(served_city, open_phone, old):
    """Chrome below 81 draws it as the camera was held, and lets the server turn it."""
    story = f"Trotoar pecah sepanjang jalan ini, foto menyusul, {old}."
    page = open_phone(AS_CHROME_61 if old else "")
    fill_in(page, story, photos=[photo("tegak.jpg", orientation=6)])
    check(page)
    heading(page, "Sudah benar? Laporan belum terkirim")
    send(page)
    expect(page.locator("#follow p:visible")).to_contain_text("1 foto sudah terkirim.")
    _, (content,) = stored(served_city, story)
    sent = Image.open(io.BytesIO(content))
    drawn = Image.open(io.BytesIO(draw_anew(content).picture))

    assert max(sent.size) == 1280
    assert len(content) <= 150_000  # B7
    assert drawn.height > drawn.width
    assert is_blue(drawn, at="top right")
    if not old:
        assert not sent.getexif()


AS_CHROME_61 = """
    CSS.supports = () => false
    const draw = createImageBitmap
    window.createImageBitmap = file => draw(file, { imageOrientation: 'none' })
"""


def test_on_a_narrow_link_a_photo_is_smaller_still(served_city, open_phone):
    """EDGE answers fast enough to call itself 3g (B7)."""
    story = "Tiang listrik miring ke jalan setelah hujan."
    page = open_phone(AS_ON_EDGE)
    fill_in(page, story, photos=[photo("tiang.jpg")])
    check(page)
    heading(page, "Sudah benar? Laporan belum terkirim")
    send(page)
    expect(page.locator("#follow p:visible")).to_contain_text("1 foto sudah terkirim.")
    _, (content,) = stored(served_city, story)

    assert max(Image.open(io.BytesIO(content)).size) == 1024
    assert len(content) <= 90_000


AS_ON_EDGE = """
    const connection = { effectiveType: '3g', downlink: .25 }
    Object.defineProperty(navigator, 'connection', { value: connection })
"""


def is_blue(image: Image.Image, at: str) -> bool:
    red, _, blue = image.getpixel((image.width - 40 if at == "top right" else 40, 40))
    return blue > 200 > 100 > red


def test_what_is_no_photo_is_named_and_the_others_arrive(served_city, phone):
    story = "Parit tersumbat sampah sejak hujan pertama."
    wrong = {"name": "catatan.jpg", "mimeType": "image/jpeg", "buffer": b"words, no picture"}
    fill_in(phone, story, photos=[wrong, photo("parit.jpg", (800, 600))])
    check(phone)
    heading(phone, "Sudah benar? Laporan belum terkirim")
    send(phone)

    expect(phone.locator("#follow p:visible")).to_contain_text("catatan.jpg bukan foto.")
    assert len(stored(served_city, story)[1]) == 1


def test_photos_follow_a_reply_too(served_city, phone):
    story = "Lampu taman mati semua sejak pekan lalu."
    fill_in(phone, story)
    check(phone)
    heading(phone, "Sudah benar? Laporan belum terkirim")
    send(phone)
    phone.get_by_role("link", name="Lihat laporan").click()
    phone.get_by_text("Tambah keterangan atau foto").click()
    phone.fill("[name=text]", "Ini fotonya.")
    phone.set_input_files("form[action$='/balas'] [name=photos]", [photo("taman.jpg", (800, 600))])
    phone.get_by_role("button", name="Kirim keterangan").click()
    expect(phone.locator("#follow p:visible")).to_contain_text("1 foto sudah terkirim.")

    assert "Ini fotonya." in phone.locator("main").inner_text()
    assert len(stored(served_city, story)[1]) == 1


def test_whoever_goes_on_to_the_report_does_not_end_the_upload(served_city, phone):
    story = "Gorong-gorong runtuh, mobil tidak bisa lewat."
    fill_in(phone, story, photos=[photo("gorong.jpg", (800, 600))])
    check(phone)
    heading(phone, "Sudah benar? Laporan belum terkirim")
    held = []
    phone.route("**/foto/*", lambda route: route.continue_() if held else held.append(route))
    send(phone)
    expect(phone.locator("#follow p:visible")).to_contain_text("Foto sedang dikirim, 1 dari 1.")
    with phone.context.expect_page() as opened:
        phone.get_by_role("link", name="Lihat laporan").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Menunggu diperiksa")
    held[0].continue_()
    expect(phone.locator("#follow p:visible")).to_contain_text("1 foto sudah terkirim.")

    assert phone.get_by_role("link", name="Lihat laporan").get_attribute("target") == ""
    assert len(stored(served_city, story)[1]) == 1


# ---- words ----


def draft_of(page: Page) -> list[object] | None:
    return json.loads(page.evaluate("localStorage.getItem('lapor')") or "null") or None


def test_a_draft_waits_on_the_phone_with_words_and_place_only(phone):
    story = "Air PDAM keruh dan berbau sejak Senin."
    fill_in(phone, story)
    phone.fill("[name=name]", "Budi Santoso")
    phone.fill("[name=phone]", "081234567890")
    expect(phone.locator("#draft")).to_contain_text("Draf tersimpan di HP ini pukul")

    assert draft_of(phone)[1:] == [story, PLACE]
    phone.reload()
    found = phone.locator("#found")
    expect(found).to_contain_text("Ada tulisan yang belum terkirim dari hari ini,")
    assert phone.input_value("[name=story]") == ""
    found.get_by_role("button", name="Lanjutkan").click()
    expect(found).to_be_hidden()
    assert phone.input_value("[name=story]") == story
    assert phone.input_value("[name=place]") == PLACE
    assert phone.input_value("[name=name]") == ""
    check(phone)
    heading(phone, "Sudah benar? Laporan belum terkirim")
    send(phone)
    heading(phone, "Laporan Anda sudah kami terima")
    assert draft_of(phone) is None
    phone.goto("/lapor")
    expect(phone.locator("#found")).to_be_hidden()


def test_a_draft_can_be_thrown_away_and_gets_old(phone):
    fill_in(phone, "Pohon tua miring ke arah rumah warga.")
    phone.evaluate(AGED, 26)
    phone.reload()
    expect(phone.locator("#found")).to_contain_text("dari kemarin,")
    kept = phone.evaluate("localStorage.lapor")
    phone.evaluate(AGED, 24 * 8)
    phone.reload()
    expect(phone.locator("#found")).to_be_hidden()
    assert draft_of(phone) is None
    phone.evaluate("kept => localStorage.lapor = kept", kept)
    phone.reload()
    phone.locator("#found").get_by_role("button", name="Hapus").click()
    expect(phone.locator("#found")).to_be_hidden()
    assert draft_of(phone) is None


AGED = """hours => {
    const [, story, place] = JSON.parse(localStorage.lapor)
    const noon = new Date().setHours(12, 0, 0, 0)
    const at = hours ? noon - hours * 36e5 : Date.now()
    localStorage.lapor = JSON.stringify([at, story, place])
}"""


@pytest.mark.parametrize("box", ["confidential", "about_conduct"])
def test_of_what_stays_hidden_the_phone_keeps_nothing(phone, box):
    """Phones are shared, and whom it accuses may be at home."""
    fill_in(phone, "Petugas di loket meminta uang rokok.")
    assert draft_of(phone)
    phone.check(f"[name={box}]")
    expect(phone.locator("#draft")).to_be_hidden()
    assert draft_of(phone) is None
    phone.fill("[name=place]", "Loket 3")
    assert draft_of(phone) is None


def test_without_network_the_words_stay_and_say_so(phone):
    story = "Sampah menumpuk di simpang empat, tidak diangkut."
    fill_in(phone, story)
    phone.context.set_offline(True)
    check(phone)
    news = phone.locator(".news")
    expect(news).to_have_text(
        "Tidak ada jaringan. Tulisan Anda aman di HP ini. Tekan Periksa lagi saat sinyal kembali."
    )
    assert phone.input_value("[name=story]") == story
    phone.context.set_offline(False)
    check(phone)

    heading(phone, "Sudah benar? Laporan belum terkirim")


def test_a_slow_answer_is_told_and_the_form_stays_open(phone):
    phone.clock.install()
    fill_in(phone, "Jembatan kayu lapuk, papannya bolong.")
    held = []
    phone.route("**/lapor", lambda route: held.append(route))
    button = phone.locator("form .button:not(.flat)")
    check(phone)
    expect(button).to_have_text("Periksa laporan")
    phone.clock.fast_forward(4_100)
    expect(button).to_have_text("Mengirim…")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(phone.locator("[name=story]")).to_be_editable()
    button.click(force=True)  # asks for nothing more
    phone.clock.fast_forward(11_000)
    expect(phone.locator(".news")).to_have_text("Masih mencoba. Jangan tutup halaman ini.")
    assert len(held) == 1
    held[0].continue_()

    heading(phone, "Sudah benar? Laporan belum terkirim")


def test_a_server_in_trouble_is_told_and_the_same_press_works_later(phone):
    phone.clock.install()
    fill_in(phone, "Halte roboh kena angin, besinya tajam.")
    phone.route("**/lapor", lambda route: route.fulfill(status=503, body="<main>x</main>"))
    check(phone)
    news = phone.locator(".news")
    for _ in range(8):
        phone.clock.run_for(6_000)
    expect(news).to_contain_text(
        "Sistem sedang mengalami gangguan. Tulisan Anda masih tersimpan di HP ini."
    )
    expect(phone.locator("form .button:not(.flat)")).to_have_text("Periksa laporan")
    phone.unroute("**/lapor")
    check(phone)

    heading(phone, "Sudah benar? Laporan belum terkirim")


def test_back_and_change_keep_words_and_photos(phone):
    story = "Drainase jebol, air masuk ke teras."
    fill_in(phone, story, photos=[photo("teras.jpg", (400, 300))])
    phone.fill("[name=place]", "")
    check(phone)
    expect(phone.locator("#problem")).to_be_focused()
    phone.fill("[name=place]", PLACE)
    check(phone)
    heading(phone, "Sudah benar? Laporan belum terkirim")
    expect(phone.locator("#later")).to_have_text("1 foto dikirim sesudah laporan")
    phone.go_back()
    heading(phone, "Apa yang perlu kami perbaiki?")
    assert phone.input_value("[name=story]") == story
    assert phone.evaluate("document.querySelector('[type=file]').files.length") == 1
    check(phone)
    heading(phone, "Sudah benar? Laporan belum terkirim")
    phone.get_by_role("button", name="Ubah tempat").click()
    expect(phone.locator("[name=place]")).to_be_focused()
    assert phone.evaluate("document.querySelector('[type=file]').files.length") == 1
