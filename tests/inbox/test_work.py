"""Work in an office: set to a unit, noted for colleagues, ticked off, read, passed around, approved."""

from io import BytesIO

import pytest
from browser import page_of
from PIL import Image
from sqlalchemy import select

from lapor_web.models import (
    Attachment,
    ChecklistItem,
    Disposition,
    MessageKind,
    OutboxMessage,
    Outcome,
    Role,
)
from lapor_web.services.follow_up import Assign, Note, Propose, Return
from lapor_web.services.notifications import settings_of
from lapor_web.services.undo import Undo
from lapor_web.services.verification import Reassign


def address(report, slug=""):
    return f"/kotak-masuk/{report.number}{slug and '/' + slug}"


def post(browser, report, slug, **fields):
    return browser.post(address(report, slug), {"version": report.version, **fields})


# ---- a unit under the office ----


def asked_for(browser, report, slug):
    """The form that a link of the opened report leads to; in a page of its own it stands already."""
    opened = browser.get(address(report), htmx=True)
    assert page_of(browser.get(address(report))).select_one(f"details form[data-deed={slug}]")
    link = page_of(opened).select_one(f"a[data-deed={slug}]")
    return page_of(browser.get(link["href"])).select_one(f"form[data-deed={slug}]")


def test_a_unit_under_the_office_does_the_work_and_decides_nothing(city, officer):
    report = city.sent_to("DISTRICT")
    village = officer("village")
    assert village.get(address(report)).status_code == 404

    assert post(officer("district"), report, "tugaskan", assignee="VILLAGE").status_code == 303

    assert report.number in village.get("/kotak-masuk?tampilan=tugas-saya").text
    page = village.get(address(report)).text
    assert "ditugaskan ke Dinas Village" in page
    assert post(village, report, "kembalikan", reason="Bukan kami.").status_code == 403
    assert post(village, report, "tindak-lanjut", text="Kami cek besok.").status_code == 303
    assert (report.status, report.holder.code) == ("in_process", "DISTRICT")


def test_a_person_of_such_a_unit_may_read_what_they_are_given(city, officer):
    report = city.sent_to("DISTRICT")
    post(officer("district"), report, "tugaskan", assignee=str(city.users["village"].id))

    assert officer("village").get(address(report)).status_code == 200
    city.do("coordinator", report, Reassign(city.opds["ROADS"], "Jalan kota."))
    assert officer("village").get(address(report)).status_code == 404
    assert (report.assignee_id, report.assigned_opd_id) == (None, None)


def test_the_officers_of_the_unit_are_told(city, officer):
    settings = settings_of(city.session, city.users["village"].id)
    settings.email = "desa@contoh.test"
    city.session.add(settings)
    report = city.sent_to("DISTRICT")
    post(officer("district"), report, "tugaskan", assignee="VILLAGE")

    told = select(OutboxMessage.user_id).where(OutboxMessage.kind == "assigned")
    assert city.session.scalars(told).all() == [city.users["village"].id]


def test_another_office_is_no_unit_of_this_one(city, officer):
    report = city.sent_to("DISTRICT")

    assert post(officer("district"), report, "tugaskan", assignee="ROADS").status_code == 422


# ---- at one press ----


def test_a_usual_reason_gives_a_report_back(city, officer):
    report, works = city.sent_to("WORKS"), officer("works")
    form = page_of(works.get(address(report))).select_one("form[data-deed=kembalikan]")
    buttons = form.select("button[name=ready]")
    why = buttons[0]["value"]

    other = post(works, report, "kembalikan", ready="Malas", reason=" ")
    answer = post(works, report, "kembalikan", ready=why, reason="Coba ke Roads.")

    assert [one["data-key"] for one in buttons] == ["1", "2", "3", "4"]
    assert (other.status_code, answer.status_code) == (422, 303)
    assert report.history[-1].text == f"{why}\nCoba ke Roads."


def test_more_time_is_asked_for_with_a_usual_reason(city, officer):
    report, works = city.sent_to("WORKS"), officer("works")
    form = asked_for(works, report, "minta-waktu")
    until = form.select_one("[name=until]")["value"]
    why = form.select("button[name=ready]")[1]["value"]
    assert form.select_one("[role=group]").has_attr("autofocus"), "one key sends it"

    answer = post(works, report, "minta-waktu", ready=why, reason="", until=until)

    # Five working days after the last one in time, with the day off between.
    assert (report.due_on.isoformat(), until) == ("2026-11-16", "2026-11-24")
    assert answer.status_code == 303
    assert (report.time_asked_until.isoformat(), report.history[-1].text) == (until, why)


