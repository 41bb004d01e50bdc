"""Messages leave, once each: whatever is away, slow, poisoned or killed (promise 19)."""

import datetime as dt
import itertools

import pytest
from small_city import KEYS, SmallCity
from sqlalchemy import String, cast, literal_column, select, text

from lapor_web import city as this_city
from lapor_web import clock, postman
from lapor_web.dates import day
from lapor_web.letters.page import short_date
from lapor_web.models import (
    Channel,
    Classification,
    Medium,
    MessageKind,
    NoticeSettings,
    OutboxMessage,
    Outcome,
    ReporterIdentity,
)
from lapor_web.public.promise import promise
from lapor_web.services import clocks, deliveries, notifications, outbox, report_links
from lapor_web.services.calendars import working_days
from lapor_web.services.channels import Away, Letter, Refused, Sent, TryAgain
from lapor_web.services.channels.phone import Delivery
from lapor_web.services.conversation import Confirm, FinishBySilence
from lapor_web.services.deeds import DeedRefused
from lapor_web.services.follow_up import Assign, FollowUp, Note, Propose
from lapor_web.services.identity import Identity
from lapor_web.services.ladder import Ladder
from lapor_web.services.undo import Undo
from lapor_web.services.verification import Flags, Reassign
from lapor_web.services.working_days import WITA

WHO = Identity(name="Ibu Rahma", phone="081234567890", email="rahma@contoh.id")
BY_MAIL = Identity(email="rahma@contoh.id")


class Gateway:
    """Takes letters, or does what the test says is wrong with it."""

    def __init__(self):
        self.letters: list[Letter] = []
        self.wrong: dict[str, Exception] = {}
        """By the address, or "" for all."""
        self.asked = itertools.count(1)

    def send(self, letter: Letter) -> Sent:
        if error := self.wrong.get(letter.to) or self.wrong.get(""):
            raise error
        self.letters.append(letter)
        return Sent(f"provider-{next(self.asked)}")


@pytest.fixture
def city(app, db, monkeypatch) -> SmallCity:
    city = SmallCity(db.session())
    monkeypatch.setattr(clock, "now", lambda: city.now)
    monkeypatch.setattr(this_city, "keys", lambda: KEYS)
    monkeypatch.setitem(app.config, "LAPOR_BASE_URL", "https://lapor.samarindakota.go.id")
    return city


@pytest.fixture
def mail() -> Gateway:
    return Gateway()


@pytest.fixture
def phones() -> Gateway:
    return Gateway()


@pytest.fixture
def deliver(city, mail, phones):
    """All that is due now; how many were taken."""

    def deliver(**by: int) -> int:
        city.session.commit()
        city.wait(**by)
        ways = {Medium.EMAIL: mail, Medium.PHONE: phones}
        taken = 0
        while postman.deliver_one(ways):
            taken += 1
            assert taken < 1000, "the same message again and again"
        return taken

    return deliver


def rows(city, **fields) -> list[OutboxMessage]:
    city.session.expire_all()
    asked = select(OutboxMessage).filter_by(**fields).order_by(OutboxMessage.id)
    return list(city.session.scalars(asked))


# ---- the reporter ------------------------------------------------------------------------------


def test_a_message_leaves_once_and_its_link_opens_the_report(city, deliver, phones, mail):
    report = city.send(identity=WHO)

    assert [deliver(), deliver(), deliver(minutes=10)] == [1, 0, 0]
    (letter,) = phones.letters
    assert mail.letters == []
    assert (letter.to, letter.medium) == (WHO.phone, Medium.PHONE)
    token = letter.text.rsplit("/l/", 1)[1]
    link = report_links.find(city.session, token, city.now, keys=KEYS)
    assert link.report_id == report.id
    assert not report_links.asks_code(link, report)
    assert (
        report_links.find(city.session, token, city.now + dt.timedelta(days=30), keys=KEYS) is None
    )
    (row,) = rows(city)
    assert (row.sent_at, row.provider_id) == (row.created_at, "provider-1")
    assert row.key == letter.key


def test_the_database_keeps_neither_address_nor_text_nor_link(city, deliver, phones):
    city.send(identity=WHO)
    deliver()

    token = phones.letters[0].text.rsplit("/l/", 1)[1]
    for table in ("outbox", "report_link", "reporter_identity", "procrastinate_jobs"):
        rows_of_it = select(cast(literal_column(f"{table}.*"), String)).select_from(text(table))
        told = " ".join(city.session.scalars(rows_of_it))
        assert WHO.phone not in told
        assert WHO.email not in told
        assert token not in told


