"""Every deed of a reporter by its address: done, refused with the text kept, or overtaken."""

import datetime as dt
import io

import pytest
from browser import page_of
from citizens import errors_of, png
from small_city import NOW
from sqlalchemy import select

from lapor_web.models import (
    TRANSITIONS,
    Action,
    ArchiveReason,
    Attachment,
    AttachmentState,
    Limit,
    Outcome,
    ReporterIdentity,
    Role,
    Status,
    Step,
)
from lapor_web.public.deeds import VERBS
from lapor_web.services import approval, closing, conversation, follow_up, verification
from lapor_web.services.identity import Identity, open_sealed


@pytest.fixture
def do(opens):
    """Sends a deed as the page would that was read just now."""

    def send(report, slug, **typed):
        browser = opens(report)
        fields = {"version": str(report.version), **typed}
        return browser.post(f"/lacak/{report.number}/{slug}", fields)

    return send


def answered(city):
    report = city.sent_to("WORKS")
    city.do("works", report, follow_up.FollowUp(text="Kami cek."))
    return report


def approved(city):
    report = answered(city)
    city.show_evidence(report)
    city.do("works", report, follow_up.Propose("Lampu diganti.", Outcome.FULLY_HANDLED))
    city.do("works-boss", report, approval.Approve())
    return report


def finished(city):
    report = approved(city)
    city.do("reporter", report, conversation.Confirm())
    return report


def held(city):
    report = city.send()
    city.do("coordinator", report, verification.PutOnHold(reason="Di mana?"))
    return report


def archived(city):
    report = city.send()
    city.do("coordinator", report, closing.Archive(ArchiveReason.UNCLEAR))
    return report


def test_every_deed_of_the_table_has_an_address():
    in_table = {row.action for row in TRANSITIONS if Role.REPORTER in row.doers}
    # One joins another report when one sends one's own (`services.followers`).
    in_table.remove(Action.MERGE)

    assert {verb.action for verb in VERBS} == in_table


@pytest.mark.parametrize(
    ("make", "slug", "typed", "leads_to"),
    [
        (answered, "balas", {"text": "Masih gelap."}, Status.IN_PROCESS),
        (held, "lengkapi", {"text": "Di Gang 7."}, Status.UNVERIFIED),
        (approved, "konfirmasi", {}, Status.FINISHED),
        (approved, "keberatan", {"reason": "Masih gelap."}, Status.IN_PROCESS),
        (archived, "keberatan", {"reason": "Sudah jelas."}, Status.UNVERIFIED),
        (finished, "nilai", {"rating": "4", "text": "Cepat."}, Status.FINISHED),
        (finished, "buka-kembali", {"rating": "1", "reason": "Mati lagi."}, Status.IN_PROCESS),
        (answered, "tarik", {"text": "Sudah beres sendiri."}, Status.ARCHIVED),
        (answered, "hapus-data", {}, Status.IN_PROCESS),
        (answered, "ubah-kontak", {"phone": "0812 3456 7890"}, Status.IN_PROCESS),
    ],
)
def test_a_deed_is_done_and_leads_back_to_the_page(city, do, make, slug, typed, leads_to):
    report = make(city)
    answer = do(report, slug, **typed)

    assert (answer.status_code, answer.location) == (303, f"/lacak/{report.number}")
    assert report.status is leads_to
    assert report.history[-1].role is Role.REPORTER
    assert report.history[-1].text in typed.values() or not report.history[-1].text


