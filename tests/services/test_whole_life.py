"""Each deed of the transition table, done by those who may, and what it leaves behind."""

import datetime as dt

import pytest
from small_city import KEYS, SmallCity
from sqlalchemy import select

from lapor_web.models import (
    Action,
    ArchiveReason,
    Attachment,
    DispositionKind,
    EndReason,
    FinishMode,
    HistoryEntry,
    IdentityReveal,
    MessageKind,
    NotAllowedForRole,
    NotFromThisStatus,
    OutboxMessage,
    Outcome,
    Status,
)
from lapor_web.services.approval import Approve, GrantTime, Reject
from lapor_web.services.closing import (
    Archive,
    Merge,
    ReopenByCoordinator,
    SendOutside,
    Unarchive,
    Unmerge,
)
from lapor_web.services.conversation import (
    ChangeContact,
    Confirm,
    ConsentToOmbudsman,
    Erase,
    Expire,
    FinishBySilence,
    Object,
    Rate,
    Reopen,
    Reply,
    Withdraw,
)
from lapor_web.services.deeds import DeedRefused
from lapor_web.services.follow_up import (
    AskForTime,
    Assign,
    FollowUp,
    Note,
    Promise,
    Propose,
    Return,
)
from lapor_web.services.identity import Identity
from lapor_web.services.reveal import RevealIdentity, read_identity
from lapor_web.services.undo import Undo
from lapor_web.services.verification import (
    Complete,
    Edit,
    Flags,
    PutOnHold,
    Reassign,
)

DONE = Propose(text="Lampu sudah diganti.", outcome=Outcome.FULLY_HANDLED)
EXPLAINED = Propose(text="Lampu dijadwalkan tahun depan.", outcome=Outcome.EXPLAINED)


@pytest.fixture
def city(db):
    return SmallCity(db.session())


def answered(city, opd="DISTRICT", who="district", **fields):
    report = city.sent_to(opd, **fields)
    city.do(who, report, EXPLAINED)
    return report


def finished(city):
    report = answered(city)
    city.do("reporter", report, Confirm())
    return report


def messages(city, report):
    rows = select(OutboxMessage.kind).where(
        OutboxMessage.report_id == report.id, OutboxMessage.cancelled_at.is_(None)
    )
    return list(city.session.scalars(rows.order_by(OutboxMessage.id)))


def refused(city, who, report, deed) -> tuple[str, str]:
    with pytest.raises(DeedRefused) as problem:
        city.do(who, report, deed)
    return problem.value.field, problem.value.code


def test_from_the_phone_to_finished(city):
    report = city.send()
    city.verify(report, tembusan=(city.opds["ROADS"],))
    assert (report.status, report.holder, report.kind) == (
        "forwarded",
        city.opds["WORKS"],
        "complaint",
    )

    city.wait(days=1)
    city.do("works", report, FollowUp("Petugas kami periksa besok."))
    assert (report.status, report.pace_days) == (Status.IN_PROCESS, 1)

    city.show_evidence(report)
    city.do("works", report, DONE)
    assert report.status is Status.AWAITING_APPROVAL

    proposal = city.do("works-boss", report, Approve())
    assert (report.status, proposal.text, proposal.visible) == (
        "awaiting_reporter",
        DONE.text,
        True,
    )

    city.do("reporter", report, Confirm())
    city.do("reporter", report, Rate(rating=5))
    assert (report.status, report.finish_mode, report.rating) == ("finished", "confirmed", 5)
    assert messages(city, report) == [
        MessageKind.RECEIVED,
        MessageKind.FORWARDED,
        MessageKind.ANSWERED,
        MessageKind.COMPLETION_PROPOSED,
        MessageKind.FINISHED,
    ]


def test_an_office_without_a_supervisor_asks_the_reporter_at_once(city):
    report = answered(city)

    assert report.status is Status.AWAITING_REPORTER
    assert report.due_on == dt.date(2026, 11, 24)  # ten working days on, one of them off


