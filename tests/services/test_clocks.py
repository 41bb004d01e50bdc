"""What the clock does when a last day is over: at which minute, once, and how it is undone."""

import datetime as dt

import pytest
from small_city import SmallCity
from sqlalchemy import select
from sqlalchemy.orm import Session

from lapor_web.models import (
    Action,
    ArchiveReason,
    CalendarVersion,
    FinishMode,
    HistoryEntry,
    Holiday,
    HolidayKind,
    MessageKind,
    OutboxMessage,
    Outcome,
    Report,
    Role,
    Status,
)
from lapor_web.services import clocks
from lapor_web.services.clocks import HOLD, SILENCE
from lapor_web.services.conversation import Confirm
from lapor_web.services.deeds import DeedRefused
from lapor_web.services.follow_up import Note, Propose
from lapor_web.services.undo import Undo
from lapor_web.services.verification import Complete, PutOnHold
from lapor_web.services.working_days import WITA

EXPLAINED = Propose(text="Dijadwalkan tahun depan.", outcome=Outcome.EXPLAINED)


@pytest.fixture
def city(db):
    return SmallCity(db.session())


def wita(year, month, day, *clock_time):
    return dt.datetime(year, month, day, *(clock_time or (9,)), tzinfo=WITA).astimezone(dt.UTC)


def acts(city, one, at):
    """A whole round at that instant; the numbers it acted on."""
    city.now = at
    due = clocks.find_due(city.session, one, at)
    done = [number for number in due if clocks.act_on(city.session, one, number, at)]
    city.check()
    return done


def answered(city, at):
    city.now = at
    report = city.sent_to("DISTRICT")
    city.do("district", report, EXPLAINED)
    return report


def held(city, at):
    city.now = at
    report = city.send()
    city.do("coordinator", report, PutOnHold(reason="Di RT berapa?"))
    return report


def last_entry(city, report):
    return city.session.get_one(HistoryEntry, (report.id, report.version))


def messages(city, report, kind):
    rows = select(OutboxMessage).where(
        OutboxMessage.report_id == report.id, OutboxMessage.kind == kind
    )
    return city.session.scalars(rows.order_by(OutboxMessage.id)).all()


DAYS_OFF = [
    (dt.date(2026, 11, 18), HolidayKind.NATIONAL),
    (dt.date(2027, 1, 1), HolidayKind.NATIONAL),
    # Nyepi, cuti bersama and Idul Fitri as the decree of three ministers has them for 2026.
    (dt.date(2026, 3, 18), HolidayKind.COLLECTIVE_LEAVE),
    (dt.date(2026, 3, 19), HolidayKind.NATIONAL),
    (dt.date(2026, 3, 20), HolidayKind.COLLECTIVE_LEAVE),
    (dt.date(2026, 3, 23), HolidayKind.COLLECTIVE_LEAVE),
    (dt.date(2026, 3, 24), HolidayKind.COLLECTIVE_LEAVE),
]


@pytest.fixture
def lebaran(city):
    city.session.add(
        CalendarVersion(
            agency_id=city.agency.id,
            holidays=[Holiday(date=day, name="Libur", kind=kind) for day, kind in DAYS_OFF],
        )
    )
    city.session.flush()
    return city


EDGES = [
    # Monday, ten working days, one day off in between: the last one is Tuesday the 24th.
    (wita(2026, 11, 9), dt.date(2026, 11, 24)),
    # The last second of 31 December is a Thursday of the old year, and New Year is no working day.
    (wita(2026, 12, 31, 23, 59, 59), dt.date(2027, 1, 15)),
    (wita(2027, 1, 1, 0, 0, 0), dt.date(2027, 1, 15)),
    # Over Lebaran: 11 March is day 0; 12, 13, 16, 17, then five days off and a weekend.
    (wita(2026, 3, 11, 16, 0), dt.date(2026, 4, 1)),
    # On a day of cuti bersama, in the evening.
    (wita(2026, 3, 20, 22, 0), dt.date(2026, 4, 7)),
    # A Saturday counts from Monday on.
    (wita(2026, 11, 28), dt.date(2026, 12, 11)),
]


@pytest.mark.parametrize(("begin", "one"), [(answered, SILENCE), (held, HOLD)])
@pytest.mark.parametrize(("at", "last_day"), EDGES)
def test_it_acts_when_the_last_day_is_over(city, lebaran, begin, one, at, last_day):
    report = begin(city, at)
    midnight = dt.datetime.combine(last_day + dt.timedelta(days=1), dt.time(), WITA)
    last_second = (midnight - dt.timedelta(seconds=1)).astimezone(dt.UTC)

    assert report.due_on == last_day
    assert acts(city, one, last_second) == []
    assert acts(city, one, midnight.astimezone(dt.UTC)) == [report.id]
    assert acts(city, one, midnight.astimezone(dt.UTC)) == []


def test_silence_finishes_and_the_history_says_who_did_it(city):
    report = answered(city, wita(2026, 11, 9))
    acts(city, SILENCE, wita(2026, 11, 25, 0, 5))
    entry = last_entry(city, report)
    (message,) = messages(city, report, MessageKind.FINISHED)

    assert (report.status, report.finish_mode) == (Status.FINISHED, FinishMode.AUTOMATIC)
    assert (entry.action, entry.role, entry.user_id) == (Action.FINISH, Role.SYSTEM, None)
    assert message.sequence == entry.sequence
    assert message.not_before == wita(2026, 11, 25, 8)  # nobody's phone rings at night


