"""A phone writes: it answers about a report of its own, or a report comes of it, and nothing is lost."""

import datetime as dt
import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_city import KEYS, SmallCity
from sqlalchemy import select, text
from talking import OTHER_PHONE, PHONE, Talking, picture, twice

from lapor_web.letters.gsm7 import places
from lapor_web.models import (
    Action,
    Answer,
    Attachment,
    Channel,
    Dialogue,
    Handled,
    InboundEvent,
    Medium,
    OutboxMessage,
    Outcome,
    Question,
    Report,
    ReporterIdentity,
    Status,
)
from lapor_web.services import inbound_events, senders, unread
from lapor_web.services import inbound_texts as texts
from lapor_web.services.channels import Away, Refused, TryAgain
from lapor_web.services.channels.phone import Delivery, provider_name
from lapor_web.services.conversation import ChangeContact, Erase
from lapor_web.services.dialogues import wrote_lately
from lapor_web.services.follow_up import Propose
from lapor_web.services.identity import Identity, open_sealed
from lapor_web.services.numbers import check_digit
from lapor_web.services.storage import open_storage
from lapor_web.services.verification import PutOnHold

STORY = "Lampu jalan mati sejak Senin malam, gelap sekali."
PLACE = "Jalan Mawar, depan SD 12"
OUR_ADDRESS = "https://lapor.samarindakota.go.id"


@pytest.fixture
def talk(db, tmp_path) -> Talking:
    return Talking(SmallCity(db.session()), open_storage(str(tmp_path)))


def proposed(talk, **fields):
    """One of theirs that waits for their word."""
    report = talk.on_file(**fields)
    talk.city.do("district", report, Propose(text="Sudah.", outcome=Outcome.EXPLAINED))
    return report


def sent_news_of(talk, report) -> str:
    """Our newest message about it has left; the gateway's name for it."""
    gateways_id = f"wamid.ours.{report.id}"
    message = talk.city.session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.report_id == report.id)
        .order_by(OutboxMessage.id.desc())
    ).first()
    message.sent_at, message.provider_id = talk.city.now, provider_name(gateways_id)
    talk.city.session.flush()
    talk.city.wait(minutes=1)
    return gateways_id


# ---- a new report ----


def test_a_story_and_its_place_make_a_report_with_number_and_code(talk):
    asked = talk.says(STORY)
    answer = talk.says(PLACE)

    (report,) = talk.reports()
    assert "Di mana tempatnya?" in asked
    assert (report.story, report.place) == (STORY, PLACE)
    assert (report.status, report.channel) == (Status.UNVERIFIED, Channel.WHATSAPP)
    assert report.number in answer
    code = answer.split("Kode lacak ")[1].split(",")[0]
    assert KEYS.receipt_matches(code, report.receipt_hash)
    who = talk.city.session.get_one(ReporterIdentity, report.id)
    assert open_sealed(who, keys=KEYS) == Identity(phone="081234567890")
    assert report.source_account is None


def test_our_answer_is_all_that_they_get_at_first(talk):
    talk.says(f"{STORY}\nTempat: {PLACE}")

    (message,) = talk.city.session.scalars(select(OutboxMessage))
    assert message.cancelled_at is not None


def test_a_place_in_the_text_or_shared_asks_nothing(talk):
    talk.says(f"{STORY}\nLokasi: {PLACE}")
    talk.says("Lapor: sampah menumpuk di pinggir sungai", place="Taman; -0.5, 117.15")

    assert [report.place for report in talk.reports()] == [PLACE, "Taman; -0.5, 117.15"]


def test_the_boxes_of_the_form_are_words(talk):
    talk.says(f"{STORY}\nanonim")
    talk.says(f"{PLACE}\n#RAHASIA")

    (report,) = talk.reports()
    assert (report.anonymous, report.confidential) == (True, True)
    assert (report.story, report.place) == (STORY, PLACE)


def test_photos_come_along_and_are_redrawn_later(talk):
    talk.media |= {"a": picture(), "b": picture("teal"), "speech": b"no picture at all"}
    asked = talk.says(media=("a",))
    talk.says(STORY)
    quiet = talk.says(media=("b", "speech", "gone"))
    answer = talk.says(PLACE)

    (report,) = talk.reports()
    files = talk.city.session.scalars(select(Attachment)).all()
    assert "Ceritakan" in asked
    assert quiet == ""
    assert [(one.report_id, one.state.value, one.by_reporter) for one in files] == [
        (report.id, "received", True)
    ] * 2
    assert "2 berkas tidak dapat kami simpan" in answer


