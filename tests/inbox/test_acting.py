"""Every deed through its address: done, refused, overtaken, forbidden, taken back."""

import datetime as dt
from io import BytesIO

import pytest
from browser import OWN, page_of
from PIL import Image
from sqlalchemy import select

from lapor_web.models import (
    Action,
    ArchiveReason,
    Attachment,
    OutboxMessage,
    Outcome,
    Report,
    Status,
)
from lapor_web.services.approval import Approve
from lapor_web.services.closing import Archive, Merge
from lapor_web.services.conversation import Confirm
from lapor_web.services.follow_up import AskForTime, Note, Propose
from lapor_web.services.verification import PutOnHold, Reassign

VERIFIED = {"title": "Lampu mati", "classification": "non_supervisory", "opd": "WORKS"}


def address(report: Report, slug: str, query: str = "") -> str:
    return f"/kotak-masuk/{report.number}/{slug}{query}"


def photo() -> tuple[BytesIO, str]:
    file = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "JPEG")
    file.seek(0)
    return file, "sesudah.jpg"


def post(browser, report: Report, slug: str, *, query: str = "", htmx: bool = False, **fields):
    fields = {"version": report.version, **fields}
    return browser.post(address(report, slug, query), fields, htmx=htmx)


# ---- a report in each of the states that a deed starts from ----


def unverified(city):
    return city.send()


def forwarded(city):
    return city.sent_to("WORKS")


def audited(city):
    return city.sent_to("AUDIT", about_conduct=True)


def asked_for_time(city):
    report = forwarded(city)
    city.do("works", report, AskForTime("Menunggu material.", dt.date(2026, 11, 20)))
    return report


def proposed(city):
    report = forwarded(city)
    city.do("works", report, Propose("Sudah dijelaskan.", Outcome.EXPLAINED))
    return report


def finished(city):
    report = proposed(city)
    city.do("works-boss", report, Approve())
    city.do("reporter", report, Confirm())
    return report


def on_hold(city):
    report = unverified(city)
    city.do("coordinator", report, PutOnHold("Di mana tepatnya?"))
    return report


def archived(city):
    report = unverified(city)
    city.do("coordinator", report, Archive(ArchiveReason.UNCLEAR))
    return report


def merged(city):
    parent, report = forwarded(city), unverified(city)
    city.do("coordinator", report, Merge(parent))
    return report


S = Status
EXPLAINED = {"text": "Sudah dijelaskan.", "outcome": "explained"}
DEEDS = [
    ("coordinator", unverified, "verifikasi", VERIFIED, S.FORWARDED),
    ("coordinator", unverified, "tunda", {"reason": "Di mana tepatnya?"}, S.ON_HOLD),
    ("coordinator", unverified, "bukan-wewenang", {"belongs_to": "PLN"}, S.OUTSIDE_AUTHORITY),
    ("coordinator", unverified, "arsipkan", {"archive_reason": "unclear"}, S.ARCHIVED),
    ("coordinator", archived, "batal-arsip", {"reason": "Keliru."}, S.UNVERIFIED),
    ("coordinator", merged, "batal-gabung", {"reason": "Tempatnya lain."}, S.UNVERIFIED),
    ("coordinator", forwarded, "alihkan", {"opd": "ROADS", "reason": "Jalan."}, S.FORWARDED),
    ("coordinator", on_hold, "lengkapi", {"text": "Di gang kedua."}, S.UNVERIFIED),
    ("coordinator", finished, "buka-kembali", {"reason": "Rusak lagi."}, S.IN_PROCESS),
    ("coordinator", forwarded, "ubah", {"title": "Judul", "place": "Gang 2"}, S.FORWARDED),
    ("coordinator", unverified, "catatan", {"text": "Cek lokasi."}, S.UNVERIFIED),
    ("works", forwarded, "tindak-lanjut", {"text": "Kami periksa."}, S.IN_PROCESS),
    ("works", forwarded, "kembalikan", {"reason": "Bukan aset kami."}, S.UNVERIFIED),
    ("works", forwarded, "ajukan-selesai", EXPLAINED, S.AWAITING_APPROVAL),
    (
        *("works", forwarded, "minta-waktu"),
        {"until": "2026-11-20", "reason": "Menunggu material."},
        S.FORWARDED,
    ),
    ("works", forwarded, "janji", {"promised_on": "2026-11-20"}, S.FORWARDED),
    ("works", forwarded, "catatan", {"text": "Cek lokasi."}, S.FORWARDED),
    ("inspector", audited, "tindak-lanjut", {"text": "Kami periksa."}, S.IN_PROCESS),
    ("inspector", audited, "kembalikan", {"reason": "Bukan perilaku."}, S.UNVERIFIED),
    ("inspector", audited, "ajukan-selesai", EXPLAINED, S.AWAITING_REPORTER),
    ("inspector", audited, "catatan", {"text": "Panggil saksi."}, S.FORWARDED),
    ("works-boss", proposed, "setujui", {}, S.AWAITING_REPORTER),
    ("works-boss", proposed, "tolak", {"reason": "Belum rapi."}, S.IN_PROCESS),
    ("works-boss", asked_for_time, "minta-waktu", {"granted": "yes"}, S.FORWARDED),
    ("works-boss", forwarded, "catatan", {"text": "Segera."}, S.FORWARDED),
    ("leader", forwarded, "catatan", {"text": "Bahas di rakor."}, S.FORWARDED),
]


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
@pytest.mark.parametrize(("who", "make", "slug", "fields", "status"), DEEDS)
def test_each_deed_is_done_by_each_role_at_its_address(
    city, officer, who, make, slug, fields, status, htmx
):
    report = make(city)
    before = report.version

    answer = post(officer(who), report, slug, htmx=htmx, **fields)

    assert answer.status_code == (200 if htmx else 303), answer.text
    assert (report.status, report.version) == (status, before + 1)
    assert report.history[-1].user_id == city.users[who].id