@pytest.mark.parametrize(
    ("make", "slug", "typed", "error"),
    [
        (answered, "balas", {"text": " "}, "Tulis keterangan Anda"),
        (answered, "balas", {"text": "a" * 4001}, "Tulisan terlalu panjang. Kurangi 1 huruf"),
        (held, "lengkapi", {}, "Tulis keterangan yang diminta"),
        (approved, "keberatan", {}, "Tulis apa yang belum beres"),
        (archived, "keberatan", {}, "Tulis alasan keberatan Anda"),
        (finished, "nilai", {"rating": "6"}, "Pilih nilainya"),
        (finished, "nilai", {}, "Pilih nilainya"),
        (finished, "buka-kembali", {"rating": "3", "reason": "Mati."}, "Pilih nilainya"),
        (answered, "ubah-kontak", {}, "Isi nomor HP atau surel"),
        (answered, "ubah-kontak", {"phone": "1"}, "Nomor HP harus 10 sampai 13 angka"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(city, do, make, slug, typed, error):
    report = make(city)
    version = report.version
    answer = do(report, slug, **typed)
    page = page_of(answer)

    assert answer.status_code == 422
    assert error in errors_of(answer)
    assert page.title.text.startswith("Ada 1 hal")
    assert report.version == version
    for value in typed.values():
        assert value.strip() in page.text or page.select_one(f"[value='{value}']") is not None


def test_what_the_state_does_not_allow_is_409_and_keeps_the_text(city, do):
    report = city.send()
    answer = do(report, "nilai", rating="5", text="Terima kasih banyak.")

    assert answer.status_code == 409
    assert "Terima kasih banyak." in page_of(answer).text
    assert (report.version, report.rating) == (1, None)


def test_somebody_was_faster_and_the_text_is_kept(city, opens):
    report = answered(city)
    browser, read = opens(report), report.version
    city.do("works", report, follow_up.FollowUp(text="Lampu tiba besok."))
    answer = browser.post(
        f"/lacak/{report.number}/balas", {"version": str(read), "text": "Kapan diganti?"}
    )
    page = page_of(answer)

    assert answer.status_code == 409
    assert "Laporan ini berubah pukul 09.00: Dinas Works menjawab." in page.text
    assert page.select_one("form[action$='/balas'] textarea").text.strip() == "Kapan diganti?"
    assert page.select_one("form[action$='/balas'] [name=version]")["value"] == str(report.version)
    assert "Nama works" not in answer.text


def test_what_officers_note_among_themselves_overtakes_nobody(city, opens):
    report = answered(city)
    browser, read = opens(report), report.version
    city.do("works", report, follow_up.Note("Suku cadang dipesan."))
    answer = browser.post(
        f"/lacak/{report.number}/balas", {"version": str(read), "text": "Kapan diganti?"}
    )

    assert answer.status_code == 303
    assert report.history[-1].action is Action.REPLY


@pytest.mark.parametrize("version", ["", "0", "99", "-1", "abc", "9" * 40])
def test_a_version_that_never_was_is_409(city, opens, version):
    report = answered(city)
    before = report.version
    answer = opens(report).post(
        f"/lacak/{report.number}/balas", {"version": version, "text": "Halo semua."}
    )

    assert (answer.status_code, report.version) == (409, before)


def test_s79_one_rates_once_and_only_what_is_finished(city, do):
    report = finished(city)

    assert do(report, "nilai", rating="5").status_code == 303
    again = do(report, "nilai", rating="1", text="Berubah pikiran.")
    assert again.status_code == 422
    assert errors_of(again) == ["Laporan ini sudah Anda nilai"]
    assert "Berubah pikiran." in page_of(again).text
    assert report.rating == 5


def test_s79_nobody_rates_before_the_end_or_for_others(city, do, opens):
    report, others = answered(city), finished(city)

    assert do(report, "nilai", rating="5").status_code == 409
    fields = {"version": str(others.version), "rating": "1"}
    answer = opens(report).post(f"/lacak/{others.number}/nilai", fields)

    assert answer.status_code == 404
    assert (report.rating, others.rating) == (None, None)


def test_a_report_is_reopened_once_within_thirty_days(city, do, at):
    report = finished(city)
    at(NOW + dt.timedelta(days=31))
    answer = do(report, "buka-kembali", rating="1", reason="Mati lagi.")

    assert answer.status_code == 422
    assert "Laporan dapat dibuka kembali satu kali, paling lama 30 hari" in answer.text
    assert report.status is Status.FINISHED


def test_the_ombudsman_is_offered_after_sixty_days_and_not_before(city, do, opens, at, db):
    days = Limit(
        agency_id=city.agency.id, step=Step.OMBUDSMAN, days=60, valid_from=dt.date(2020, 1, 1)
    )
    db.session.add(days)
    report = answered(city)
    page = f"/lacak/{report.number}"
    selector = "form[action$='/setuju-ombudsman']"

    at(NOW + dt.timedelta(days=59))
    assert page_of(opens(report).get(page)).select_one(selector) is None
    assert do(report, "setuju-ombudsman").status_code == 409
    assert report.ombudsman_consent_at is None

    at(NOW + dt.timedelta(days=60))
    assert page_of(opens(report).get(page)).select_one(selector) is not None
    assert do(report, "setuju-ombudsman").status_code == 303
    assert report.ombudsman_consent_at is not None
    assert page_of(opens(report).get(page)).select_one(selector) is None


def test_erasing_leaves_no_name(city, do, db):
    report = city.send(identity=Identity("Budi", "081234567890"))
    do(report, "hapus-data")

    row = db.session.get(ReporterIdentity, report.id)
    assert (row.sealed, row.wrapped_key, row.has_contact) == (None, None, False)


def test_a_new_contact_replaces_the_old_one(city, do, db, app_keys):
    report = city.send()
    do(report, "ubah-kontak", phone="+62 812-0000-1111")

    row = db.session.get(ReporterIdentity, report.id)
    assert open_sealed(row, keys=app_keys).phone == "081200001111"


def test_only_the_fields_of_a_form_are_read(city, do):
    report = answered(city)
    do(report, "balas", text="Halo semua.", status="finished", role="admin", visible="", at="2001")

    assert report.status is Status.IN_PROCESS
    assert report.history[-1].visible
    assert report.history[-1].at == NOW


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_a_deed_is_posted_and_nothing_else(city, opens, method):
    report = answered(city)
    answer = opens(report).open(f"/lacak/{report.number}/tarik", method=method)

    assert answer.status_code in {403, 405}
    assert report.status is Status.IN_PROCESS


def test_photos_come_with_a_reply_and_are_shown_when_they_are_ready(city, do, opens, db):
    report = answered(city)
    do(report, "balas", text="Ini fotonya.", photos=[png("malam.png")])
    photo = db.session.scalars(select(Attachment)).one()
    assert (photo.report_id, photo.history_sequence) == (report.id, report.version)

    address = f"/lacak/{report.number}"
    assert f"/lampiran/{photo.id}" not in opens(report).get(address).text
    photo.state = AttachmentState.READY
    assert f"/lampiran/{photo.id}" in opens(report).get(address).text
    assert f"/lampiran/{photo.id}" not in opens(report).get(f"/laporan/{report.number}").text


def test_a_reply_with_what_is_no_photo_is_not_sent_and_keeps_its_text(city, do, db):
    report = answered(city)
    version = report.version
    no_photo = (io.BytesIO(b"no picture"), "catatan.txt")
    answer = do(report, "balas", text="Ini fotonya.", photos=[png(), no_photo])

    assert answer.status_code == 422
    assert errors_of(answer) == ["catatan.txt bukan foto. Pilih JPG, PNG, atau HEIC"]
    assert "Ini fotonya." in page_of(answer).text
    assert report.version == version
    assert db.session.scalars(select(Attachment)).all() == []


def test_words_stay_words(city, do, opens):
    report = answered(city)
    nasty = "<script>alert(1)</script>\n{{7*7}} javascript:alert(1) http://contoh.id"
    do(report, "balas", text=nasty)
    page = page_of(opens(report).get(f"/lacak/{report.number}"))

    assert [one for one in page("script") if not one.get("src", "").startswith("/static/")] == []
    assert "{{7*7}} javascript:alert(1)" in page.text
    assert not [a for a in page("a") if "javascript" in a["href"]]
