"""One report that holds two matters becomes two, and whoever sent it reaches both with one code."""

import datetime as dt
from io import BytesIO

import pytest
from browser import Browser, page_of
from PIL import Image
from sqlalchemy import select

from lapor_web import city as lapor_city
from lapor_web.models import (
    Action,
    Attachment,
    HistoryEntry,
    MessageKind,
    OutboxMessage,
    Report,
    ReporterIdentity,
    Status,
)
from lapor_web.services import attachments
from lapor_web.services.attachments import Copy, Owner, Upload
from lapor_web.services.follow_up import FollowUp
from lapor_web.services.identity import Identity, seal
from lapor_web.services.keys import Keys
from lapor_web.services.recap import Period, recap
from lapor_web.services.reveal import read_identity

CODE = "AAAA-BBBB-CCCC-DDDD"
LIGHT, HOLE = "Lampu mati.", "Jalan di depannya berlubang."


@pytest.fixture
def keys(app):
    return Keys.from_secret(app.config["SECRET_KEY"])


def split(coordinator, report, **fields):
    usual = {"version": report.version, "story": HOLE, "place": "Jalan Mawar", "photos": "y"}
    return coordinator.post(f"/kotak-masuk/{report.number}/pisahkan", usual | fields)


def other_part(city, report):
    return city.session.scalar(select(Report).where(Report.split_from_id == report.id))


def two_matters(city, keys, **fields):
    report = city.send(story=f"{LIGHT}\n{HOLE}", **fields)
    report.receipt_hash = keys.hash_of_receipt(CODE)
    city.session.add(seal(report.id, Identity("Siti", "08123456789", ""), keys=keys))
    city.session.flush()
    return report


def test_the_second_matter_gets_a_number_and_the_clock_of_the_first(
    city, officer, keys, storage, monkeypatch
):
    monkeypatch.setattr(lapor_city, "keys", lambda: keys)
    report = two_matters(city, keys, anonymous=True)
    kept = {"keys": keys, "storage": storage, "now": city.now}
    drawn = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(drawn, "JPEG")
    sent = Upload("foto.jpg", drawn.getvalue(), "")
    attachments.accept(city.session, city.agency, sent, Owner(report.id), **kept)
    city.verify(report)
    received = report.received_at
    city.wait(days=1)

    answer = split(officer("coordinator"), report)

    other = other_part(city, report)
    assert answer.status_code == 303
    assert other.number != report.number
    assert (other.story, report.story) == (HOLE, f"{LIGHT}\n{HOLE}")
    assert (other.status, other.received_at, other.anonymous) == ("unverified", received, True)
    assert other.due_on == dt.date(2026, 11, 12)  # three working days after the first came in
    assert read_identity(city.session, other, keys=keys).name == "Siti"
    [copy] = city.session.scalars(select(Attachment).where(Attachment.report_id == other.id))
    assert attachments.read(copy, Copy.ORIGINAL, keys=keys, storage=storage) == sent.data
    [told] = city.session.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == MessageKind.SPLIT)
    )
    assert told.report_id == report.id
    year = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert recap(city.session, city.agency, year, now=city.now).figures.entered == 2


def test_one_code_opens_both_and_nobody_elses(app, city, officer, keys):
    report = two_matters(city, keys)
    stranger = city.send()
    stranger.receipt_hash = keys.hash_of_receipt("ZZZZ-ZZZZ-ZZZZ-ZZZZ")
    split(officer("coordinator"), report)
    other = other_part(city, report)

    for number in (report.number, other.number):
        reporter = Browser(app)
        assert reporter.post("/lacak", {"number": number, "code": CODE}).status_code == 303
        for one, there in ((report, other), (other, report)):
            page = reporter.get(f"/lacak/{one.number}")
            assert page.status_code == 200
            assert page_of(page).find("a", href=f"/lacak/{there.number}")
        assert reporter.get(f"/lacak/{stranger.number}").status_code == 404
    guesser = Browser(app)
    guesser.post("/lacak", {"number": stranger.number, "code": "ZZZZ-ZZZZ-ZZZZ-ZZZZ"})
    assert guesser.get(f"/lacak/{other.number}").status_code == 404


def test_taken_back_the_second_is_merged_and_nobody_is_told(city, officer, keys):
    report = two_matters(city, keys)
    coordinator = officer("coordinator")
    split(coordinator, report)
    other = other_part(city, report)

    fields = {"version": report.version}
    answer = coordinator.post(f"/kotak-masuk/{report.number}/urungkan", fields)

    assert answer.status_code == 303
    assert (other.status, other.parent_id) == (Status.MERGED, report.id)
    waiting = select(OutboxMessage.kind).where(OutboxMessage.cancelled_at.is_(None))
    assert set(city.session.scalars(waiting)) == {MessageKind.RECEIVED}
    entry = city.session.get(HistoryEntry, (report.id, 2))
    assert (entry.action, entry.undone) == (Action.SPLIT, True)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"story": ""}, "Tulis hal yang dipisah"),
        ({"story": f"{LIGHT}\n{HOLE}"}, "Sisakan hal kedua saja"),
        ({"place": ""}, "Tulis tempat kejadian"),
    ],
)
def test_what_is_missing_is_said(city, officer, keys, fields, sentence):
    report = two_matters(city, keys)

    answer = split(officer("coordinator"), report, **fields)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert other_part(city, report) is None


def test_what_was_split_off_is_not_split_again(city, officer, keys):
    report = two_matters(city, keys)
    coordinator = officer("coordinator")
    split(coordinator, report)

    answer = split(coordinator, other_part(city, report), story="Lubang.")

    assert answer.status_code == 422
    assert "tidak dapat dipisah lagi" in answer.text


def test_an_identity_that_cannot_be_opened_stops_nothing(city, officer, keys):
    report = two_matters(city, keys)
    others = Keys.from_secret("another secret for tests only, long enough")
    city.session.get(ReporterIdentity, report.id).sealed = seal(
        report.id, Identity("Siti", "", ""), keys=others
    ).sealed

    assert split(officer("coordinator"), report).status_code == 303
    assert city.session.get(ReporterIdentity, other_part(city, report).id) is None


def test_a_part_lives_its_own_life(city, officer, keys):
    report = two_matters(city, keys)
    split(officer("coordinator"), report)
    other = other_part(city, report)
    city.verify(other, "ROADS")
    city.do("roads", other, FollowUp("Kami tambal."))

    assert (report.status, other.status) == ("unverified", "in_process")