def test_merging_takes_the_number_as_it_is_typed(city, officer):
    parent, report = forwarded(city), unverified(city)
    typed = parent.number.removeprefix("KTA-").replace("-", " ")

    post(officer("coordinator"), report, "gabungkan", parent=typed)

    assert (report.status, report.parent_id) == (Status.MERGED, parent.id)


@pytest.mark.parametrize("who", ["works", "works-boss"])
def test_a_report_is_assigned_to_a_person_of_the_office(city, officer, who):
    report = forwarded(city)

    post(officer(who), report, "tugaskan", assignee=city.users["works2"].id)

    assert report.assignee_id == city.users["works2"].id


def test_a_report_is_not_assigned_to_somebody_elsewhere(city, officer):
    report = forwarded(city)

    answer = post(officer("works"), report, "tugaskan", assignee=city.users["roads"].id)

    assert (answer.status_code, report.assignee_id) == (422, None)


def test_verification_sets_all_that_was_chosen(city, officer):
    report = unverified(city)
    chosen = {
        **VERIFIED,
        "public_text": "Lampu jalan mati.",
        "tembusan": ["ROADS", "DISTRICT"],
        "boxes": "shown",
        "anonymous": "y",
        "note": "Dekat sekolah.",
    }

    post(officer("coordinator"), report, "verifikasi", **chosen)

    responsible = report.responsible
    assert responsible is not None
    assert (report.title, report.public_text) == ("Lampu mati", "Lampu jalan mati.")
    assert (report.anonymous, report.confidential) == (True, False)
    assert responsible.opd.code == "WORKS"
    assert {one.opd.code for one in report.dispositions} == {"WORKS", "ROADS", "DISTRICT"}


def test_boxes_that_were_not_shown_stay_as_the_reporter_ticked_them(city, officer):
    report = city.send(anonymous=True, confidential=True)

    post(officer("coordinator"), report, "verifikasi", **VERIFIED)

    assert (report.status, report.anonymous, report.confidential) == (Status.FORWARDED, True, True)


def test_showing_more_than_the_reporter_wanted_needs_a_reason(city, officer):
    report = city.send(confidential=True)
    coordinator = officer("coordinator")
    shown = {**VERIFIED, "boxes": "shown"}

    refused = post(coordinator, report, "verifikasi", **shown)
    done = post(coordinator, report, "verifikasi", **shown, note="Pelapor setuju lewat telepon.")

    assert "Tulis mengapa tandanya dicabut" in refused.text
    assert (refused.status_code, done.status_code) == (422, 303)
    assert not report.confidential


def test_a_report_about_conduct_is_offered_to_the_inspectorate_only(city, officer):
    report = city.send(about_conduct=True)
    coordinator = officer("coordinator")

    page = page_of(coordinator.get(f"/kotak-masuk/{report.number}?formulir=verifikasi"))
    answer = post(coordinator, report, "verifikasi", **VERIFIED)

    offered = [option["value"] for option in page.select("#verify-opd option")]
    assert offered == ["", "AUDIT"]
    assert (answer.status_code, report.status) == (422, Status.UNVERIFIED)


