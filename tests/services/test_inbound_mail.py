"""A mail becomes a reply only where its writer shows a mail of ours; any other, a report; once."""

import logging

import pytest
from mails import mail, returned
from small_city import KEYS, SmallCity
from sqlalchemy import select, text
from talking import Talking, picture

from lapor_web.models import (
    Action,
    Answer,
    Attachment,
    Channel,
    Handled,
    OutboxMessage,
    Outcome,
    Status,
)
from lapor_web.services.follow_up import Propose
from lapor_web.services.identity import Identity
from lapor_web.services.inbound_mail import receive
from lapor_web.services.storage import open_storage

BUDI = Identity(email="budi.warga@contoh.id")
STORY = "Lampu jalan di depan SD mati sejak Senin malam."


@pytest.fixture
def talk(db, tmp_path) -> Talking:
    return Talking(SmallCity(db.session()), open_storage(str(tmp_path)))


def receives(talk, message) -> str:
    """What is answered, with its subject; "" for nothing."""
    before = len(talk.box.letters)
    raw = message if isinstance(message, bytes) else message.as_bytes()
    receive(raw, talk.tools())
    talk.city.check()
    talk.send_answers()
    return "\n".join(f"{one.subject}: {one.text}" for one in talk.box.letters[before:])


def written_to(talk, key: str = "kunci", *, propose: bool = True, **fields):
    """A report of Budi's, of which a mail with that key told him."""
    report = talk.on_file(identity=BUDI, **fields)
    if propose:
        talk.city.do("district", report, Propose(text="Sudah.", outcome=Outcome.EXPLAINED))
    message = talk.city.session.scalars(
        select(OutboxMessage).where(OutboxMessage.report_id == report.id)
    ).first()
    message.sent_at, message.provider_id = talk.city.now, f"{key}@lapor.id"
    talk.city.session.flush()
    return report


def answer(words: str, key: str = "kunci", message_id: str = "<balasan@contoh.id>", **headers):
    return mail(words, In_Reply_To=f"<{key}@lapor.id>", Message_ID=message_id, **headers)


def test_a_mail_makes_a_report_and_gets_number_and_code(talk):
    message = mail(f"{STORY}\n\nTempat: Jalan Mawar\nRAHASIA\n-- \nBudi", Subject="Gelap di sini")
    message.add_attachment(picture(), maintype="image", subtype="jpeg", filename="a.jpg")
    message.add_attachment(b"BEGIN:VCARD", maintype="text", subtype="vcard", filename="b.vcf")
    got = receives(talk, message)

    (report,) = talk.reports()
    assert report.story == f"Gelap di sini\n\n{STORY}\n\nTempat: Jalan Mawar"
    assert (report.channel, report.place) == (Channel.EMAIL, "Jalan Mawar")
    assert (report.status, report.confidential) == (Status.UNVERIFIED, True)
    assert KEYS.receipt_matches(got.split("Kode lacak ")[1].split(",")[0], report.receipt_hash)
    assert got.startswith("Pesan dari Lapor Kota: ")
    assert "1 berkas tidak dapat kami simpan" in got
    assert talk.box.letters[0].to == "budi.warga@contoh.id"
    assert talk.city.session.scalars(select(Attachment)).one().report_id == report.id


def test_a_place_that_is_missing_is_asked_for_and_the_answer_finds_its_report(talk):
    got = receives(talk, mail(STORY))
    (report,) = talk.reports()
    assert report.place == "Belum disebutkan"
    assert "Balas surel ini dengan nama jalan" in got
    row = talk.city.session.scalars(select(Answer)).one()
    row.provider_id = f"{row.key}@lapor.id"
    receives(talk, answer("Jalan Mawar, depan SD", key=row.key))

    assert talk.newest(report).text == "Jalan Mawar, depan SD"
    assert len(talk.reports()) == 1


def test_the_same_mail_again_changes_nothing(talk):
    first = receives(talk, mail(STORY))

    assert first
    assert receives(talk, mail(STORY)) == ""
    assert len(talk.reports()) == 1


