"""Three questions, a check, a number: nothing typed is lost on the way."""

import datetime as dt
import io

import pytest
from browser import Browser, page_of
from citizens import PLACE, STORY, check, errors_of, hidden_in, png, send, typed_into
from small_city import NOW
from sqlalchemy import func, select

from lapor_web.models import OutboxMessage, Report, ReporterIdentity, Status
from lapor_web.services.identity import open_sealed

pytestmark = pytest.mark.usefixtures("city")


def sent_report(db) -> Report:
    return db.session.scalars(select(Report)).one()


def test_the_form_asks_three_questions_and_names_the_ten_words_of_the_spec(browser):
    page = page_of(browser.get("/lapor"))

    assert page.h1.text == "Apa yang perlu kami perbaiki?"
    assert [one.text for one in page.select(".ordinal")] == ["1", "2", "3"]
    assert [one.text for one in page.select("#kecamatan option")] == [
        "Saya tidak tahu",
        "Palaran",
        "Samarinda Ulu",
    ]


def test_every_form_has_a_key_of_its_own(browser):
    first, second = (hidden_in(browser.get("/lapor"), "/lapor")["key"] for _ in range(2))

    assert first != second
    assert len(first) >= 22  # 128 bits


def test_all_the_way_without_a_script(browser, db):
    page = page_of(
        send(
            browser,
            kecamatan="64.72.02",
            name="Budi",
            phone="+62 812-3456.7890",
            email="budi@contoh.id",
            anonymous="y",
        )
    )
    report = sent_report(db)

    assert page.h1.text == "Laporan Anda sudah kami terima"
    assert report.number in page.select_one(".promise").text
    assert "0812 •••• 7890" in page.text
    assert "Paling lambat Kamis, 12 November" in page.text
    assert (report.story, report.place, report.area.name) == (STORY, PLACE, "Samarinda Ulu")
    assert (report.anonymous, report.confidential, report.quarantined) == (True, False, True)
    assert db.session.scalars(select(OutboxMessage.report_id)).all() == [report.id]


def test_who_sent_it_is_sealed(browser, db, app_keys):
    send(browser, name="Budi", phone="62812 3456 7890", email="")

    who = open_sealed(db.session.scalars(select(ReporterIdentity)).one(), keys=app_keys)

    assert (who.name, who.phone) == ("Budi", "081234567890")


def test_the_code_on_the_page_opens_the_report_in_another_browser(app, browser, db):
    page = page_of(send(browser))
    number, code = (one.text for one in page.select(".promise b"))

    answer = Browser(app).post("/lacak", {"number": number, "code": code.lower()})

    assert (answer.status_code, answer.location) == (303, f"/lacak/{number}")


def test_the_sender_can_go_on_to_the_report_at_once(browser, db):
    page = page_of(send(browser))

    answer = browser.get(page.select_one("a.button")["href"])

    assert page_of(answer).h1.text == "Menunggu diperiksa"


def test_the_code_is_shown_to_the_browser_that_sent_it_and_to_no_other(app, browser, db):
    send(browser)
    number = sent_report(db).number
    address = f"/lapor/terkirim/{number}"

    stranger = Browser(app).get(address)

    assert browser.get(address).status_code == 200
    assert stranger.status_code == 404
    assert number not in page_of(stranger).select_one("main").text


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"story": " \n "}, "Ceritakan apa yang terjadi"),
        (
            {"story": "Rusak."},
            "Tambahkan sedikit keterangan agar petugas tahu apa yang harus dicari",
        ),
        ({"story": "a" * 4012}, "Cerita terlalu panjang. Kurangi 12 huruf"),
        ({"place": ""}, "Tulis tempat kejadian atau patokan terdekat"),
        ({"place": "a" * 501}, "Nama tempat terlalu panjang. Kurangi 1 huruf"),
        ({"phone": "0812 55"}, "Nomor HP harus 10 sampai 13 angka"),
        ({"phone": "lima"}, "Nomor HP harus 10 sampai 13 angka"),
        ({"email": "budi"}, "Tulis alamat surel lengkap, misalnya nama@contoh.id"),
        ({"kecamatan": "99"}, "Pilih yang ada di daftar"),
        ({"happened_on": "kemarin"}, "Tulis tanggal seperti 2026-11-27"),
        ({"happened_on": "2026-11-10"}, "Tanggal kejadian tidak boleh sesudah hari ini"),
    ],
)
def test_what_is_missing_is_said_first_and_at_its_field(browser, db, typed, error):
    answer = check(browser, **{"name": "Budi", **typed})
    page = page_of(answer)

    assert answer.status_code == 422
    assert errors_of(answer) == [error]
    assert page.title.text.startswith("Ada 1 hal yang perlu dilengkapi – Buat laporan")
    assert page.select_one("main").find(True)["id"] == "problem"
    assert page.select_one(page.select_one(".problem a")["href"])["aria-invalid"] == "true"
    assert page.select_one("#name")["value"] == "Budi"
    assert db.session.scalar(select(func.count()).select_from(Report)) == 0