def test_what_the_deed_refuses_is_said_beside_its_field(city, officer):
    report = unverified(city)
    conduct = {**VERIFIED, "boxes": "shown", "about_conduct": "y"}

    answer = post(officer("coordinator"), report, "verifikasi", **conduct)

    page = page_of(answer)
    assert answer.status_code == 422
    assert "hanya diteruskan ke Inspektorat" in page.select_one("#verify-opd-error").text
    assert page.select_one("#verify-title")["value"] == "Lampu mati"
    assert page.select_one("details.deed[open] form")["action"].endswith("/verifikasi")


# ---- evidence ----


def test_a_finished_repair_is_not_proposed_without_evidence(city, officer):
    report = forwarded(city)
    repaired = {"text": "Sudah diperbaiki.", "outcome": "fully_handled"}

    answer = post(officer("works"), report, "ajukan-selesai", **repaired)

    assert (answer.status_code, report.status) == (422, Status.FORWARDED)
    assert "Sudah diperbaiki." in answer.text
    assert page_of(answer).select_one("#propose-evidence-error")


def test_photos_are_kept_with_the_row_they_came_with(city, officer, storage):
    report = forwarded(city)
    repaired = {"text": "Sudah diperbaiki.", "outcome": "fully_handled"}

    post(officer("works"), report, "ajukan-selesai", **repaired, evidence=photo())

    [kept] = city.session.scalars(select(Attachment).where(Attachment.report_id == report.id))
    assert report.status is Status.AWAITING_APPROVAL
    assert (kept.history_sequence, kept.by_reporter) == (report.version, False)
    assert report.has_evidence


def test_a_file_that_is_no_photo_is_named_and_nothing_happens(city, officer, storage):
    report = forwarded(city)
    repaired = {"text": "Sudah diperbaiki.", "outcome": "fully_handled"}
    no_photo = (BytesIO(b"hanya tulisan"), "surat.txt")

    answer = post(officer("works"), report, "ajukan-selesai", **repaired, evidence=no_photo)

    assert (answer.status_code, report.version) == (422, 2)
    assert "surat.txt bukan foto" in page_of(answer).select_one("#propose-evidence-error").text
    assert "Sudah diperbaiki." in answer.text
    assert city.session.scalars(select(Attachment)).all() == []


# ---- refusals ----


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
@pytest.mark.parametrize(
    ("who", "make", "slug"),
    [
        ("coordinator", unverified, "verifikasi"),
        ("coordinator", unverified, "tunda"),
        ("coordinator", unverified, "gabungkan"),
        ("works", forwarded, "tindak-lanjut"),
        ("works", forwarded, "kembalikan"),
        ("works", forwarded, "janji"),
        ("works-boss", proposed, "tolak"),
    ],
)
def test_an_empty_form_comes_back_open_and_changes_nothing(city, officer, who, make, slug, htmx):
    report = make(city)
    before = report.version

    answer = post(officer(who), report, slug, htmx=htmx, reason="   ", text="\t")

    page = page_of(answer)
    assert (answer.status_code, report.version) == (422, before)
    assert page.select_one(".problem")
    assert page.select_one("[aria-invalid=true]")
    assert (page.select_one("html") is None) == htmx


def test_fields_that_no_form_has_are_ignored(city, officer):
    report = forwarded(city)

    post(
        officer("works"),
        report,
        "catatan",
        text="Cek.",
        status="finished",
        holder_opd_id=city.opds["ROADS"].id,
        received_at="2001-01-01",
        visible="y",
    )

    assert (report.status, report.holder_opd_id) == (Status.FORWARDED, city.opds["WORKS"].id)
    assert not report.history[-1].visible


@pytest.mark.parametrize(
    ("who", "slug"),
    [
        ("works", "verifikasi"),
        ("works", "setujui"),
        ("works", "buka-identitas"),
        ("works-boss", "tindak-lanjut"),
        ("leader", "alihkan"),
        ("leader", "urungkan"),
        ("ombudsman", "catatan"),
        ("coordinator", "tindak-lanjut"),
    ],
)
def test_a_role_that_sees_but_does_not_do_is_refused(city, officer, who, slug):
    report = forwarded(city)

    answer = post(officer(who), report, slug, text="Teks.", reason="Alasan.")

    assert (answer.status_code, report.version) == (403, 2)


def test_tembusan_reads_only(city, officer):
    report = city.send()
    city.verify(report, "WORKS", tembusan=(city.opds["ROADS"],))
    roads = officer("roads")

    read = roads.get(f"/kotak-masuk/{report.number}")
    answer = post(roads, report, "tindak-lanjut", text="Kami saja.")

    assert (read.status_code, answer.status_code) == (200, 403)
    assert page_of(read).select(".actions form, .answer") == []