def test_a_proposal_from_forwarded_is_the_first_follow_up_too(city):
    report = city.sent_to("WORKS")
    city.wait(days=2)
    city.do("works", report, EXPLAINED)

    assert (report.pace_days, report.responsible.in_time) == (2, True)


def test_what_was_done_must_be_seen(city):
    report = city.sent_to("DISTRICT")

    assert refused(city, "district", report, DONE) == ("evidence", "missing")
    city.show_evidence(report)
    city.do("district", report, DONE)
    assert report.has_evidence


def test_what_is_planned_needs_its_day(city):
    report = city.sent_to("DISTRICT")
    planned = Propose(text="Tahun depan.", outcome=Outcome.SCHEDULED)

    assert refused(city, "district", report, planned) == ("outcome_on", "missing")


def test_nobody_approves_their_own_work(city):
    report = city.sent_to("WORKS")
    city.do("works", report, EXPLAINED)
    city.users["works"].role = "supervisor"

    with pytest.raises(NotAllowedForRole):
        city.do("works", report, Approve())


def test_a_rejected_proposal_goes_back_to_work(city):
    report = city.sent_to("WORKS")
    city.do("works", report, EXPLAINED)
    entry = city.do("works-boss", report, Reject(reason="Lampirkan jadwalnya."))

    assert (report.status, report.outcome, entry.visible) == (Status.IN_PROCESS, None, False)


@pytest.mark.parametrize("who", ["roads", "village", "works-boss", "leader", "evaluator"])
def test_only_the_office_that_holds_it_follows_up(city, who):
    report = city.sent_to("WORKS")

    with pytest.raises(NotAllowedForRole):
        city.do(who, report, FollowUp("Kami kerjakan."))


def test_a_kecamatan_works_for_its_kelurahan(city):
    report = city.sent_to("VILLAGE")

    city.do("district", report, FollowUp("Kami bantu kelurahan."))

    assert report.status is Status.IN_PROCESS


def test_a_returned_report_waits_in_the_queue_held_by_nobody(city):
    report = city.sent_to("WORKS")
    city.do("works", report, Return(reason="Wewenang dinas lain."))

    assert (report.status, report.returned, report.holder) == (Status.UNVERIFIED, True, None)
    assert report.waiting_from is not None  # its age runs on: returning never improves a figure
    assert report.dispositions[0].end_reason is EndReason.RETURNED

    city.verify(report, "ROADS")
    assert (report.returned, report.return_count, report.holder.code) == (False, 1, "ROADS")


def test_each_holder_has_a_time_of_their_own(city):
    report = city.sent_to("WORKS")
    first_disposed = report.disposed_at
    city.wait(days=2)
    city.do("coordinator", report, Reassign(opd=city.opds["ROADS"], reason="Jalan provinsi."))
    city.wait(days=1)
    city.do("roads", report, FollowUp("Kami tangani."))

    works, roads = report.dispositions
    assert (works.end_reason, works.pace_days) == (EndReason.REASSIGNED, None)
    assert (roads.pace_days, report.pace_days) == (1, 3)
    assert report.disposed_at == first_disposed


def test_the_same_office_twice_is_no_reassignment(city):
    report = city.sent_to("WORKS")
    again = Reassign(opd=city.opds["WORKS"], reason="Coba lagi.")

    assert refused(city, "coordinator", report, again) == ("opd", "same_opd")


def test_tembusan_becomes_responsible_without_holding_twice(city):
    report = city.send()
    city.verify(report, "WORKS", tembusan=(city.opds["ROADS"], city.opds["WORKS"]))
    assert [one.kind for one in report.dispositions] == [
        DispositionKind.RESPONSIBLE,
        DispositionKind.TEMBUSAN,
    ]

    city.do("coordinator", report, Reassign(opd=city.opds["ROADS"], reason="Lebih tepat."))

    assert [one.opd.code for one in report.dispositions if one.ended_at is None] == ["ROADS"]