def test_the_check_page_says_that_nothing_was_sent_yet(browser, db):
    page = page_of(check(browser, kecamatan="64.72.02"))

    assert page.h1.text == "Sudah benar? Laporan belum terkirim"
    assert "Jalan Antasari, Samarinda Ulu" in page.text
    assert "Tanpa nomor HP atau surel kami tidak bisa mengabari" in page.text
    assert db.session.scalar(select(func.count()).select_from(Report)) == 0


def test_changing_something_loses_nothing(browser):
    typed = typed_into(browser, name="Budi", confidential="y", kecamatan="64.72.01")
    checked = browser.post("/lapor", typed)

    back = browser.post("/lapor", {**hidden_in(checked, "/lapor/kirim"), "ubah": "place"})
    page = page_of(back)

    assert back.status_code == 200
    assert page.select_one(".problem") is None
    assert page.textarea.text.strip() == STORY
    assert page.select_one("#place")["value"] == PLACE
    assert page.select_one("#name")["value"] == "Budi"
    assert page.select_one("#confidential").has_attr("checked")
    assert page.select_one("#kecamatan [selected]")["value"] == "64.72.01"
    assert hidden_in(back, "/lapor")["key"] == typed["key"]


def test_enter_on_the_check_page_sends_and_does_not_go_back(browser):
    form = page_of(check(browser)).select_one("form[action='/lapor/kirim']")

    first = form.select_one("button")

    assert first.get("formaction") is None
    assert first.text == "Kirim laporan"


def test_about_officers_hides_twice_over_and_says_who_reads(browser, db):
    checked = check(browser, about_conduct="y")
    rows = page_of(checked).select_one("dl").text
    browser.post("/lapor/kirim", hidden_in(checked, "/lapor/kirim"))
    report = sent_report(db)

    assert "Dinas yang dilaporkan tidak membacanya" in rows
    assert (report.about_conduct, report.anonymous, report.confidential) == (True, True, True)


def test_about_this_service_goes_straight_to_the_inspektorat(browser, db):
    page = page_of(send(browser, about_service="y"))
    report = sent_report(db)

    assert (report.status, report.holder.code) == (Status.FORWARDED, "AUDIT")
    assert "Diteruskan ke Audit" in page.text


def test_a_shared_phone_forgets_the_code_after_half_a_day(browser, db, at):
    send(browser)
    address = f"/lapor/terkirim/{sent_report(db).number}"
    assert browser.get(address).status_code == 200
    at(NOW + dt.timedelta(hours=13))

    assert browser.get(address).status_code == 404


def test_a_shared_phone_is_closed_by_a_press(browser, db):
    sent = send(browser)
    number = sent_report(db).number
    form = page_of(sent).select_one("form")
    answer = browser.post(form["action"])

    assert form.button.text == "Keluar di HP ini"
    assert (answer.status_code, answer.location) == (303, "/")
    for address in (f"/lapor/terkirim/{number}", f"/lacak/{number}"):
        assert browser.get(address).status_code == 404


def test_the_same_form_again_shows_the_first_report(browser, db, at):
    hidden = hidden_in(check(browser), "/lapor/kirim")
    first = browser.post("/lapor/kirim", hidden)
    at(NOW + dt.timedelta(hours=1))
    again = browser.post("/lapor/kirim", hidden)
    page = page_of(browser.get(again.location))

    assert first.location == again.location
    assert page.select_one(".notice").text == "Laporan ini sudah kami terima pukul 09.00."
    assert db.session.scalar(select(func.count()).select_from(Report)) == 1


def test_the_same_form_with_another_text_is_409_and_can_be_sent_as_a_new_one(browser, db):
    hidden = hidden_in(check(browser), "/lapor/kirim")
    browser.post("/lapor/kirim", hidden)
    other = browser.post("/lapor/kirim", {**hidden, "story": "Lampu jalan mati di gang ini."})
    offered = hidden_in(other, "/lapor/kirim")
    sent = browser.post("/lapor/kirim", offered)

    assert other.status_code == 409
    assert offered["key"] != hidden["key"]
    assert offered["story"] == "Lampu jalan mati di gang ini."
    assert sent.status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Report)) == 2


@pytest.mark.parametrize("key", ["", "short", "x" * 101, "mit ä und Platz"])
def test_without_a_proper_key_it_is_asked_once_more(browser, db, key):
    hidden = {**hidden_in(check(browser), "/lapor/kirim"), "key": key}
    asked = browser.post("/lapor/kirim", hidden)

    assert asked.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Report)) == 0
    assert browser.post("/lapor/kirim", hidden_in(asked, "/lapor/kirim")).status_code == 303


# ---- what programs send (S-05, S-06, S-09, S-11, S-15) ----