def test_nobody_approves_their_own_proposal(city, officer):
    report = forwarded(city)
    boss = city.users["works-boss"]
    city.do("works", report, Propose("Sudah dijelaskan.", Outcome.EXPLAINED))
    report.history[-1].user_id = boss.id
    city.session.flush()
    browser = officer("works-boss")

    page = page_of(browser.get(f"/kotak-masuk/{report.number}"))
    answer = post(browser, report, "setujui")

    assert not page.select_one("form[action*='/setujui']")
    assert (answer.status_code, report.status) == (403, Status.AWAITING_APPROVAL)


@pytest.mark.parametrize("slug", ["pecah", "hapus", "status"])
def test_a_deed_that_is_none_does_not_exist(city, officer, slug):
    assert post(officer("coordinator"), unverified(city), slug).status_code == 404


def test_another_offices_report_does_not_exist_and_the_text_is_handed_back(city, officer):
    report = city.sent_to("ROADS")
    works = officer("works")

    gone = post(works, report, "tindak-lanjut", text="Jawaban yang panjang.")
    never = works.post("/kotak-masuk/KTA-269999-9/tindak-lanjut", {"text": "Jawaban yang panjang."})

    assert (gone.status_code, never.status_code) == (404, 404)
    assert page_of(gone).select_one("textarea").text.strip() == "Jawaban yang panjang."
    assert page_of(gone).main == page_of(never).main


def test_a_deed_is_a_post(city, officer):
    report = forwarded(city)

    assert officer("works").get(address(report, "tindak-lanjut")).status_code == 405


def test_a_deed_without_the_token_is_refused(city, officer):
    report = forwarded(city)

    answer = officer("works").open(
        address(report, "catatan"), method="POST", data={"text": "Cek.", "version": report.version}
    )

    assert (answer.status_code, report.version) == (403, 2)


# ---- who comes second ----


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
def test_who_comes_second_sees_who_was_faster_and_can_send_once_more(city, officer, htmx):
    report = forwarded(city)
    seen = report.version
    city.do("works2", report, Note("Saya cek dulu."))
    works = officer("works")

    answer = post(works, report, "tindak-lanjut", version=seen, htmx=htmx, text="Kami perbaiki.")

    page = page_of(answer)
    form = page.select_one(".answer form")
    assert answer.status_code == 409
    assert "Nama works2 mengubah laporan ini pukul 09.00" in page.select_one(".conflict").text
    assert form.textarea.text.strip() == "Kami perbaiki."
    assert "Tetap kirim" in form.select_one("button").text
    newest = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    again = post(works, report, "tindak-lanjut", version=newest["version"], text="Kami perbaiki.")
    assert (again.status_code, report.status) == (303, Status.IN_PROCESS)


def test_a_move_that_the_state_no_longer_allows_keeps_the_text(city, officer):
    report = proposed(city)

    answer = post(officer("works"), report, "tindak-lanjut", text="Masih ada satu hal.")

    page = page_of(answer)
    assert answer.status_code == 409
    assert page.select_one(".conflict textarea").text.strip() == "Masih ada satu hal."
    assert report.status is Status.AWAITING_APPROVAL


def test_who_comes_second_is_told_so_before_a_field_is_found_missing(city, officer):
    report = forwarded(city)
    seen = report.version
    city.do("works2", report, Note("Saya cek dulu."))

    answer = post(officer("works"), report, "tindak-lanjut", version=seen, text="")

    assert answer.status_code == 409


def test_a_form_without_a_version_is_too_old(city, officer):
    report = forwarded(city)

    answer = officer("works").post(address(report, "tindak-lanjut"), {"text": "Kami perbaiki."})

    assert (answer.status_code, report.version) == (409, 2)


def test_a_report_that_went_elsewhere_meanwhile_is_gone_but_not_the_text(city, officer):
    report = forwarded(city)
    seen = report.version
    city.do("coordinator", report, Reassign(city.opds["ROADS"], "Jalan."))

    answer = post(officer("works"), report, "tindak-lanjut", version=seen, text="Kami perbaiki.")

    assert answer.status_code == 404
    assert "Kami perbaiki." in answer.text


# ---- on to the next, and back ----


def test_after_a_deed_comes_the_next_report_of_the_view(city, officer):
    first, second = forwarded(city), forwarded(city)
    works = officer("works")
    query = "?tampilan=lewat-tenggat"

    answer = post(works, first, "kembalikan", reason="Bukan aset kami.")
    late = post(works, second, "kembalikan", query=query, reason="Bukan aset kami.")

    assert answer.location == f"/kotak-masuk/{second.number}"
    assert late.location == f"/kotak-masuk{query}"