@pytest.mark.parametrize("begin", ["unverified", "forwarded", "in_process"])
def test_a_pause_stops_the_clock_and_leads_back(city, begin):
    report = city.send()
    if begin != "unverified":
        city.verify(report, "WORKS")
    if begin == "in_process":
        city.do("works", report, FollowUp("Kami periksa."))
    due = report.due_on

    city.do("coordinator", report, PutOnHold(reason="Di sebelah mana?"))
    assert (report.status, report.due_on) == (Status.ON_HOLD, dt.date(2026, 11, 24))
    city.wait(days=1)
    city.do("reporter", report, Complete(text="Di depan masjid."))

    assert report.status == begin
    assert report.due_on == due + dt.timedelta(days=1)


def test_what_never_came_is_archived_by_the_clock(city):
    report = city.send()
    city.do("coordinator", report, PutOnHold(reason="Di sebelah mana?"))
    city.do("system", report, Expire())

    assert report.archive_reason is ArchiveReason.NOT_COMPLETED
    assert report.current_hold is None


def test_an_archive_is_contested_once(city):
    report = city.send()
    for objection in ("Ini penting.", "Sekali lagi."):
        city.do("coordinator", report, Archive(archive_reason=ArchiveReason.UNCLEAR))
        if objection == "Ini penting.":
            city.do("reporter", report, Object(reason=objection))
            assert (report.status, report.objected) == (Status.UNVERIFIED, True)
        else:
            assert (
                refused(city, "reporter", report, Object(reason=objection))[1] == "objected_before"
            )


def test_an_archive_is_taken_back(city):
    report = city.sent_to("WORKS")
    city.do("coordinator", report, Archive(archive_reason=ArchiveReason.UNCLEAR))
    assert report.holder.code == "WORKS"  # whose line in the recap it stays on

    city.do("coordinator", report, Unarchive(reason="Terlalu cepat."))

    assert (report.status, report.holder, report.archive_reason) == ("unverified", None, None)


def test_outside_our_authority_says_where_to_go(city):
    report = city.send()
    city.do("coordinator", report, SendOutside(belongs_to="PLN", text="Telepon 123."))

    assert (report.status, report.belongs_to) == (Status.OUTSIDE_AUTHORITY, "PLN")
    assert messages(city, report)[-1] is MessageKind.OUTSIDE_AUTHORITY


def test_merge_and_unmerge(city):
    parent, child, grandchild = city.sent_to("WORKS"), city.sent_to("WORKS"), city.send()
    city.do("coordinator", child, Merge(parent=parent))
    assert (child.status, child.parent) == (Status.MERGED, parent)

    for report, onto in ((grandchild, child), (parent, grandchild), (parent, parent)):
        with pytest.raises(DeedRefused):
            city.do("coordinator", report, Merge(parent=onto))

    city.do("coordinator", child, Unmerge(reason="Tempatnya lain."))
    assert (child.status, child.parent) == (Status.UNVERIFIED, None)


def test_an_open_report_is_not_merged_into_a_hidden_one(city):
    hidden, report = city.send(confidential=True), city.send()

    assert refused(city, "coordinator", report, Merge(parent=hidden))[1] == "hidden_parent"


def test_an_edit_changes_what_is_given_and_the_limit_with_the_class(city):
    report = city.sent_to("WORKS")
    city.do("coordinator", report, Edit(title="Lampu padam", classification="supervisory"))

    assert (report.title, report.finish_limit, report.place) == ("Lampu padam", 60, "Jalan Mawar")


def test_hiding_a_published_report_says_that_its_copies_come_down(city):
    report = city.sent_to("WORKS")
    hide = Flags(anonymous=True, confidential=True, about_conduct=False)
    entry = city.do("coordinator", report, Edit(flags=hide))

    assert (report.is_published, entry.details["taken_down"]) == (False, True)