def test_a_greeting_makes_no_report_and_asks_no_question(talk):
    answer = talk.says("Halo min")

    assert "Telepon 112" in answer
    assert talk.reports() == []
    assert talk.city.session.scalars(select(Dialogue)).one().asks is None


def test_what_cannot_be_read_is_said(talk):
    assert "hanya dapat membaca" in talk.says(unreadable=True)
    assert talk.reports() == []


def test_batal_forgets_it(talk):
    talk.says(STORY)
    talk.says("Batal")
    row = talk.city.session.scalars(select(Dialogue)).one()

    assert (row.asks, row.sealed, talk.reports()) == (None, None, [])


def test_a_shared_place_is_cleaned_as_words_are(talk):
    """S-06: a gateway hands on whatever a phone calls it."""
    talk.says("Lapor: sampah menumpuk di pinggir sungai", place="Taman\x00 \u202ekota" + "x" * 600)

    (report,) = talk.reports()
    assert report.place.startswith("Taman kota")
    assert len(report.place) == 500


def test_a_place_too_long_goes_on_telling(talk):
    talk.says(STORY)
    talk.says("Jalan " + "panjang " * 100)

    (report,) = talk.reports()
    assert len(report.place) == 500
    assert report.story.endswith("panjang")


def test_whoever_never_says_where_gets_a_report_all_the_same(talk):
    talk.says(STORY)
    talk.later(hours=1)
    inbound_events.close_silent_talks(talk.tools())
    assert talk.reports() == []
    talk.later(hours=1)
    inbound_events.close_silent_talks(talk.tools())
    inbound_events.close_silent_talks(talk.tools())
    talk.send_answers()

    (report,) = talk.reports()
    assert report.place == "Belum disebutkan"
    assert report.number in talk.box.letters[-1].text


def test_so_does_whoever_sends_photos_and_hardly_a_word(talk):
    talk.media["a"] = picture()
    talk.says("Banjir", media=("a",))
    talk.later(hours=3)
    inbound_events.close_silent_talks(talk.tools())

    (report,) = talk.reports()
    assert report.story == "Banjir"
    assert len(talk.city.session.scalars(select(Attachment)).all()) == 1


def test_what_comes_hours_later_is_not_the_place(talk):
    """Whether or not the worker came round in between."""
    talk.says(STORY)
    talk.later(hours=3)
    answer = talk.says("Halo")

    (report,) = talk.reports()
    assert (report.story, report.place) == (STORY, "Belum disebutkan")
    assert f"laporan {report.number} kami terima. Kode lacak" in answer
    assert talk.newest(report).text == "Halo"  # by now it is a report of theirs


def test_the_sixth_of_a_day_waits_for_a_human_eye(talk):
    for number in range(6):
        talk.says(f"Lapor: {STORY} Nomor {number}.\nTempat: {PLACE}")

    assert [report.quarantined for report in talk.reports()] == [False] * 5 + [True]


def test_nul_marks_of_direction_and_emoji(talk):
    talk.says("Lampu\x00 \u202eitam\u202c 💡 di depan rumah saya\nTempat: Gang\x00 7")

    (report,) = talk.reports()
    assert report.story.startswith("Lampu itam 💡 di depan")
    assert report.place == "Gang 7"


def test_what_we_answer_fits_into_one_sms(talk):
    talk.city.agency.service_name = "Lapor Samarinda"
    first, second = talk.on_file(), talk.on_file()
    said = [
        texts.ASK_PLACE,
        texts.help_text(talk.city.agency),
        texts.received(talk.city.agency, "SMR-260482-7", "ABCD-EFGH-JKMN-PQRS", OUR_ADDRESS),
        texts.closed(first, OUR_ADDRESS),
        texts.ask_verdict(first),
        texts.ask_which([first, second]),
        texts.kept(first, "reply"),
    ]

    assert [one for one in said if places(one) > 160 or not one.isascii()] == []


# ---- a report of theirs ----


def test_1_finishes_and_2_goes_back_to_work(talk):
    done, undone = proposed(talk), None
    assert "beres" in talk.says("1")
    undone = proposed(talk)
    assert "buka lagi" in talk.says(" Belum beres. ")

    assert talk.newest(done).action is Action.CONFIRM
    assert done.status is Status.FINISHED
    assert talk.newest(undone).action is Action.OBJECT
    assert undone.status is Status.IN_PROCESS