def test_a_colleague_is_set_to_work(city, officer):
    report, works = city.sent_to("WORKS"), officer("works")
    form = asked_for(works, report, "tugaskan")
    button = form.find("button", value=str(city.users["works2"].id))

    nobody = post(works, report, "tugaskan", ready=str(city.users["roads"].id), assignee="")
    answer = post(works, report, "tugaskan", ready=button["value"], assignee="")

    assert button.text.startswith("Nama works2")
    assert (nobody.status_code, answer.status_code) == (422, 303)
    assert report.assignee_id == city.users["works2"].id


# ---- notes ----


def test_an_office_proposes_a_merge_to_whoever_handed_it_on(city, officer):
    city.add_user("coordinator0", Role.COORDINATOR, None)
    report, same = city.sent_to("WORKS"), city.sent_to("WORKS")
    settings = settings_of(city.session, city.users["coordinator"].id)
    settings.email = "k@contoh.id"
    city.session.add(settings)
    works = officer("works")
    link = page_of(works.get(address(report))).select_one("a[data-key=m]")

    form = page_of(works.get(link["href"])).select_one("details[open] form[data-deed=catatan]")
    begun = form.select_one("textarea").text.strip()
    assert begun == "@coordinator Usul digabung ke laporan nomor"
    post(works, report, "catatan", text=f"{begun} {same.number}")

    told = select(OutboxMessage.user_id).where(OutboxMessage.kind == MessageKind.MENTIONED)
    assert city.session.scalars(told).all() == [city.users["coordinator"].id]
    assert "Catatan untuk Nama coordinator" in works.get(address(report)).text
    overseen = city.send()
    city.verify(overseen, "WORKS", classification="supervisory")
    for who, its in (("works-boss", report), ("leader", report), ("inspector", overseen)):
        page = page_of(officer(who).get(address(its)))
        assert its.number in page.text
        assert page.select_one("a[data-key=m]") is None


def test_the_inspektorat_proposes_a_merge_of_what_it_holds(city, officer):
    about_conduct = city.sent_to("AUDIT", about_conduct=True)
    link = page_of(officer("inspector").get(address(about_conduct))).select_one("a[data-key=m]")

    assert "usul-gabung" in link["href"]


def test_it_names_nobody_whose_deed_was_undone_or_who_may_not_read_it(city, officer):
    other = city.add_user("coordinator0", Role.COORDINATOR, None)
    undone, accusing = city.sent_to("WORKS"), city.sent_to("WORKS")
    about_service = city.send(about_service=True)
    city.do("coordinator0", undone, Reassign(city.opds["ROADS"], "Jalan kota."))
    city.do("coordinator0", undone, Undo())
    city.do("coordinator0", accusing, Reassign(city.opds["ROADS"], "Jalan kota."))
    accusing.accused_user_id = other.id

    def begun(who, report) -> str:
        page = page_of(officer(who).get(f"{address(report)}?formulir=usul-gabung"))
        return page.select_one("form[data-deed=catatan] textarea").text.split()[0]

    names = [begun("works", undone), begun("roads", accusing), begun("inspector", about_service)]
    assert names == ["@coordinator", "@coordinator", "Usul"]


def test_who_may_not_read_the_report_is_not_mentioned(city, officer):
    report = city.sent_to("WORKS")
    works = officer("works")

    refused = post(works, report, "catatan", text="@roads ini punyamu?")
    told = post(works, report, "catatan", text="@works2 tolong ukur. Hubungi a@works.id")

    assert refused.status_code == 422
    assert "tidak dapat membaca laporan ini" in refused.text
    assert "@roads ini punyamu?" in refused.text
    assert told.status_code == 303
    assert "Catatan untuk Nama works2" in works.get(address(report)).text


# ---- the checklist ----


def test_steps_are_added_ticked_and_removed_without_overtaking_anybody(city, officer):
    report = city.sent_to("WORKS")
    works, version = officer("works"), report.version

    def change(**fields):
        return works.post(address(report, "daftar-periksa"), fields).status_code

    assert [change(text="Ukur lubang"), change(text="Pesan aspal")] == [303, 303]
    first, second = city.session.scalars(select(ChecklistItem).order_by(ChecklistItem.id))
    assert [change(step=first.id, done="1"), change(step=second.id, remove="1")] == [303, 303]

    page = page_of(works.get(address(report)))
    assert "1 dari 1 selesai" in page.find(id="checklist").text
    assert "Nama works" in page.find(id="checklist").text
    assert report.version == version
    assert change(step=first.id) == 303
    assert first.done_at is None