def test_about_conduct_goes_to_the_inspectorate_alone(city):
    report = city.send(about_conduct=True)
    flags = Flags(True, True, about_conduct=True, accused=city.opds["WORKS"])
    for office in ("WORKS", "ROADS"):
        with pytest.raises(DeedRefused):
            city.verify(report, office, flags=flags)

    city.verify(report, "AUDIT", flags=flags)

    assert report.holder.code == "AUDIT"


def test_whom_it_accuses_is_said_after_it_was_taken_from_them(city):
    report = city.sent_to("WORKS")
    accusing = Edit(flags=Flags(True, True, about_conduct=True, accused=city.opds["WORKS"]))

    assert refused(city, "coordinator", report, accusing)[0] == "about_conduct"
    city.do("coordinator", report, Reassign(opd=city.opds["AUDIT"], reason="Perilaku petugas."))
    city.do("coordinator", report, accusing)
    assert report.accused.code == "WORKS"


def test_what_turns_out_to_be_about_conduct_is_taken_from_those_who_read_along(city):
    report = city.send()
    city.verify(report, "WORKS", tembusan=(city.opds["ROADS"],))
    city.do("coordinator", report, Reassign(opd=city.opds["AUDIT"], reason="Perilaku petugas."))
    city.do("coordinator", report, Edit(flags=Flags(True, True, about_conduct=True)))

    assert [one.opd.code for one in report.dispositions if one.ended_at is None] == ["AUDIT"]


def test_a_unit_under_the_accused_does_not_get_it(city):
    report = city.send()
    accusing = Flags(False, False, about_conduct=False, accused=city.opds["DISTRICT"])

    with pytest.raises(DeedRefused):
        city.verify(report, "VILLAGE", flags=accusing)


def test_lifting_anonymity_is_a_reveal_that_nobody_takes_back(city):
    report = city.sent_to("WORKS", anonymous=True)
    city.do("coordinator", report, Edit(flags=Flags(False, False, False), note="Diminta pelapor."))

    assert city.session.scalars(select(IdentityReveal.reason)).all() == ["Diminta pelapor."]
    assert refused(city, "coordinator", report, Undo())[1] == "too_late_to_undo"


def test_what_a_supervisor_rejected_shows_nothing(city):
    report = city.sent_to("WORKS")
    city.show_evidence(report)
    city.do("works", report, DONE)
    city.do("works-boss", report, Reject(reason="Fotonya lain."))

    assert refused(city, "works", report, DONE) == ("evidence", "missing")


def test_about_this_service_goes_straight_to_the_inspectorate_and_stays(city):
    report = city.send(about_service=True)
    city.check()

    assert (report.status, report.holder.code) == (Status.FORWARDED, "AUDIT")
    back = Return(reason="Bukan kami.")
    assert refused(city, "inspector", report, back)[1] == "about_service_stays"


def test_silence_finishes_and_discontent_reopens_once_within_thirty_days(city):
    report = answered(city)
    city.do("system", report, FinishBySilence())
    assert report.finish_mode is FinishMode.AUTOMATIC

    assert refused(city, "reporter", report, Reopen(reason="Masih mati.", rating=4))[0] == "rating"
    city.do("reporter", report, Reopen(reason="Masih mati.", rating=1))
    assert (report.status, report.finished_at, report.reopened_count) == ("in_process", None, 1)

    city.do("district", report, EXPLAINED)
    city.do("reporter", report, Confirm())
    again = Reopen(reason="Mati lagi.", rating=1)
    assert refused(city, "reporter", report, again)[1] == "too_late_to_reopen"
    city.do("coordinator", report, ReopenByCoordinator(reason="Diminta walikota."))
    assert report.status is Status.IN_PROCESS


def test_reopening_comes_too_late_after_thirty_days(city):
    report = finished(city)
    city.wait(days=30, seconds=1)

    again = Reopen(reason="Mati lagi.", rating=1)
    assert refused(city, "reporter", report, again)[1] == "too_late_to_reopen"