def test_a_note_leaves_one_where_one_is(city, officer):
    first, _ = forwarded(city), forwarded(city)

    answer = post(officer("works"), first, "catatan", text="Cek.", query="?tampilan=semua")

    assert answer.location == f"/kotak-masuk/{first.number}?tampilan=semua"


def test_htmx_gets_the_next_report_and_what_changed_around_it(city, officer):
    first, second = forwarded(city), forwarded(city)

    answer = post(officer("works"), first, "kembalikan", htmx=True, reason="Bukan aset kami.")

    page = page_of(answer)
    gone = page.find(id=f"row-{first.number}")
    assert page.article["data-number"] == second.number
    assert gone["hx-swap-oob"] == "delete"
    assert first.number in page.find(id="undo-strip").text
    assert page.find(id="views").select_one(".count").text.strip() == "1"
    assert answer.headers["HX-Replace-Url"] == f"/kotak-masuk/{second.number}"


def test_a_row_that_stays_in_the_view_is_drawn_anew(city, officer):
    report, _ = forwarded(city), forwarded(city)
    me = city.users["works"].id

    answer = post(officer("works"), report, "tugaskan", htmx=True, assignee=me)

    row = page_of(answer).find(id=f"row-{report.number}")
    assert row["hx-swap-oob"] == "true"
    assert row.input["value"] == f"{report.number}:{report.version}"


@pytest.mark.parametrize(("htmx", "seconds"), [(True, 10), (False, 60)])
def test_the_message_waits_as_long_as_the_deed_can_be_taken_back(city, officer, htmx, seconds):
    report = forwarded(city)

    post(officer("works"), report, "tindak-lanjut", htmx=htmx, text="Kami perbaiki.")

    message = city.session.scalars(
        select(OutboxMessage).where(OutboxMessage.sequence == report.version)
    ).one()
    assert message.not_before == city.now + dt.timedelta(seconds=seconds)


def test_the_next_page_offers_to_take_it_back(city, officer):
    report, _ = forwarded(city), forwarded(city)
    works = officer("works")
    next_address = post(works, report, "kembalikan", reason="Bukan aset kami.").location

    strip = page_of(works.get(next_address)).find(id="undo-strip")
    hidden = {field["name"]: field["value"] for field in strip.select("input")}
    answer = works.post(strip.form["action"], hidden)

    assert f"{report.number} dikembalikan ke koordinator" in " ".join(strip.text.split())
    assert answer.status_code == 303
    assert (report.status, report.holder_opd_id) == (Status.FORWARDED, city.opds["WORKS"].id)
    assert report.history[-1].action is Action.UNDO


def test_the_offer_ends_with_the_window(city, officer):
    report, other = forwarded(city), forwarded(city)
    works = officer("works")
    post(works, report, "kembalikan", reason="Bukan aset kami.")

    city.wait(seconds=61)

    assert page_of(works.get(f"/kotak-masuk/{other.number}")).find(id="undo-strip").text == ""


def test_too_late_to_take_back_is_said(city, officer):
    report = forwarded(city)
    works = officer("works")
    post(works, report, "catatan", text="Cek.")

    city.wait(seconds=61)
    answer = post(works, report, "urungkan")

    assert (answer.status_code, report.version) == (422, 3)
    assert "sudah tidak dapat diurungkan" in answer.text


def test_nobody_takes_back_what_another_did(city, officer):
    report = forwarded(city)
    city.do("works2", report, Note("Cek."))

    answer = post(officer("works"), report, "urungkan")

    assert (answer.status_code, report.version) == (422, 3)


def test_the_next_report_is_not_sent_again_to_whoever_has_it_already(city, officer):
    first, second = city.sent_to("WORKS"), city.sent_to("WORKS")
    works = officer("works")

    def accept(ahead: str):
        fields = {"version": first.version, "assignee": str(city.users["works"].id)}
        headers = OWN | {"HX-Request": "true", "Lapor-Ahead": ahead}
        token = {"csrf_token": works.token()}
        where = address(first, "tugaskan")
        return works.open(where, method="POST", data=fields | token, headers=headers)

    has_it = accept(f"{second.number}:{second.version}")
    outdated = accept(f"{second.number}:{second.version - 1}")
    another = accept(f"{first.number}:{first.version}")

    assert has_it.headers["Lapor-Ahead"] == second.number
    assert page_of(has_it).article is None
    assert page_of(has_it).select_one("#undo-strip, #views")
    for answer in (outdated, another):
        assert "Lapor-Ahead" not in answer.headers
        assert page_of(answer).article["data-number"] == second.number