def test_anything_else_is_a_reply_with_its_photos(talk):
    report = proposed(talk)
    talk.media["a"] = picture()
    answer = talk.says("2 lampu masih mati", media=("a",))

    newest = talk.newest(report)
    assert (newest.action, newest.text) == (Action.REPLY, "2 lampu masih mati")
    assert "Balas 1 bila beres" in answer
    (photo,) = talk.city.session.scalars(select(Attachment).where(Attachment.by_reporter))
    assert (photo.report_id, photo.history_sequence) == (report.id, newest.sequence)


def test_a_held_report_is_completed(talk):
    report = talk.city.send(identity=Identity(phone="+62 812 3456 7890"))
    talk.city.do("coordinator", report, PutOnHold(reason="Berapa lampunya?"))
    talk.says("2")

    newest = talk.newest(report)
    assert (newest.action, newest.text) == (Action.COMPLETE, "2")
    assert report.status is Status.UNVERIFIED


def test_a_closed_one_says_how_to_go_on(talk):
    report = proposed(talk)
    talk.says("1")

    assert f"{report.number} sudah ditutup" in talk.says("2")
    assert "https://lapor.test/lacak" in talk.says(f"{report.number} masih gelap")
    assert report.status is Status.FINISHED
    assert len(talk.reports()) == 1


def test_lapor_begins_a_new_one_beside_an_open_one(talk):
    talk.on_file()
    talk.says(f"LAPOR {STORY}")
    talk.says(PLACE)

    assert [report.story for report in talk.reports()] == ["Lampu jalan mati.", STORY]


def test_of_several_the_one_last_written_to(talk):
    first, second = talk.on_file(), talk.on_file()
    sent_news_of(talk, second)
    sent_news_of(talk, first)
    talk.says("Mohon segera")

    assert talk.newest(first).text == "Mohon segera"
    assert talk.newest(second).action is Action.VERIFY


def test_of_several_the_one_that_is_quoted(talk):
    first, second = talk.on_file(), talk.on_file()
    quoted = sent_news_of(talk, first)
    sent_news_of(talk, second)
    talk.says("Yang ini", quotes=provider_name(quoted))

    assert talk.newest(first).text == "Yang ini"


def test_of_several_that_wait_1_asks_which(talk):
    first, second = proposed(talk), proposed(talk)
    sent_news_of(talk, second)
    asked = talk.says("1")
    assert first.number in asked
    assert second.number in asked
    assert {first.status, second.status} == {Status.AWAITING_REPORTER}
    talk.says(first.number.replace("-", " ").lower())

    assert (first.status, second.status) == (Status.FINISHED, Status.AWAITING_REPORTER)


def test_a_1_while_we_ask_for_a_place_answers_what_it_answers(talk):
    report = proposed(talk)
    talk.says(f"lapor {STORY}")
    talk.says("1")
    talk.says(PLACE)

    assert report.status is Status.FINISHED
    assert talk.reports()[1].place == PLACE


def test_an_officers_answer_to_a_notice_makes_no_report(talk):
    report = talk.on_file()
    quoted = provider_name(sent_news_of(talk, report))
    message = talk.city.session.scalars(select(OutboxMessage).filter_by(provider_id=quoted)).one()
    message.user_id = talk.city.users["works"].id
    before = report.version
    got = talk.says(f"LAPOR {STORY}", sender=OTHER_PHONE, quotes=quoted)

    assert "tulis di sana" in got
    assert (talk.reports(), report.version) == ([report], before)


def test_a_hidden_report_is_answered_without_its_number(talk):
    report = talk.on_file(confidential=True)

    assert report.number not in talk.says("Ada perkembangan?")
    assert talk.newest(report).action is Action.REPLY


# ---- strangers ----


def test_a_stranger_learns_nothing_whatever_they_write(talk):
    report = proposed(talk)
    quoted = sent_news_of(talk, report)
    nobodys = f"KTA-269999-{check_digit('269999')}"
    before = report.version
    pairs = [
        (f"{report.number} 1", f"{nobodys} 1"),
        (f"{report.number} sudah beres belum?", f"{nobodys} sudah beres belum?"),
    ]
    for theirs, of_nobody in pairs:
        first = talk.says(theirs, sender=OTHER_PHONE, quotes=provider_name(quoted))
        assert first == talk.says(of_nobody, sender=OTHER_PHONE)
        assert "tidak kami temukan" in first
        assert report.number not in first
    talk.says("1", sender=OTHER_PHONE)
    talk.says(STORY, sender=OTHER_PHONE, quotes=provider_name(quoted))

    assert (report.version, report.status) == (before, Status.AWAITING_REPORTER)