@pytest.mark.parametrize(
    ("typed", "seconds", "quarantined"),
    [
        ({}, 60, False),
        ({}, 1, True),
        ({"website": "http://spam.example"}, 60, True),
        ({"opened": ""}, 0, False),
    ],
)
def test_a_bot_is_answered_like_anybody_and_marked(browser, db, at, typed, seconds, quarantined):
    fields = typed_into(browser, **typed)
    at(NOW + dt.timedelta(seconds=seconds))
    checked = browser.post("/lapor", fields)
    sent = browser.post("/lapor/kirim", hidden_in(checked, "/lapor/kirim"))

    assert sent.status_code == 303
    assert sent_report(db).quarantined is quarantined


def test_a_program_that_says_no_time_is_not_suspected(browser, db):
    """Of an address that is fixed for programs (design.md), `opened` is no field."""
    form = {name: value for name, value in typed_into(browser).items() if name != "opened"}

    assert browser.post("/lapor/kirim", form).status_code == 303
    assert sent_report(db).quarantined is False


def test_only_the_fields_of_the_form_are_read(browser, db):
    checked = check(browser)
    forged = {
        "status": "finished",
        "opd_id": "3",
        "id": "77",
        "version": "99",
        "number": "KTA-269999-1",
        "received_at": "2001-01-01",
        "area_id": "1",
        "verified_at": "2001-01-01",
    }
    browser.post("/lapor/kirim", {**hidden_in(checked, "/lapor/kirim"), **forged})
    report = sent_report(db)

    assert (report.status, report.version, report.received_at) == (Status.UNVERIFIED, 1, NOW)
    assert report.number != "KTA-269999-1"
    assert (report.holder_opd_id, report.area_id, report.verified_at) == (None, None, None)


def test_what_is_no_text_is_taken_out(browser, db):
    nasty = "Lubang\x00 besar\x1b[2J di \u202egang\u202c sini, e\u0301."

    send(browser, story=nasty, place="Jalan\nDua\x00")
    report = sent_report(db)

    assert report.story == "Lubang besar[2J di gang sini, é."
    assert report.place == "Jalan Dua"


def test_bytes_that_are_no_utf8_are_no_error_of_ours(browser):
    body = "&".join(f"{name}={value}" for name, value in typed_into(browser).items())
    answer = browser.open(
        "/lapor",
        method="POST",
        data=f"csrf_token={browser.token()}&{body}&name=%ed%a0%80%ff".encode(),
        headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 200


NASTY = (
    "<script>alert(1)</script> lubang",
    '"><img src=x onerror=alert(1)> lubang',
    "' onfocus=alert(1) autofocus=' lubang",
    "{{7*7}} ${7*7} {% raw %} lubang besar",
)


@pytest.mark.parametrize("nasty", NASTY)
def test_words_stay_words_on_every_page_of_the_way(browser, db, nasty):
    typed = {"story": nasty, "place": nasty, "name": nasty}
    refused = check(browser, phone="1", **typed)
    checked = check(browser, **typed)
    browser.post("/lapor/kirim", hidden_in(checked, "/lapor/kirim"))
    own = browser.get(f"/lacak/{sent_report(db).number}")

    for answer in (refused, checked, own):
        page = page_of(answer)
        assert page.main.script is None
        assert page.img is None
        assert not [one for one in page.find_all(True) if one.has_attr("onfocus")]
        assert "49" not in page.select_one("main").text
        assert nasty in " ".join([page.text, *(str(one.get("value")) for one in page("input"))])


# ---- photos ----


def test_photos_come_with_the_form_and_go_with_the_report(browser, db):
    checked = check(browser, photos=[png("satu.png"), png("dua.png")])
    page = page_of(browser.post("/lapor/kirim", hidden_in(checked, "/lapor/kirim")))
    page = page_of(browser.get(f"/lapor/terkirim/{sent_report(db).number}"))

    assert "satu.png, dua.png" in page_of(checked).text
    assert "2 foto ikut terkirim" in page.text


def test_a_photo_is_kept_where_an_answer_is_missing(browser, db):
    fields = typed_into(browser)
    refused = browser.post("/lapor", {**fields, "place": "", "photos": [png()]})
    checked = browser.post("/lapor", fields)

    assert "Sudah terkirim: lubang.png" in page_of(refused).text
    assert "lubang.png" in page_of(checked).text


def test_what_is_no_photo_is_named_and_the_rest_is_kept(browser):
    answer = check(browser, photos=[(io.BytesIO(b"no picture"), "<script>x.jpg"), png()])
    page = page_of(answer)

    assert answer.status_code == 422
    assert errors_of(answer) == ["<script>x.jpg bukan foto. Pilih JPG, PNG, atau HEIC"]
    assert page.main.script is None
    assert page.textarea.text.strip() == STORY
    assert "Sudah terkirim: lubang.png" in page.text


def test_five_photos_are_enough(browser):
    answer = check(browser, photos=[png(f"{n}.png") for n in range(6)])

    assert errors_of(answer) == ["Paling banyak 5 foto"]