@pytest.mark.parametrize(
    ("who", "fields", "status"),
    [
        ("works", {"text": " "}, 422),
        ("works", {"text": "x" * 201}, 422),
        ("works", {"step": 2**40, "done": "1"}, 404),
        ("coordinator", {"text": "Cek"}, 403),
        ("leader", {"text": "Cek"}, 403),
        ("roads", {"text": "Cek"}, 404),
    ],
)
def test_a_step_by_somebody_else_or_none_at_all(city, officer, who, fields, status):
    report = city.sent_to("WORKS")

    answer = officer(who).post(address(report, "daftar-periksa"), fields)

    assert answer.status_code == status


# ---- read, and acted on ----


def held(city, report):
    return city.session.scalars(
        select(Disposition).where(
            Disposition.report_id == report.id, Disposition.ended_at.is_(None)
        )
    ).one()


def test_only_the_first_look_of_the_holder_is_noted(city, officer):
    report = city.sent_to("WORKS")
    officer("coordinator").get(address(report))
    officer("works").open(address(report), headers={"Sec-Purpose": "prefetch"})
    assert held(city, report).first_read_at is None
    assert (
        "Belum"
        in page_of(officer("coordinator").get(address(report)))
        .find("dt", string="Dibaca")
        .find_next("dd")
        .text
    )
    first = city.now

    officer("works").get(address(report))
    city.wait(hours=3)
    officer("works2").get(address(report))

    row = held(city, report)
    assert (row.first_read_at, row.first_read_by_id) == (first, city.users["works"].id)
    assert "Nama works" in officer("coordinator").get(address(report)).text
    assert row.first_follow_up_at is None


def test_whoever_acts_from_the_list_has_read_it(city, officer):
    report = city.sent_to("WORKS")

    post(officer("works"), report, "tindak-lanjut", text="Kami cek.")

    assert held(city, report).first_read_by_id == city.users["works"].id


def test_how_often_it_was_passed_around_is_shown(city, officer):
    report = city.sent_to("WORKS")
    city.do("works", report, Return("Bukan kami."))
    city.verify(report, "ROADS")

    page = officer("roads").get(address(report)).text

    assert "2 kali diteruskan: Dinas Works, lalu Dinas Roads; 1 kali dikembalikan" in page


# ---- completion ----


def photo(name):
    file = BytesIO()
    Image.new("RGB", (40, 30), "teal" if name == "a.jpg" else "navy").save(file, "JPEG")
    file.seek(0)
    return file, name


def test_before_and_after_are_told_apart_in_words(city, officer, storage):
    report = city.sent_to("WORKS")

    answer = post(
        officer("works"), report, "ajukan-selesai", text="Sudah ditambal.",
        outcome="fully_handled", before=photo("a.jpg"), before_alt="lubang selebar meja",
        evidence=photo("b.jpg"),
    )  # fmt: skip

    assert answer.status_code == 303
    words = select(Attachment.alt_text).order_by(Attachment.id)
    assert city.session.scalars(words).all() == ["Sebelum: lubang selebar meja", "Sesudah"]


def test_a_supervisor_reads_the_answer_and_its_evidence_above_the_report(city, officer):
    report = city.sent_to("WORKS")
    city.show_evidence(report)
    city.do("works", report, Propose("Sudah diganti.", Outcome.FULLY_HANDLED))

    page = page_of(officer("works-boss").get(address(report)))

    proposal = page.find(class_="proposal")
    assert "Sudah diganti." in proposal.text
    assert proposal.find(class_="proofs")
    assert page.find("dl", class_="facts") in proposal.find_all_next("dl")


def test_nobody_approves_their_own_work(city, officer):
    report = city.sent_to("WORKS")
    boss = city.users["works-boss"]
    city.do("works-boss", report, Assign(boss))
    city.do("works", report, Propose("Sudah dijelaskan.", Outcome.EXPLAINED))
    city.session.get_one(type(report.history[-1]), (report.id, report.version)).user_id = boss.id

    assert post(officer("works-boss"), report, "setujui").status_code == 403
    assert "Setujui selesai" not in officer("works-boss").get(address(report)).text


def test_a_note_is_never_told_outside(city, officer):
    report = city.sent_to("WORKS")
    city.do("works", report, Note("Rahasia dapur."))

    assert "Rahasia dapur." not in officer("works").get(f"/laporan/{report.number}").text