def theirs(talk) -> list[Report]:
    city = talk.city
    return senders.reports_of(
        city.session, city.agency, Medium.PHONE, PHONE, keys=KEYS, now=city.now
    )


def test_who_reported_before_there_were_marks_is_known_after_a_night(talk):
    report, nameless = talk.on_file(), talk.on_file(identity=Identity(name="Ibu Rahma"))
    for one in (report, nameless):
        row = talk.city.session.get_one(ReporterIdentity, one.id)
        row.phone_mark = row.email_mark = None
    talk.city.session.flush()
    assert theirs(talk) == []

    last: int | None = 0
    while last is not None:
        last = senders.mark_some(talk.city.session, keys=KEYS, after=last)

    assert theirs(talk) == [report]


def test_another_whose_mark_is_the_same_is_a_stranger(talk):
    """One byte is shared by many; the address itself decides."""
    report = proposed(talk)
    row = talk.city.session.get_one(ReporterIdentity, report.id)
    row.phone_mark = KEYS.hash_of_address(OTHER_PHONE)[0]
    talk.city.session.flush()
    talk.says("1", sender=OTHER_PHONE)

    assert report.status is Status.AWAITING_REPORTER


def test_only_the_address_that_is_on_file_now(talk):
    report = talk.on_file()
    talk.city.do("reporter", report, ChangeContact(phone="085550001111", email="", keys=KEYS))
    talk.says("Saya yang lama, masih gelap di sini")
    assert talk.newest(report).action is Action.CHANGE_CONTACT
    talk.says("Saya yang baru", sender=OTHER_PHONE)
    assert talk.newest(report).text == "Saya yang baru"
    talk.city.do("reporter", report, Erase())
    talk.says("Masih ada?", sender=OTHER_PHONE)
    assert talk.newest(report).action is Action.ERASE


# ---- once, in order, whatever happens ----


def test_an_event_is_taken_once(talk):
    event = talk.event(f"{STORY}\nTempat: {PLACE}")
    assert talk.take(*twice(event)) == 1
    talk.work()
    talk.later(days=2)
    assert talk.take(event) == 0
    inbound_events.read(talk.city.session.scalars(select(InboundEvent.id)).one(), talk.tools())

    assert len(talk.reports()) == 1


def test_an_event_too_old_to_be_remembered_is_a_replay(talk):
    event = talk.event(STORY)
    talk.later(days=9)

    assert talk.take(event) == 0


def test_messages_out_of_order_are_read_in_order(talk):
    first = talk.event(STORY)
    talk.later(seconds=5)
    second = talk.event(PLACE)
    talk.take(second, first)
    talk.work()

    (report,) = talk.reports()
    assert (report.story, report.place) == (STORY, PLACE)


def test_a_gateway_that_is_away_delays_photos_and_loses_nothing(talk):
    report = talk.on_file()
    talk.media["a"] = Away("slow")
    talk.take(talk.event("Ini fotonya", media=("a",)))
    talk.work()
    assert talk.newest(report).action is Action.VERIFY
    talk.media["a"] = picture()
    talk.later(minutes=1)
    talk.work()

    assert talk.newest(report).text == "Ini fotonya"
    assert talk.city.session.scalars(select(Attachment)).one().report_id == report.id


def test_words_are_taken_in_the_end_without_their_photos(talk):
    report = talk.on_file()
    talk.media["a"] = TryAgain("busy")
    talk.take(talk.event("Ini fotonya", media=("a",)))
    for _ in range(8):
        talk.later(hours=1)
        talk.work()
    talk.send_answers()

    assert talk.newest(report).text == "Ini fotonya"
    assert "1 berkas tidak dapat kami simpan" in talk.box.letters[-1].text