def test_it_waits_for_the_undo_window_and_an_undone_deed_is_never_told(city, deliver, phones):
    report = city.send(identity=WHO)
    deliver()
    city.verify(report)
    assert deliver(seconds=59) == 0
    city.do("coordinator", report, Undo())

    assert deliver(hours=1) == 0
    assert len(phones.letters) == 1


def test_what_is_on_its_way_is_not_undone(city):
    report = city.send(identity=WHO)
    entry = city.verify(report)
    (told,) = rows(city, sequence=entry.sequence)
    told.key = "taken-by-a-worker"
    city.session.flush()

    with pytest.raises(DeedRefused, match="too_late_to_undo"):
        city.do("coordinator", report, Undo())


def test_a_letter_promises_the_day_that_the_page_does(city, deliver, mail):
    """The next office has days of its own, and not what the first one left of them."""
    report = city.sent_to("WORKS", identity=BY_MAIL)
    city.wait(days=3)
    city.do("coordinator", report, Reassign(opd=city.opds["ROADS"], reason="Jalan provinsi."))
    deliver(minutes=2)

    promised = promise(report, working_days(city.session, report.calendar_id), city.now)
    assert report.due_on != report.follow_up_due_on
    assert promised.words == f"Paling lambat dijawab {day(report.due_on)}"
    (letter,) = [one for one in mail.letters if "diteruskan ke Roads" in one.subject]
    assert f"Jawaban paling lambat {short_date(report.due_on)}" in letter.text


def test_who_left_no_contact_or_wants_no_news_is_not_told(city, deliver, phones):
    city.send()
    city.send(identity=Identity(name="Ibu Rahma"))
    quiet = city.send(identity=WHO)
    city.session.get_one(ReporterIdentity, quiet.id).news_stopped_at = city.now

    assert deliver() == 3
    assert phones.letters == []
    assert [row.reason for row in rows(city)] == ["nobody", "nobody", "stopped"]
    assert all(row.cancelled_at for row in rows(city))


def test_who_wants_no_news_still_gets_the_link_that_they_asked_for(city, deliver, phones):
    report = city.send(identity=WHO)
    city.session.get(ReporterIdentity, report.id).news_stopped_at = city.now
    notifications.send_link(city.session, report, city.now)
    deliver()

    assert ["tautan yang Anda minta" in letter.text for letter in phones.letters] == [True]


def test_phones_sleep_at_night_but_for_what_was_just_asked_for(city, deliver, phones, mail):
    city.wait(hours=14)  # 23.00 WITA
    by_phone = city.send(identity=WHO)
    by_mail = city.send(identity=BY_MAIL)
    for report in (by_phone, by_mail):
        city.verify(report)
    deliver(minutes=2)
    assert (len(phones.letters), len(mail.letters)) == (1, 2)

    deliver(hours=6, minutes=58)

    assert "diteruskan ke Works" in phones.letters[-1].text
    assert len(phones.letters) == 2


# ---- what goes wrong ---------------------------------------------------------------------------


def test_a_gateway_away_for_an_hour_costs_nobody_anything(city, deliver, phones, mail):
    """Promise 19: nothing lost, nothing parked, the other channel unaffected, drained at once."""
    phones.wrong[""] = Away("connection")
    for _ in range(20):
        city.send(identity=WHO)
        city.send(identity=BY_MAIL)
    for _ in range(60):
        deliver(minutes=1)
    assert len(mail.letters) == 20
    phones.wrong.clear()

    deliver(minutes=1)

    assert len({letter.key for letter in phones.letters}) == len(phones.letters) == 20
    assert {row.tries for row in rows(city)} == {0}
    assert not outbox.list_rests(city.session)


def test_while_a_channel_rests_its_letters_are_left_alone(city, deliver, phones):
    phones.wrong[""] = Away("connection")
    for _ in range(5):
        city.send(identity=WHO)
    deliver()

    assert deliver(seconds=20) == 0


def test_a_poisoned_message_is_parked_after_eight_tries_and_holds_up_nobody(
    city, deliver, mail, caplog
):
    poisoned = city.send(identity=Identity(email="racun@contoh.id"))
    mail.wrong["racun@contoh.id"] = RuntimeError("racun@contoh.id said something")
    for _ in range(3):
        city.send(identity=BY_MAIL)
    deliver()
    assert len(mail.letters) == 3

    tries = 1
    while not rows(city, report_id=poisoned.id)[0].parked_at:
        tries += deliver(minutes=10)
        assert tries < 20

    row = rows(city, report_id=poisoned.id)[0]
    assert (tries, row.tries, row.reason) == (8, 8, "error")
    assert city.now - row.created_at > dt.timedelta(hours=13)
    assert deliver(days=1) == 0
    assert "racun" not in caplog.text


