"""Messages that never arrived: who sees them, what is shown of whom, and what is mended."""

import pytest
from browser import page_of
from small_city import KEYS
from sqlalchemy import select

from lapor_web import city as this_city
from lapor_web.models import (
    Action,
    Channel,
    Handled,
    HistoryEntry,
    InboundEvent,
    MessageKind,
    OutboxMessage,
    ReporterIdentity,
)
from lapor_web.services import digest, outbox, parked, report_links
from lapor_web.services.conversation import Erase
from lapor_web.services.digest import Count
from lapor_web.services.identity import Identity, open_sealed
from lapor_web.services.tracking import told_to_reporter
from lapor_web.services.working_days import wita_date

SCREEN = "/kotak-masuk/pesan-tertahan"
WHO = Identity(name="Ibu Rahma", email="rahma@salah.id")


@pytest.fixture(autouse=True)
def keys(monkeypatch):
    monkeypatch.setattr(this_city, "keys", lambda: KEYS)


@pytest.fixture
def park(city):
    def park(report, reason="550") -> OutboxMessage:
        newest = select(OutboxMessage).where(OutboxMessage.report_id == report.id)
        message = city.session.scalars(newest.order_by(OutboxMessage.id.desc()).limit(1)).one()
        message.key, message.medium, message.tries = f"key-{message.id}", "email", outbox.TRIES
        message.reason, message.parked_at = reason, city.now
        city.session.flush()
        return message

    return park


def mend(message, **typed) -> tuple[str, dict[str, str]]:
    return f"{SCREEN}/{message.id}", {"how": "perbaiki", **typed}


def test_it_says_why_by_which_channel_and_for_whom(city, officer, park):
    park(city.sent_to("WORKS", identity=WHO))
    park(city.sent_to("WORKS", identity=WHO, anonymous=True), reason="aneh-7")

    page = page_of(officer("coordinator").get(SCREEN))

    shown, hidden = (section.text for section in page.select("section"))
    assert "Alamat tidak ada di server penerima (550)" in shown
    assert "Surel" in shown
    assert "Ibu Rahma, rahma@salah.id" in " ".join(shown.split())
    # An anonymous reporter is opened by a deed that leaves its trace, and by nothing else.
    assert "Penyedia menolak (aneh-7)" in hidden
    assert "Rahma" not in hidden
    assert "salah.id" not in hidden


def test_each_sees_what_is_theirs_to_look_after(city, officer, park):
    ordinary = park(city.sent_to("WORKS", identity=WHO))
    about_service = park(city.send(identity=WHO, about_service=True))

    seen = {
        who: [form["action"] for form in page_of(officer(who).get(SCREEN)).select("section form")]
        for who in ("coordinator", "inspector")
    }

    assert seen == {
        "coordinator": [f"{SCREEN}/{ordinary.id}"],
        "inspector": [f"{SCREEN}/{about_service.id}"],
    }
    address, typed = mend(about_service, email="rahma@contoh.id")
    assert officer("coordinator").post(address, typed).status_code == 404
    assert officer("works").get(SCREEN).status_code == 403
    assert officer("works").post(*mend(ordinary)).status_code == 403


def test_a_mended_address_gets_all_that_was_parked(city, officer, park):
    report = city.send(identity=WHO, anonymous=True)
    parked = park(report)
    city.verify(report)
    other = park(report)
    token = report_links.make_link(city.session, report, city.now, keys=KEYS)

    answer = officer("coordinator").post(*mend(parked, email="rahma@contoh.id"))

    assert answer.status_code == 303
    row = city.session.get_one(ReporterIdentity, report.id)
    assert open_sealed(row, keys=KEYS) == Identity("Ibu Rahma", "", "rahma@contoh.id")
    for message in (parked, other):
        assert (message.parked_at, message.tries) == (None, 0)
        assert message.key != f"key-{message.id}"
        assert message.not_before == city.now
    # The old address has lost its link, and the new one opens nothing without the code.
    assert report_links.find(city.session, token, city.now, keys=KEYS) is None
    new = report_links.make_link(city.session, report, city.now, keys=KEYS)
    link = report_links.find(city.session, new, city.now, keys=KEYS)
    assert report_links.asks_code(link, report)


def test_it_is_in_the_history_and_the_reporter_reads_it(city, officer, park):
    report = city.sent_to("WORKS", identity=WHO)
    officer("coordinator").post(*mend(park(report), phone="0812-3456-7890"))

    entry = city.session.get_one(HistoryEntry, (report.id, report.version))
    assert (entry.action, entry.doer_name) == (Action.SETTLE_MESSAGE, "Nama coordinator")
    assert "0812" not in str(entry.details)
    assert "Kontak pelapor diperbaiki" in officer("works").get(f"/kotak-masuk/{report.number}").text
    assert entry in told_to_reporter(report.history)