def test_one_that_cannot_be_read_holds_up_nobody_and_is_given_up(talk, monkeypatch, caplog):
    def poisoned(tools, message, talk):
        if "racun" in message.text:
            raise RuntimeError(message.text)
        return respond(tools, message, talk)

    respond = inbound_events.inbound.respond
    monkeypatch.setattr(inbound_events.inbound, "respond", poisoned)
    caplog.set_level(logging.DEBUG)
    talk.take(talk.event(f"racun {STORY}"), talk.event("Halo", sender=OTHER_PHONE))
    for _ in range(8):
        talk.work()
        talk.later(hours=1)

    outcomes = {one.outcome for one in talk.city.session.scalars(select(InboundEvent))}
    assert outcomes == {Handled.FAILED, Handled.ANSWERED}
    assert "racun" not in caplog.text

    # It waits for an officer, however long, and nobody's words are shown to them.
    talk.later(days=40)
    inbound_events.forget_old(talk.city.session, talk.city.now)
    coordinator = talk.city.users["coordinator"]
    (row,) = unread.list_unread(talk.city.session, coordinator)
    talk.city.session.refresh(row)
    assert (row.reason, row.sender_hash) == ("RuntimeError", None)
    assert unread.count_unread(talk.city.session, talk.city.users["works"]) == 0
    monkeypatch.setattr(inbound_events.inbound, "respond", respond)
    unread.read_again(talk.city.session, row, keys=KEYS, now=talk.city.now)
    talk.work()
    assert row.outcome is Handled.ANSWERED
    assert row.sealed is None


def test_two_machines_stop_answering_each_other(talk):
    answers = [talk.says("Halo, pesan otomatis") for _ in range(33)]

    assert all(answers[:30])
    assert not any(answers[31:])


def test_nothing_lies_about_in_the_clear_or_in_the_logs(talk, caplog):
    caplog.set_level(logging.DEBUG)
    talk.media["a"] = Away("slow")
    talk.says("Cerita unik zamrud di depan rumah")
    talk.take(talk.event("Foto zamrud", media=("a",)))
    talk.work()
    rows = talk.city.session.execute(
        text(
            "SELECT e::text FROM inbound_event e UNION SELECT d::text FROM dialogue d"
            " UNION SELECT a::text FROM answer a UNION SELECT args::text FROM procrastinate_jobs"
        )
    ).scalars()

    everything = "\n".join(rows) + caplog.text
    for word in ("zamrud", "81234567890", PHONE.encode().hex(), "wamid", b"zamrud".hex()):
        assert word not in everything


def test_what_is_done_is_forgotten(talk):
    talk.says("Halo semua")
    talk.later(hours=25)
    inbound_events.forget_old(talk.city.session, talk.city.now)
    event = talk.city.session.scalars(select(InboundEvent)).one()
    talk.city.session.refresh(event)
    assert (event.sender_hash, event.sealed) == (None, None)
    assert talk.city.session.scalars(select(Dialogue)).all() == []
    talk.later(days=31)
    inbound_events.forget_old(talk.city.session, talk.city.now)

    assert talk.city.session.scalars(select(InboundEvent)).all() == []
    assert talk.city.session.scalars(select(Answer)).all() == []


def test_a_session_of_whatsapp_lasts_a_day(talk):
    def open_now(phone: str = PHONE) -> bool:
        return wrote_lately(
            talk.city.session, talk.city.agency, phone, keys=KEYS, now=talk.city.now
        )

    assert not open_now()
    talk.says("Halo")
    assert open_now()
    assert not open_now(OTHER_PHONE)
    talk.later(hours=24)
    assert not open_now()


# ---- what becomes of ours ----


def test_an_answer_waits_for_a_gateway_that_is_away_under_one_key(talk):
    talk.box.refusal = Away("no_connection")
    talk.says("Halo")
    for _ in range(40):
        talk.later(minutes=2)
        talk.send_answers()
    talk.box.refusal = None
    talk.later(minutes=1)
    talk.send_answers()
    talk.send_answers()

    row = talk.city.session.scalars(select(Answer)).one()
    assert [one.key for one in talk.box.letters] == [row.key]
    assert (row.sealed, row.tries) == (None, 0)
    assert row.sent_at is not None


def test_a_gateway_that_is_away_is_asked_once_and_not_for_every_answer(talk):
    talk.box.refusal = Away("slow")
    for _ in range(5):
        talk.says("Halo")
    talk.later(minutes=1)
    talk.box.tried = 0
    talk.send_answers()
    assert talk.box.tried == 1
    talk.box.refusal = None
    talk.later(minutes=1)
    talk.send_answers()

    assert len(talk.box.letters) == 5


def test_an_answer_that_is_refused_is_parked_without_its_words(talk):
    talk.box.refusal = Refused("131026")
    talk.says("Halo")

    row = talk.city.session.scalars(select(Answer)).one()
    assert (row.reason, row.sealed, row.sent_at) == ("131026", None, None)
    assert row.parked_at is not None