def test_each_wait_is_longer_than_the_one_before(city):
    waits = [outbox.wait_after(tries) for tries in range(1, outbox.TRIES)]

    assert waits == sorted(waits)
    assert waits[0] == dt.timedelta(minutes=1)


@pytest.mark.parametrize("error", [TryAgain("452"), Away("timeout"), TimeoutError()])
def test_every_repeat_carries_the_same_key(city, deliver, mail, error):
    city.send(identity=BY_MAIL)
    keys = []

    def note(letter: Letter) -> Sent:
        keys.append(letter.key)
        raise error

    mail.send = note
    for _ in range(4):
        deliver(minutes=20)

    assert len(keys) == 4
    assert len(set(keys)) == 1


def test_killed_between_sending_and_saying_so_it_comes_again_under_the_same_key(city, mail):
    """`kill -9`: what `deliver_one` would have done after the gateway took it, never happens."""
    city.send(identity=BY_MAIL)
    ways = {Medium.EMAIL: mail}
    city.session.commit()
    taken = outbox.take(city.session, city.now, keys=KEYS)
    city.session.commit()
    mail.send(postman.write(taken, ways))
    city.session.commit()
    assert not postman.deliver_one(ways)  # nobody else sends it meanwhile
    city.wait(minutes=5)
    assert postman.deliver_one(ways)

    first, again = mail.letters
    assert first.key == again.key
    assert [row.sent_at for row in rows(city)] == [city.now]


def test_a_refused_phone_gives_way_to_the_mail_address(city, deliver, phones, mail):
    city.send(identity=WHO)
    phones.wrong[WHO.phone] = Refused("unknown_number")

    deliver()

    assert [letter.to for letter in mail.letters] == [WHO.email]
    assert rows(city)[0].parked_at is None


def test_refused_without_another_address_it_is_parked_with_its_reason(city, deliver, phones):
    city.send(identity=Identity(phone=WHO.phone))
    phones.wrong[""] = Refused("unknown_number")

    deliver()

    (row,) = rows(city)
    assert (row.parked_at, row.reason) == (city.now, "unknown_number")


def test_a_bounce_parks_what_was_sent_and_a_late_word_changes_nothing(city, deliver, mail):
    city.send(identity=BY_MAIL)
    deliver()
    key = mail.letters[0].key
    (bounced,) = rows(city)
    back = Delivery("", Channel.EMAIL, bounced.provider_id, False, city.now, "550")

    assert deliveries.note(city.session, back)
    assert (bounced.parked_at, bounced.sent_at, bounced.reason) == (city.now, None, "550")
    outbox.send_anew(bounced, city.now)
    city.session.flush()

    assert not deliveries.note(city.session, back)
    deliver()
    assert mail.letters[1].key != key


def test_an_unreadable_identity_is_parked_and_not_tried_for_ever(city, deliver, mail):
    report = city.send(identity=BY_MAIL)
    city.session.get_one(ReporterIdentity, report.id).sealed = b"something else entirely"
    city.session.flush()

    deliver()

    assert rows(city)[0].reason == "unreadable"


def test_without_any_channel_a_message_waits_for_three_days(city):
    phone_only = city.send(identity=Identity(phone=WHO.phone))
    city.session.commit()
    assert postman.deliver_one({Medium.EMAIL: Gateway()})
    city.wait(days=3, minutes=1)
    outbox.cancel_what_is_too_old(city.session, city.now)

    (row,) = rows(city, report_id=phone_only.id)
    assert (row.cancelled_at, row.reason) == (city.now, "no_channel")


def test_what_waits_for_a_channel_that_is_away_for_days_is_not_dropped(city, deliver, mail):
    report = city.send(identity=BY_MAIL)
    mail.wrong[""] = Away("connection")
    deliver(minutes=2)
    later = city.send(identity=BY_MAIL)
    deliver(minutes=2)

    city.wait(days=4)
    outbox.cancel_what_is_too_old(city.session, city.now)
    mail.wrong.clear()
    deliver(minutes=2)

    assert len(mail.letters) == 2
    assert all(rows(city, report_id=one.id)[0].sent_at for one in (report, later))


# ---- officers ----------------------------------------------------------------------------------


@pytest.fixture
def reachable(city):
    def reachable(username: str, **fields) -> NoticeSettings:
        settings = notifications.settings_of(city.session, city.users[username].id)
        settings.email = f"{username}@kota.test"
        for name, value in fields.items():
            setattr(settings, name, value)
        city.session.add(settings)
        city.session.flush()
        return settings

    return reachable