def test_not_done_yet_gives_the_office_its_limit_anew(city):
    report = answered(city)
    city.wait(days=1)
    city.do("reporter", report, Object(reason="Masih mati."))

    assert (report.status, report.outcome) == (Status.IN_PROCESS, None)
    assert report.due_on == dt.date(2026, 12, 1)  # 14 working days after the objection


def test_one_rates_once_and_only_what_is_finished(city):
    report = answered(city)
    with pytest.raises(NotFromThisStatus):
        city.do("reporter", report, Rate(rating=5))
    city.do("reporter", report, Confirm())
    assert refused(city, "reporter", report, Rate(rating=6))[1] == "out_of_range"
    city.do("reporter", report, Rate(rating=3))

    assert refused(city, "reporter", report, Rate(rating=5))[1] == "rated_before"


def test_the_reporter_withdraws_and_cannot_object_to_that(city):
    report = city.sent_to("WORKS")
    city.do("reporter", report, Withdraw())

    assert report.archive_reason is ArchiveReason.WITHDRAWN
    assert refused(city, "reporter", report, Object(reason="Batal."))[1] == "objected_before"


def test_a_promise_and_asked_time_never_move_the_legal_limit(city):
    report = city.sent_to("WORKS")
    city.do("works", report, FollowUp("Kami periksa."))
    due, late = report.due_on, dt.date(2026, 12, 24)
    ask = AskForTime(reason="Menunggu alat.", until=late)

    with pytest.raises(DeedRefused):
        city.do("works", report, Promise(promised_on=dt.date(2026, 11, 8)))
    city.do("works", report, Promise(promised_on=dt.date(2026, 11, 20)))
    city.do("works", report, ask)
    assert refused(city, "works", report, ask)[1] == "asked_before"
    city.do("works-boss", report, GrantTime(granted=True))
    assert refused(city, "works-boss", report, GrantTime(granted=True))[1] == "nothing_asked"

    assert (report.due_on, report.promised_on) == (due, late)


def test_assigning_stays_within_the_office(city):
    report = city.sent_to("DISTRICT")
    city.do("district", report, Assign(assignee=city.users["village"]))
    assert report.assignee_id == city.users["village"].id

    other = Assign(assignee=city.users["works"])
    assert refused(city, "district", report, other)[1] == "not_of_this_office"


def test_a_note_is_no_follow_up_and_a_reply_is_no_answer(city):
    report = city.sent_to("WORKS")
    note = city.do("works", report, Note(text="Cek lokasi."))
    city.do("reporter", report, Reply(text="Sudah?"))

    assert (report.status, report.first_follow_up_at, note.visible) == ("forwarded", None, False)


def test_revealing_an_identity_leaves_a_trace(city):
    report = city.send(anonymous=True, identity=Identity("Siti", "08123456789"))
    with pytest.raises(DeedRefused):
        city.do("coordinator", report, RevealIdentity(reason=""))
    city.do("coordinator", report, RevealIdentity(reason="Diminta Inspektorat."))

    trace = city.session.scalars(select(IdentityReveal)).one()
    assert trace.reason == "Diminta Inspektorat."
    assert read_identity(city.session, report, keys=KEYS) == Identity("Siti", "08123456789")
    with pytest.raises(NotAllowedForRole):
        city.do("leader", report, RevealIdentity(reason="Ingin tahu."))


def test_contact_is_changed_and_erased_for_good(city):
    report = city.send(identity=Identity("Siti", "08123456789"))
    city.do("reporter", report, ChangeContact(phone="", email="siti@contoh.id", keys=KEYS))
    assert read_identity(city.session, report, keys=KEYS) == Identity("Siti", "", "siti@contoh.id")

    city.do("reporter", report, Erase())

    assert read_identity(city.session, report, keys=KEYS) is None