def received(talk) -> OutboxMessage:
    return talk.city.session.scalars(select(OutboxMessage).filter_by(kind="received")).one()


def test_whoever_cannot_be_answered_is_told_of_their_report_as_all_others_are(talk):
    """Else nobody would know of it but we: its number and code stood in that answer alone."""
    talk.box.refusal = Refused("131026")
    talk.says(f"LAPOR {STORY}\nTempat: {PLACE}")
    talk.city.session.refresh(received(talk))
    assert (received(talk).cancelled_at, received(talk).reason) == (None, None)

    # It is said once: what is refused later is another answer.
    received(talk).sent_at = talk.city.now
    talk.says("Airnya makin tinggi.")
    talk.city.session.refresh(received(talk))
    assert received(talk).sent_at is not None


def test_so_is_whoever_was_answered_in_vain(talk):
    talk.says(f"LAPOR {STORY}\nTempat: {PLACE}")
    assert received(talk).reason == "answered"

    answer = talk.city.session.scalars(select(Answer)).one()
    lost = Delivery("d-lost", Channel.WHATSAPP, answer.provider_id, False, talk.city.now)
    talk.take(lost)
    talk.work()

    talk.city.session.refresh(received(talk))
    assert received(talk).cancelled_at is None


def delivered(talk, gateways_id: str, *, well: bool = True, reason: str = "") -> Delivery:
    talk.events += 1
    name = provider_name(gateways_id)
    return Delivery(f"d{talk.events}", Channel.WHATSAPP, name, well, talk.city.now, reason)


@pytest.mark.parametrize("order", [(True, False), (False, True)])
def test_delivered_is_delivered_in_whatever_order_we_are_told(talk, order):
    ours = sent_news_of(talk, talk.on_file())
    talk.take(*(delivered(talk, ours, well=well) for well in order))
    talk.work()

    message = talk.city.session.scalars(
        select(OutboxMessage).where(OutboxMessage.provider_id == provider_name(ours))
    ).one()
    assert (message.parked_at, message.reason) == (None, None)
    assert message.delivered_at == talk.city.now
    assert message.sent_at is not None


def test_what_could_not_be_delivered_is_given_up_with_its_reason(talk):
    report = talk.on_file()
    ours = sent_news_of(talk, report)
    talk.take(delivered(talk, ours, well=False, reason="131026"))
    talk.work()

    message = talk.city.session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.report_id == report.id)
        .order_by(OutboxMessage.id.desc())
    ).first()
    assert (message.sent_at, message.reason) == (None, "131026")


def test_word_of_a_message_that_we_have_not_noted_yet_waits_for_it(talk):
    talk.take(delivered(talk, "wamid.ours.early"))
    talk.work()
    event = talk.city.session.scalars(select(InboundEvent)).one()
    assert event.outcome is Handled.WAITING
    for _ in range(4):
        talk.later(minutes=5)
        talk.work()
    assert event.outcome is Handled.IGNORED


# ---- anything at all ----

WORDS = st.sampled_from(
    ["1", "2", "beres", "belum", "batal", "lapor", "LAPOR " + STORY, STORY, PLACE, "", "KTA-260001-0",
     "anonim", "Tempat: Gang 3", "halo", "\x00", "💡" * 20]
)  # fmt: skip


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(WORDS, st.sampled_from([PHONE, OTHER_PHONE]), st.booleans()), max_size=8))
def test_whatever_is_said_every_story_is_kept_and_no_strangers_report_moves(talk, said):
    session = talk.city.session
    with session.begin_nested() as attempt:
        others = proposed(talk, identity=Identity(phone="085559999999"))
        version = others.version
        talk.media["a"] = picture()
        for words, sender, with_photo in said:
            talk.says(words, sender=sender, media=("a",) if with_photo else ())
        outcomes = set(session.scalars(select(InboundEvent.outcome)))
        assert outcomes <= set(Handled) - {Handled.WAITING, Handled.FAILED}
        assert others.version == version
        asked = session.scalars(select(Dialogue).where(Dialogue.asks.is_not(None)))
        assert all(one.sealed and one.asks in set(Question) for one in asked)
        attempt.rollback()
    session.expire_all()
    talk.city.now = talk.city.now.replace(year=2026, month=11, day=9) + dt.timedelta(0)