def test_what_was_asked_for_and_never_came_is_archived(city):
    report = held(city, wita(2026, 11, 9))
    acts(city, HOLD, wita(2026, 11, 25, 0, 5))

    assert (report.status, report.archive_reason) == (
        Status.ARCHIVED,
        ArchiveReason.NOT_COMPLETED,
    )
    assert last_entry(city, report).role is Role.SYSTEM
    assert messages(city, report, MessageKind.ARCHIVED)


def test_whoever_answers_on_the_last_day_is_in_time(city):
    confirmed, completed = answered(city, wita(2026, 11, 9)), held(city, wita(2026, 11, 9))
    city.now = wita(2026, 11, 24, 23, 59, 59)
    city.do("reporter", confirmed, Confirm())
    city.do("reporter", completed, Complete(text="RT 4."))

    assert acts(city, SILENCE, wita(2026, 11, 30)) == []
    assert acts(city, HOLD, wita(2026, 11, 30)) == []


def test_an_import_and_the_exempt_year_stay_as_they_are(city):
    reports = [answered(city, wita(2026, 11, 9)), held(city, wita(2026, 11, 9))]
    for report in reports:
        report.imported = True
    city.session.flush()
    before = [(report.status, report.version) for report in reports]
    years_later = wita(2029, 1, 1)

    assert acts(city, SILENCE, years_later) == acts(city, HOLD, years_later) == []
    assert [(report.status, report.version) for report in reports] == before


def test_a_clock_that_jumps_ahead_and_back_does_it_once(city):
    report = answered(city, wita(2026, 11, 9))
    ahead = acts(city, SILENCE, wita(2027, 11, 9))
    back = acts(city, SILENCE, wita(2026, 11, 10))
    then = acts(city, SILENCE, wita(2026, 11, 25))

    assert (ahead, back, then) == ([report.id], [], [])
    assert len(messages(city, report, MessageKind.FINISHED)) == 1


# ---- a coordinator takes it back ----


@pytest.mark.parametrize(
    ("begin", "one", "waits", "told_again"),
    [
        (answered, SILENCE, Status.AWAITING_REPORTER, MessageKind.COMPLETION_PROPOSED),
        (held, HOLD, Status.ON_HOLD, MessageKind.NEEDS_COMPLETION),
    ],
)
@pytest.mark.parametrize("told", [False, True])
def test_a_coordinator_undoes_it_and_the_wait_begins_anew(
    city, begin, one, waits, told_again, told
):
    report = begin(city, wita(2026, 11, 9))
    begun = len(messages(city, report, told_again))
    acts(city, one, wita(2026, 11, 25, 0, 5))
    (message,) = messages(city, report, MessageKind.FINISHED) or messages(
        city, report, MessageKind.ARCHIVED
    )
    if told:
        message.sent_at = message.not_before
    undone = last_entry(city, report)
    city.now = wita(2026, 11, 26, 10)
    entry = city.do("coordinator", report, Undo())

    assert report.status is waits
    assert (entry.undoes, undone.undone) == (undone.sequence, True)
    assert report.finished_at is None
    assert report.archive_reason is None
    assert (message.cancelled_at is None) == told
    # Thursday 26 November is the new day 0; the clock does not act again the next minute.
    assert report.due_on == dt.date(2026, 12, 10)
    assert acts(city, one, wita(2026, 11, 26, 10, 1)) == []
    assert len(messages(city, report, told_again)) == begun + told
    assert acts(city, one, wita(2026, 12, 11, 0, 1)) == [report.id]


def test_the_question_is_asked_again_in_its_own_words(city):
    report = held(city, wita(2026, 11, 9))
    acts(city, HOLD, wita(2026, 11, 25, 0, 5))
    entry = city.do("coordinator", report, Undo())

    assert entry.text == "Di RT berapa?"
    assert report.current_hold is not None


@pytest.mark.parametrize("who", ["works", "district", "roads-boss", "inspector"])
def test_nobody_else_undoes_it(city, who):
    report = answered(city, wita(2026, 11, 9))
    acts(city, SILENCE, wita(2026, 11, 25, 0, 5))

    with pytest.raises(DeedRefused):
        city.do(who, report, Undo())


def test_not_after_somebody_acted_nor_after_a_month(city):
    noted, old = answered(city, wita(2026, 11, 9)), answered(city, wita(2026, 11, 9))
    acts(city, SILENCE, wita(2026, 11, 25, 0, 5))
    city.do("district", noted, Note("Sudah dicek."))
    with pytest.raises(DeedRefused):
        city.do("coordinator", noted, Undo())
    city.wait(days=31)
    with pytest.raises(DeedRefused):
        city.do("coordinator", old, Undo())


def test_a_round_goes_on_behind_what_somebody_else_holds(engine):
    """The locked one is left to whoever holds it; nobody waits."""
    with Session(engine) as session:
        city = SmallCity(session)
        first, second = (answered(city, wita(2026, 11, 9)).id for _ in range(2))
        session.commit()
    late = wita(2026, 11, 25, 0, 5)
    with Session(engine) as one, Session(engine) as other:
        assert clocks.act_on(one, SILENCE, first, late)
        assert not clocks.act_on(other, SILENCE, first, late)
        assert clocks.act_on(other, SILENCE, second, late)
        one.commit()
        other.commit()
        statuses = set(one.scalars(select(Report.status)))

    assert statuses == {Status.FINISHED}