def to(mail: Gateway) -> list[str]:
    return [letter.to for letter in mail.letters]


def test_officers_are_told_at_once_of_what_is_theirs(city, deliver, mail, reachable):
    for username in ("works", "works2", "roads", "coordinator", "village"):
        reachable(username)
    report = city.sent_to("WORKS")
    deliver(minutes=2)
    assert to(mail) == ["works@kota.test", "works2@kota.test"]
    assert mail.letters[0].subject == f"Laporan {report.number} diteruskan ke Works"
    assert f"/kotak-masuk/{report.number}" in mail.letters[0].text
    mail.letters.clear()

    city.do("works", report, Assign(assignee=city.users["works2"]))
    city.do("works2", report, Assign(assignee=city.users["works2"]))  # "Terima" tells nobody
    note = "Tanya @Works dan lihat mandor@works2.id dulu."
    city.do("works2", report, Note(text=note))
    deliver(minutes=2)

    assert to(mail) == ["works2@kota.test", "works@kota.test"]
    assert "menyebut Anda" in mail.letters[1].text
    assert "mandor" not in mail.letters[1].text


def test_nobody_learns_of_a_report_by_having_been_mentioned_in_it(city, deliver, mail, reachable):
    reachable("works")
    report = city.sent_to("WORKS")
    deliver(minutes=2)
    mail.letters.clear()

    city.do("works2", report, Note(text="Tanya @works dulu."))
    city.do("coordinator", report, Reassign(opd=city.opds["ROADS"], reason="Jalan provinsi."))
    deliver(minutes=2)

    assert to(mail) == []
    assert rows(city, kind=MessageKind.MENTIONED)[0].reason == "not_theirs"


@pytest.mark.parametrize(
    ("switch", "told"), [("personal", ["disposed"]), ("dispositions", ["assigned"])]
)
def test_each_switch_turns_off_its_own(city, deliver, mail, reachable, switch, told):
    reachable("works", **{switch: False})
    report = city.sent_to("WORKS")
    city.do("coordinator", report, Assign(assignee=city.users["works"]))

    assert [row.kind for row in rows(city) if row.user_id] == told


def test_quiet_hours_are_kept_until_they_end(city, deliver, mail, reachable):
    reachable("works", quiet_from=12, quiet_until=14)
    city.wait(hours=3)  # 12.00 WITA
    city.sent_to("WORKS")

    deliver(minutes=30)
    assert to(mail) == []
    deliver(minutes=90)

    assert to(mail) == ["works@kota.test"]


@pytest.mark.parametrize(
    ("hours", "at", "end"),
    [
        ((20, 6), "2026-11-09T19:59", "2026-11-09T19:59"),
        ((20, 6), "2026-11-09T20:00", "2026-11-10T06:00"),
        ((20, 6), "2026-12-31T23:59", "2027-01-01T06:00"),
        ((20, 6), "2026-11-10T05:59", "2026-11-10T06:00"),
        ((20, 6), "2026-11-10T06:00", "2026-11-10T06:00"),
        ((12, 14), "2026-11-10T13:00", "2026-11-10T14:00"),
        ((0, 0), "2026-11-10T00:00", "2026-11-10T00:00"),
    ],
)
def test_the_end_of_quiet_hours(hours, at, end):
    def instant(text):
        return dt.datetime.fromisoformat(f"{text}+08:00")

    assert notifications.end_of_quiet_hours(*hours, instant(at)) == instant(end)


def test_a_digest_each_working_day_once_and_only_where_there_is_something(
    city, deliver, mail, reachable
):
    """NOW is Monday the 9th; the 18th is a day off."""
    for username in ("works", "roads", "coordinator"):
        reachable(username, personal=False, dispositions=False)
    city.verify(city.send(), classification=Classification.INFORMATION_REQUEST)
    sent: dict[dt.date, list[str]] = {}
    for _ in range(15 * 8):  # every three hours of fifteen days
        for _ in range(2):
            notifications.queue_digests(city.session, city.agency.id, city.now)
        deliver()
        for letter in mail.letters:
            local = city.now + dt.timedelta(hours=8)
            assert local.hour == 9
            sent.setdefault(local.date(), []).append(letter.to)
        mail.letters.clear()
        city.wait(hours=3)

    # Due five working days after the 9th, on the 16th; then it is late.
    days = {day: to for day, to in sent.items() if "works@kota.test" in to}
    assert list(days) == [dt.date(2026, 11, day) for day in (16, 17, 19, 20, 23)]
    assert all(to.count("works@kota.test") == 1 for to in sent.values())
    assert not any("roads@kota.test" in to for to in sent.values())