def test_erasing_takes_the_reporters_photos_and_leaves_the_offices(city):
    report = city.sent_to("WORKS", identity=Identity("Siti", "08123456789"))
    city.show_evidence(report)
    city.session.add(
        Attachment(
            agency_id=city.agency.id,
            report_id=report.id,
            by_reporter=True,
            media_type="image/jpeg",
            original_name="Siti.jpg",
            size=1,
            wrapped_key=b"key",
        )
    )
    city.do("reporter", report, Erase())
    city.session.expire_all()

    rows = city.session.scalars(select(Attachment).order_by(Attachment.by_reporter)).all()
    assert [(row.original_name, row.state) for row in rows] == [
        ("sesudah.jpg", "received"),
        ("", "refused"),
    ]


def test_consent_to_the_ombudsman_is_kept(city):
    report = city.sent_to("WORKS")
    city.do("reporter", report, ConsentToOmbudsman())

    assert report.ombudsman_consent_at == city.now


UNDOABLE = {
    "verify": lambda city, report: city.verify(report, "ROADS", tembusan=(city.opds["WORKS"],)),
    "hold": lambda city, report: city.do("coordinator", report, PutOnHold(reason="Di mana?")),
    "archive": lambda city, report: city.do(
        "coordinator", report, Archive(archive_reason=ArchiveReason.UNCLEAR)
    ),
    "outside": lambda city, report: city.do("coordinator", report, SendOutside(belongs_to="PLN")),
    "edit": lambda city, report: city.do("coordinator", report, Edit(title="Lain")),
    "merge": lambda city, report: city.do("coordinator", report, Merge(parent=city.send())),
}


@pytest.mark.parametrize("deed", UNDOABLE)
def test_undoing_puts_everything_back_and_silences_its_message(city, deed):
    report = city.send()
    before, told = everything(report), messages(city, report)

    entry = UNDOABLE[deed](city, report)
    city.wait(seconds=30)
    undo = city.do("coordinator", report, Undo())

    assert everything(report) == before
    assert messages(city, report) == told
    assert (undo.undoes, entry.undone, report.responsible) == (entry.sequence, True, None)


def test_undoing_a_reassignment_gives_the_report_back(city):
    report = city.sent_to("WORKS")
    city.do("works", report, FollowUp("Kami periksa."))
    before = everything(report)
    city.do("coordinator", report, Reassign(opd=city.opds["ROADS"], reason="Keliru."))
    city.do("coordinator", report, Undo())

    assert everything(report) == before
    assert (report.responsible.opd.code, report.responsible.pace_days) == ("WORKS", 0)


def test_undoing_a_first_follow_up_makes_the_report_wait_again(city):
    report = city.sent_to("WORKS")
    city.wait(days=3)
    city.do("works", report, FollowUp("Salah kirim."))
    city.do("works", report, Undo())

    assert (report.status, report.pace_days, report.responsible.waiting) == (
        "forwarded",
        None,
        True,
    )


@pytest.mark.parametrize("why", ["late", "other", "told", "twice", "overtaken"])
def test_what_cannot_be_undone_any_more(city, why):
    report = city.sent_to("WORKS")
    city.do("works", report, FollowUp("Kami periksa."))
    who = "works"
    if why == "late":
        city.wait(seconds=61)
    elif why == "other":
        who = "works2"
    elif why == "told":
        city.session.execute(OutboxMessage.__table__.update().values(sent_at=city.now))
    elif why == "twice":
        city.do("works", report, Undo())
    else:
        city.do("reporter", report, Reply(text="Terima kasih."))

    assert refused(city, who, report, Undo())[1] == "too_late_to_undo"


def everything(report) -> dict[str, object]:
    names = {column.name for column in report.__table__.columns} - {"version"}
    return {name: getattr(report, name) for name in names}


def test_history_keeps_who_was_who_then(city):
    report = city.sent_to("WORKS")
    city.opds["WORKS"].name = "Dinas Baru"
    city.session.flush()

    entry = city.session.get_one(HistoryEntry, (report.id, 2))
    assert (entry.action, entry.opd_name, entry.doer_name) == (
        Action.VERIFY,
        "Dinas Works",
        "Nama coordinator",
    )