def test_sent_again_as_it_is_or_let_go(city, officer, park):
    again, dropped = (park(city.sent_to("WORKS", identity=WHO)) for _ in range(2))
    browser = officer("coordinator")

    browser.post(f"{SCREEN}/{again.id}", {"how": "kirim-lagi"})
    browser.post(f"{SCREEN}/{dropped.id}", {"how": "lepas"})

    assert (again.parked_at, again.cancelled_at) == (None, None)
    assert (dropped.parked_at, dropped.cancelled_at) == (None, city.now)
    assert "Tidak ada pesan yang tertahan" in browser.get(SCREEN).text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"email": "rahma"}, "email"),
        ({"email": "rahma@contoh.id, x@y.id"}, "email"),
        ({"how": "apa saja"}, "how"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_stays_typed(city, officer, park, typed, field):
    message = park(city.sent_to("WORKS", identity=WHO))

    answer = officer("coordinator").post(*mend(message, **typed))

    assert answer.status_code == 422
    page = page_of(answer)
    error = page.select_one(f"#pesan-{message.id}-{field}-error")
    assert error
    assert typed or "Tulis nomor HP atau alamat surel yang benar" in error.text
    assert page.select_one(f"#pesan-{message.id}-phone").get("value", "") == typed.get("phone", "")
    assert message.parked_at == city.now


def test_two_officers_at_once_settle_it_once(city, officer, park):
    message = park(city.sent_to("WORKS", identity=WHO))
    first, second = officer("coordinator"), officer("coordinator")
    first.post(f"{SCREEN}/{message.id}", {"how": "kirim-lagi"})

    assert second.post(f"{SCREEN}/{message.id}", {"how": "lepas"}).status_code == 404
    assert message.cancelled_at is None


def test_whose_data_is_erased_is_found_nowhere_again(city, officer, park):
    report = city.sent_to("WORKS", identity=WHO)
    message = park(report)
    city.do("reporter", report, Erase())

    answer = officer("coordinator").post(*mend(message, phone="081234567890"))

    assert answer.status_code == 422
    assert "Pelapor menghapus datanya" in answer.text
    assert city.session.get_one(ReporterIdentity, report.id).sealed is None


def test_an_officers_address_is_theirs_to_mend(city, officer, park):
    message = OutboxMessage(
        agency_id=city.agency.id,
        user_id=city.users["works"].id,
        kind=MessageKind.DIGEST,
        not_before=city.now,
        parked_at=city.now,
        medium="email",
        reason="550",
    )
    city.session.add(message)
    city.session.flush()
    browser = officer("coordinator")

    page = page_of(browser.get(SCREEN))
    assert "Nama works, petugas" in page.text
    assert page.select("section [name=email]") == []
    assert browser.post(*mend(message, email="saya@contoh.id")).status_code == 422
    assert browser.post(f"{SCREEN}/{message.id}", {"how": "kirim-lagi"}).status_code == 303
    assert message.parked_at is None


def test_what_came_in_and_could_not_be_read_waits_here_without_its_words(city, officer):
    rows = [
        InboundEvent(
            agency_id=city.agency.id,
            channel=Channel.WHATSAPP,
            event_hash=bytes([n]),
            sealed=bytes(40),
            outcome=Handled.FAILED,
            reason="KeyError",
            sent_at=city.now,
            received_at=city.now,
        )
        for n in range(2)
    ]
    city.session.add_all(rows)
    city.session.flush()
    again, gone = rows
    screen = page_of(officer("coordinator").get(SCREEN))
    assert "WhatsApp, masuk" in screen.text
    assert "(KeyError)" in screen.text
    assert "Pesan masuk" not in officer("inspector").get(SCREEN).text
    where = f"{SCREEN}/masuk"

    def press(who: str, row: InboundEvent, how: str) -> int:
        return officer(who).post(f"{where}/{row.id}", {"how": how}).status_code

    assert press("inspector", again, "baca-lagi") == 404
    assert press("works", again, "baca-lagi") == 403
    assert press("coordinator", again, "apa") == 400
    assert press("coordinator", again, "baca-lagi") == 303
    assert press("coordinator", gone, "lepas") == 303
    for row in rows:
        city.session.refresh(row)
    assert (again.outcome, again.tries) == (Handled.WAITING, 0)
    assert (gone.outcome, gone.sealed, gone.reason) == (Handled.IGNORED, None, "let_go")
    assert press("coordinator", gone, "baca-lagi") == 404


def test_a_channel_that_is_away_is_said(city, officer, park):
    report = city.sent_to("WORKS", identity=WHO)
    message = park(report)
    message.parked_at = None
    city.session.flush()
    outbox.note_away(city.session, message.id, message.key, "535", city.now)

    text = " ".join(page_of(officer("coordinator").get(SCREEN)).text.split())

    assert "Surel tidak dapat dikirim sejak" in text
    assert "tidak ada pesan yang hilang" in text


def test_a_morning_letter_counts_no_more_than_the_screen_shows(city, park):
    """What accuses those who run the service is not for them, not even as a number (decision 6)."""
    park(city.send(identity=WHO))
    park(city.send(identity=WHO, about_service=True))
    coordinator = city.users["coordinator"]

    counts = digest.count(city.session, coordinator, city.agency, wita_date(city.now))

    assert counts[Count.PARKED] == len(parked.list_parked(city.session, coordinator)) == 1
