"""Canned answers: kept by an office, put into an answer, looked at before it leaves, never sent half-filled."""

import pytest
from browser import page_of

from lapor_web.models import CannedText
from lapor_web.services.follow_up import FollowUp

FORM = "form[data-deed=tindak-lanjut]"
ADDRESS = "/kotak-masuk/balasan-siap-pakai"
PLAN = "Kami perbaiki pada [tanggal] oleh [nama regu]."


def keep(browser, **fields):
    usual = {"title": "Jadwal perbaikan", "text": PLAN}
    return browser.post(ADDRESS, usual | fields)


def change(browser, which, **fields):
    """As somebody who opened it first."""
    read = page_of(browser.get(f"{ADDRESS}?ubah={which.id}")).select_one("[name=versi]")["value"]
    return keep(browser, id=str(which.id), versi=read, **fields)


def reply(browser, report, *, htmx=False, **fields):
    fields = {"version": report.version, **fields}
    return browser.post(f"/kotak-masuk/{report.number}/tindak-lanjut", fields, htmx=htmx)


def test_an_office_keeps_its_own_and_uses_those_above_and_the_citys(city, officer):
    for who, title in (("coordinator", "Kota"), ("district", "Kecamatan"), ("roads", "Jalan")):
        assert keep(officer(who), title=title).status_code == 303
    report = city.sent_to("VILLAGE")

    page = page_of(reply(officer("village"), report, siap="daftar", text="Baik."))

    offered = [button.text.strip("123456789") for button in page.select(".canned button")]
    assert offered == ["Kecamatan", "Kota"]
    assert page.select_one(".canned [data-key='1']").text.startswith("Kecamatan")
    assert "Baik." in page.select_one(FORM + " textarea").text
    assert "Kota" not in page_of(officer("village").get(ADDRESS)).select_one("main").text


def test_what_is_put_in_stands_behind_what_was_typed_and_nothing_is_sent(city, officer):
    works, report = officer("works"), city.sent_to("WORKS")
    keep(works)
    text = city.session.query(CannedText).one()

    page = page_of(reply(works, report, siap=str(text.id), text="Selamat pagi.", htmx=True))

    typed = page.select_one(FORM + " textarea")
    assert typed.text.strip() == f"Selamat pagi.\n\n{PLAN}"
    assert typed.has_attr("autofocus")
    assert report.status == "forwarded"


@pytest.mark.parametrize("words", [PLAN, "Tanggal [isi].", "Besok, [Nama RT 3]"])
def test_what_is_left_open_is_not_sent(city, officer, words):
    report = city.sent_to("WORKS")

    answer = reply(officer("works"), report, text=words)

    assert answer.status_code == 422
    assert "Ganti dulu semua yang ada di dalam kurung siku" in answer.text
    assert words in page_of(answer).select_one(FORM + " textarea").text
    assert report.status == "forwarded"


def test_other_brackets_are_words_like_any(city, officer):
    report = city.sent_to("WORKS")

    assert (
        reply(officer("works"), report, text="Lihat aturan [1] dan Perda 3 [2021].").status_code
        == 303
    )


@pytest.mark.parametrize(
    ("who", "slug", "fields"),
    [
        ("coordinator", "tunda", {"reason": "Kirim [apa]?"}),
        ("coordinator", "alihkan", {"reason": "Karena [alasan]", "opd": "ROADS"}),
        ("works", "ajukan-selesai", {"text": "Selesai [tanggal]", "outcome": "explained"}),
    ],
)
def test_neither_is_any_other_word_to_the_reporter(city, officer, who, slug, fields):
    report = city.sent_to("WORKS")
    fields = {"version": report.version, **fields}

    answer = officer(who).post(f"/kotak-masuk/{report.number}/{slug}", fields)

    assert answer.status_code == 422
    assert "kurung siku" in answer.text


def test_the_reporters_page_sms_and_mail_are_seen_before_they_leave(city, officer):
    report = city.sent_to("WORKS")

    page = page_of(reply(officer("works"), report, lihat="1", text="Regu datang Senin."))

    preview = page.select_one(".preview").text
    assert (
        f"Works menjawab laporan {report.number}: Regu datang Senin. Baca lengkap: http" in preview
    )
    assert f"Lewat surel: Works menjawab laporan {report.number}" in preview
    assert "Regu datang Senin." in page.select_one(FORM + " textarea").text
    assert (report.status, report.version) == ("forwarded", 2)


def test_of_a_hidden_report_the_preview_says_as_little_as_the_message(city, officer):
    report = city.sent_to("WORKS", confidential=True)

    page = page_of(reply(officer("works"), report, lihat="1", text="Regu datang Senin."))

    sms, mail = page.select(".preview .reply")[1:]
    assert "Regu" not in sms.text + mail.text


def test_a_preview_of_nothing_asks_for_words(city, officer):
    report = city.sent_to("WORKS")

    assert reply(officer("works"), report, lihat="1", text=" ").status_code == 422


def test_whoever_may_not_answer_gets_no_help_with_it(city, officer):
    report = city.sent_to("WORKS")
    city.do("works", report, FollowUp("Kami cek."))

    assert reply(officer("coordinator"), report, siap="daftar").status_code == 403
    assert reply(officer("roads"), report, siap="daftar").status_code == 404
    stale = officer("works").post(
        f"/kotak-masuk/{report.number}/tindak-lanjut", {"version": 1, "siap": "daftar", "text": "A"}
    )
    assert stale.status_code == 409


def test_they_are_changed_and_removed_by_their_office_alone(city, officer):
    works = officer("works")
    keep(works)
    text = city.session.query(CannedText).one()

    assert keep(officer("roads"), id=str(text.id), title="Curian").status_code == 404
    assert keep(officer("roads"), id=str(text.id), remove="1").status_code == 404
    assert keep(officer("works2"), title="Jadwal perbaikan").status_code == 422
    assert keep(works, title="").status_code == 422
    assert change(works, text, title="Jadwal", text="Besok.").status_code == 303
    assert (text.title, text.text) == ("Jadwal", "Besok.")
    assert keep(works, id=str(text.id), remove="1").status_code == 303
    assert city.session.query(CannedText).count() == 0
    assert officer("leader").get(ADDRESS).status_code == 403


def test_who_comes_second_is_told_and_keeps_the_words(city, officer):
    works = officer("works")
    keep(works)
    text = city.session.query(CannedText).one()
    read = page_of(works.get(f"{ADDRESS}?ubah={text.id}")).select_one("[name=versi]")["value"]
    assert change(officer("works2"), text, text="Besok.").status_code == 303

    late = keep(works, id=str(text.id), versi=read, text="Lusa.")

    assert late.status_code == 409
    assert "Nama works2 mengubah balasan ini" in page_of(late).select_one(".conflict").text
    assert "Lusa." in page_of(late).select_one("textarea").text
    assert text.text == "Besok."


def test_each_change_of_them_is_in_the_history_of_the_configuration(city, officer):
    works = officer("works")
    keep(works, text="Senin.")
    text = city.session.query(CannedText).one()
    change(works, text, text="Besok.")
    keep(works, id=str(text.id), remove="1")

    for who in ("coordinator", "inspector"):
        page = page_of(officer(who).get("/koordinasi/pengaturan/riwayat?bagian=canned_text"))
        removed, changed, added = [row.get_text(" ", strip=True) for row in page.select("tbody tr")]
        assert "Balasan siap pakai: Jadwal perbaikan" in removed
        assert "Nama works" in removed
        assert "Senin. menjadi Besok." in changed
        assert "OPD: Works" in added