def test_a_worker_that_was_away_at_eight_makes_up_for_it_by_day(city, reachable):
    reachable("works")
    city.wait(hours=8)  # 17.00
    notifications.queue_digests(city.session, city.agency.id, city.now)
    assert rows(city, kind=MessageKind.DIGEST) == []
    city.wait(hours=-1)
    notifications.queue_digests(city.session, city.agency.id, city.now)

    assert len(rows(city, kind=MessageKind.DIGEST)) == 1


def test_a_digest_that_could_not_leave_on_its_day_gives_way_to_the_next(
    city, deliver, mail, reachable
):
    reachable("works", personal=False, dispositions=False)
    city.verify(city.send(), classification=Classification.INFORMATION_REQUEST)
    city.wait(days=7)  # the 16th, its last day in time
    mail.wrong[""] = Away("connection")
    notifications.queue_digests(city.session, city.agency.id, city.now)
    deliver(minutes=1)
    mail.wrong.clear()
    city.wait(days=1)
    notifications.queue_digests(city.session, city.agency.id, city.now)
    deliver(minutes=1)

    assert len(mail.letters) == 1
    first, second = rows(city, kind=MessageKind.DIGEST)
    assert (first.reason, first.sent_at) == ("over", None)
    assert second.sent_at is not None


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """In November, in WITA."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=WITA).astimezone(dt.UTC)


@pytest.mark.parametrize(("day", "kind"), [(16, MessageKind.DUE_TODAY), (17, MessageKind.LATE)])
def test_nobody_is_warned_of_what_was_over_before_the_morning(
    city, deliver, mail, reachable, day, kind
):
    """The clock acts in the first minutes of a day, and what it did is told at eight."""
    for name in ("works", "works-boss"):
        reachable(name)
    answered, forgotten = (city.sent_to("WORKS", identity=BY_MAIL) for _ in range(2))
    deliver(minutes=2)
    mail.letters.clear()
    city.now = at(day, 0, 1)
    for report in (answered, forgotten):
        clocks.act_on(city.session, Ladder().round(), report.id, city.now)
    city.now = at(day, 7, 30)
    city.do("works", answered, FollowUp(text="Kami periksa hari ini."))
    deliver(hours=1)

    subjects = [letter.subject for letter in mail.letters]
    assert f"Works menjawab laporan {answered.number}" in subjects
    warned = [one for one in subjects if "lewat tenggat" in one or "jatuh tempo" in one]
    assert warned
    assert all(forgotten.number in one for one in warned)
    untold = rows(city, report_id=answered.id, kind=kind)
    assert {row.reason for row in untold} == {"over", "nobody"}  # who left no address


def test_who_left_is_told_nothing_more(city, deliver, mail, reachable):
    reachable("works")
    city.sent_to("WORKS")
    city.users["works"].active = False

    deliver(minutes=2)

    assert to(mail) == []


# ---- everything a report tells -----------------------------------------------------------------


def test_nothing_of_a_hidden_report_can_be_read_over_a_shoulder(city, deliver, mail, reachable):
    reachable("works")
    reachable("inspector")
    conduct = city.send(identity=BY_MAIL, about_conduct=True, story="Pak Lurah meminta uang.")
    city.verify(
        conduct,
        "AUDIT",
        flags=Flags.of(conduct),
        classification=Classification.SUPERVISORY,
        title="Pungli di kelurahan",
    )
    city.do("inspector", conduct, FollowUp(text="Kami memeriksa Pak Lurah."))
    secret = city.send(identity=BY_MAIL, confidential=True)
    city.verify(secret)
    deliver(minutes=2)

    assert len(mail.letters) == 7
    for letter in mail.letters:
        for word in ("Pungli", "Lurah", "Lampu", "Audit", "Works", "Inspektorat"):
            assert word not in f"{letter.subject} {letter.text} {letter.html}"
        assert "KTA-" not in letter.subject
        if letter.to == BY_MAIL.email:
            assert "KTA-" not in f"{letter.text} {letter.html}"


def test_finished_by_silence_or_by_the_reporter_it_is_said_differently(city, deliver, phones):
    texts = []
    for last in (FinishBySilence(), Confirm()):
        report = city.sent_to("DISTRICT", identity=WHO)
        city.do("district", report, Propose(text="Sudah.", outcome=Outcome.EXPLAINED))
        city.do("system" if isinstance(last, FinishBySilence) else "reporter", report, last)
        deliver(minutes=2)
        texts.append(phones.letters[-1].text)

    assert "dianggap selesai karena 10 hari kerja tanpa tanggapan" in texts[0]
    assert "Beri nilai" in texts[1]