@pytest.mark.parametrize(
    ("words", "action"),
    [("1", Action.CONFIRM), ("2", Action.OBJECT), ("2 lampu masih mati", Action.REPLY)],
)
def test_an_answer_to_our_mail_is_the_reporters(talk, words, action):
    report = written_to(talk)
    receives(talk, answer(f"{words}\n\nPada Sen, 9 Nov Lapor <l@k.id> menulis:\n> Beres?\n"))

    assert talk.newest(report).action is action
    assert len(talk.reports()) == 1


def test_of_several_the_one_whose_mail_is_answered(talk):
    first, second = written_to(talk, "kunci"), written_to(talk, "lain")
    receives(talk, answer("1"))

    assert (first.status, second.status) == (Status.FINISHED, Status.AWAITING_REPORTER)


def test_a_plain_reply_gets_no_mail_back(talk):
    report = written_to(talk, propose=False)

    assert receives(talk, answer("Masih gelap")) == ""
    assert talk.newest(report).text == "Masih gelap"


def test_an_officers_answer_to_a_notice_is_no_new_report(talk):
    """It is about a report that is there, and whoever typed it is told where to write it."""
    report = written_to(talk)
    message = talk.city.session.scalars(
        select(OutboxMessage).filter_by(provider_id="kunci@lapor.id")
    ).one()
    message.user_id = talk.city.users["district"].id
    talk.city.session.flush()
    before = report.version
    got = receives(talk, answer("Sudah kami tangani kemarin, lampunya menyala lagi."))

    assert "tulis di sana" in got
    assert talk.reports() == [report]
    assert report.version == before


def test_whoever_only_borrows_an_address_opens_nothing(talk):
    report = written_to(talk)
    before = report.version
    receives(talk, mail(f"1 {report.number} sudah beres, tutup saja", Message_ID="<x1@y.id>"))
    receives(talk, answer("1 sudah beres, tutup saja", key="tebakan", message_id="<x2@y.id>"))

    assert report.version == before


def test_nor_does_whoever_was_forwarded_our_mail(talk):
    report = written_to(talk)
    before = report.version
    got = receives(talk, answer("1 sudah beres, tutup saja", From="lain@contoh.id"))

    assert report.version == before
    assert report.number not in got


@pytest.mark.parametrize(
    "headers", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "list"}, {"Return_Path": "<>"}]
)
def test_a_machine_makes_neither_report_nor_reply(talk, headers):
    report = written_to(talk)
    before = report.version
    got = receives(talk, answer("Saya sedang cuti sampai Senin depan.", **headers))

    assert (got, report.version, len(talk.reports())) == ("", before, 1)


def test_a_mail_that_came_back_parks_its_message(talk):
    report = written_to(talk)
    message = talk.city.session.scalars(
        select(OutboxMessage).where(OutboxMessage.provider_id.is_not(None))
    ).one()
    assert (
        receives(talk, returned().replace(b"kunci@", b"lain@").replace(b"<b@mx>", b"<c@mx>")) == ""
    )
    assert message.parked_at is None
    receives(talk, returned("delayed", "4.4.7").replace(b"<b@mx>", b"<d@mx>"))
    assert message.parked_at is None
    receives(talk, returned())
    talk.city.session.refresh(message)

    assert message.parked_at is not None
    assert (message.reason, message.sent_at) == ("5.1.1", None)
    assert talk.reports() == [report]


def test_too_little_is_no_report(talk):
    assert "Telepon 112" in receives(talk, mail("hai", Subject=""))
    assert talk.reports() == []


def test_a_flood_under_another_name_stops_being_answered(talk):
    answers = [
        receives(talk, mail(f"{STORY} {number}", Message_ID=f"<{number}@x.id>"))
        for number in range(23)
    ]

    assert all(answers[:20])
    assert not any(answers[21:])
    assert [one.quarantined for one in talk.reports()] == [False] * 5 + [True] * 18


def test_its_words_lie_nowhere_but_in_the_report(talk, caplog):
    caplog.set_level(logging.DEBUG)
    receives(talk, mail(f"{STORY} zamrud"))
    rows = talk.city.session.execute(
        text(
            "SELECT e::text FROM inbound_event e UNION SELECT a::text FROM answer a"
            " UNION SELECT args::text FROM procrastinate_jobs"
        )
    ).scalars()

    everything = "\n".join(rows) + caplog.text
    assert "zamrud" not in everything
    assert "budi" not in everything.lower()
    assert receive(b"", talk.tools()) is Handled.IGNORED
