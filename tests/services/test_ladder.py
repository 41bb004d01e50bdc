"""The escalation ladder: which day, who is told of what, and each rung once."""

import datetime as dt
from collections import Counter

import pytest
from small_city import SmallCity
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from lapor_web.models import (
    Action,
    Escalation,
    HistoryEntry,
    Limit,
    MessageKind,
    OutboxMessage,
    Outcome,
    Role,
    Rung,
    Step,
    User,
)
from lapor_web.services import clocks
from lapor_web.services.conversation import ConsentToOmbudsman, Reply
from lapor_web.services.follow_up import Assign, FollowUp, Propose
from lapor_web.services.ladder import Ladder
from lapor_web.services.undo import Undo
from lapor_web.services.verification import PutOnHold, Reassign
from lapor_web.services.working_days import WITA

LADDER = Ladder().round()


@pytest.fixture
def city(db):
    city = SmallCity(db.session())
    city.session.add(
        Limit(
            agency_id=city.agency.id,
            step=Step.OMBUDSMAN,
            classification=None,
            days=60,
            valid_from=dt.date(2020, 1, 1),
        )
    )
    city.session.flush()
    return city


def morning(month, day, year=2026):
    return dt.datetime(year, month, day, 0, 1, tzinfo=WITA).astimezone(dt.UTC)


def climb(city, at, ladder=LADDER):
    city.now = at
    for report_id in clocks.find_due(city.session, ladder, at):
        clocks.act_on(city.session, ladder, report_id, at)
    city.check()


def climb_daily(city, first, last):
    while first <= last:
        climb(city, first)
        first += dt.timedelta(days=1)


def rungs(city, report):
    """Each with the day in WITA on which it was climbed."""
    rows = city.session.scalars(
        select(Escalation).where(Escalation.report_id == report.id).order_by(Escalation.sequence)
    )
    return [(row.rung, row.at.astimezone(WITA).date()) for row in rows]


def told(city, report, kind):
    """Who was, by username; None is the reporter."""
    rows = city.session.execute(
        select(User.username)
        .select_from(OutboxMessage)
        .outerjoin(User, User.id == OutboxMessage.user_id)
        .where(OutboxMessage.report_id == report.id, OutboxMessage.kind == kind)
    )
    return sorted(row[0] or "" for row in rows)


def d(month, day, year=2026):
    return dt.date(year, month, day)


def test_from_the_reminder_to_the_leaders(city):
    """Disposed on Monday the 9th, due on Monday the 16th; Wednesday the 18th is a day off."""
    report = city.sent_to("WORKS")
    climb_daily(city, morning(11, 10), morning(11, 30))

    assert rungs(city, report) == [
        (Rung.SOON, d(11, 12)),
        (Rung.TODAY, d(11, 16)),
        (Rung.SUPERVISOR, d(11, 17)),
        (Rung.LEADERS, d(11, 24)),
    ]
    assert told(city, report, MessageKind.DUE_SOON) == ["works", "works2"]
    assert told(city, report, MessageKind.DUE_TODAY) == ["works", "works2"]
    assert told(city, report, MessageKind.LATE) == ["works", "works2"]
    assert told(city, report, MessageKind.ESCALATED) == ["leader", "works-boss"]
    assert told(city, report, MessageKind.OVERDUE) == [""]


def test_every_rung_is_history_by_the_system_and_is_told_in_the_morning(city):
    report = city.sent_to("WORKS")
    climb(city, morning(11, 17))
    entry = city.session.get_one(HistoryEntry, (report.id, report.version))
    leaves = city.session.scalars(
        select(OutboxMessage.not_before).where(OutboxMessage.sequence == entry.sequence)
    )

    assert (entry.action, entry.role) == (Action.ESCALATE, Role.SYSTEM)
    assert (entry.details["rung"], entry.details["told"]) == ("supervisor", 3)
    assert entry.from_status is entry.to_status is report.status
    assert set(leaves) == {dt.datetime(2026, 11, 17, 8, tzinfo=WITA)}


def test_a_worker_that_was_away_reminds_nobody_of_what_is_over(city):
    report = city.sent_to("WORKS")
    climb(city, morning(11, 30))

    assert [rung for rung, _ in rungs(city, report)] == [Rung.SUPERVISOR, Rung.LEADERS]


def test_whoever_took_it_is_reminded_alone(city):
    report = city.sent_to("WORKS")
    city.do("works", report, Assign(city.users["works2"]))
    climb(city, morning(11, 12))

    assert told(city, report, MessageKind.DUE_SOON) == ["works2"]


def test_a_follow_up_in_time_leaves_the_ladder_to_the_next_deadline(city):
    report = city.sent_to("WORKS")
    city.do("works", report, FollowUp("Kami periksa."))
    climb_daily(city, morning(11, 10), morning(11, 27))

    assert report.due_on == d(11, 30)
    assert rungs(city, report) == [(Rung.SOON, d(11, 26))]


def test_another_office_climbs_its_own_ladder(city):
    report = city.sent_to("WORKS")
    climb(city, morning(11, 17))
    city.do("coordinator", report, Reassign(city.opds["ROADS"], reason="Jalan."))
    climb_daily(city, morning(11, 18), morning(11, 30))

    assert report.due_on == d(11, 25)
    assert [rung for rung, _ in rungs(city, report)].count(Rung.SUPERVISOR) == 2
    assert "roads-boss" in told(city, report, MessageKind.ESCALATED)


def test_a_pause_stops_the_ladder(city):
    report = city.sent_to("WORKS")
    city.do("coordinator", report, PutOnHold(reason="Di mana?"))
    climb_daily(city, morning(11, 10), morning(11, 30))

    assert rungs(city, report) == []


def test_what_waits_for_approval_is_the_supervisors_turn(city):
    report = city.sent_to("WORKS")
    city.do("works", report, Propose(text="Rencana.", outcome=Outcome.EXPLAINED))
    climb(city, morning(11, 26))

    assert told(city, report, MessageKind.DUE_SOON) == ["works-boss"]


def test_what_nobody_verified_is_the_coordinators(city):
    report = city.send()
    climb_daily(city, morning(11, 10), morning(11, 20))

    assert rungs(city, report) == [
        (Rung.SOON, d(11, 10)),
        (Rung.TODAY, d(11, 12)),
        (Rung.SUPERVISOR, d(11, 13)),
        (Rung.LEADERS, d(11, 20)),
    ]
    assert told(city, report, MessageKind.LATE) == ["coordinator"]
    assert told(city, report, MessageKind.OVERDUE) == []


def test_a_hidden_report_is_told_to_nobody_who_may_not_read_it(city):
    report = city.sent_to("WORKS", confidential=True)
    climb(city, morning(11, 30))

    assert told(city, report, MessageKind.ESCALATED) == ["coordinator", "works-boss"]


def test_what_accuses_an_office_climbs_past_it(city):
    report = city.sent_to("AUDIT", about_conduct=True)
    climb(city, morning(11, 30))
    service = city.send(about_conduct=True, about_service=True)
    climb_daily(city, morning(12, 1), morning(12, 20))

    assert told(city, report, MessageKind.LATE) == ["inspector"]
    assert told(city, report, MessageKind.ESCALATED) == ["coordinator", "coordinator"]
    everybody = {name for kind in MessageKind for name in told(city, service, kind) if name != ""}
    assert everybody == {"inspector"}


def test_an_office_without_a_supervisor_is_the_coordinators(city):
    report = city.sent_to("VILLAGE")
    climb(city, morning(11, 17))

    assert told(city, report, MessageKind.LATE) == ["village"]
    assert told(city, report, MessageKind.ESCALATED) == ["coordinator"]


def test_a_kelurahan_without_officers_is_its_kecamatans(city):
    city.users["village"].active = False
    report = city.sent_to("VILLAGE")
    climb(city, morning(11, 16))

    assert told(city, report, MessageKind.DUE_TODAY) == ["district"]


# ---- the Ombudsman ----


def test_the_ombudsman_is_told_with_consent_only(city):
    """Received on 9 November; sixty calendar days later is 8 January."""
    silent, willing = city.sent_to("WORKS"), city.sent_to("WORKS")
    climb(city, morning(1, 7, 2027))
    before = rungs(city, willing)
    climb(city, morning(1, 8, 2027))
    ready = told(city, willing, MessageKind.MAY_CONSENT)
    city.do("reporter", willing, ConsentToOmbudsman())
    climb(city, morning(1, 9, 2027))
    climb(city, morning(1, 20, 2027))

    assert Rung.OMBUDSMAN_READY not in dict(before)
    assert ready == [""]
    assert rungs(city, willing)[-2:] == [
        (Rung.OMBUDSMAN_READY, d(1, 8, 2027)),
        (Rung.OMBUDSMAN, d(1, 9, 2027)),
    ]
    assert "ombudsman" in told(city, willing, MessageKind.ESCALATED)
    assert "ombudsman" not in told(city, silent, MessageKind.ESCALATED)


def test_what_is_in_time_is_not_ready_for_the_ombudsman(city):
    """Sixty working days are longer than sixty calendar days."""
    report = city.send()
    city.verify(report, classification="supervisory")
    city.do("works", report, FollowUp("Kami periksa."))
    climb(city, morning(1, 20, 2027))

    assert report.due_on > d(1, 20, 2027)
    assert rungs(city, report) == []


# ---- once ----


def test_the_database_refuses_a_rung_twice(city):
    report = city.sent_to("WORKS")
    climb(city, morning(1, 20, 2027))
    for row in city.session.scalars(select(Escalation)).all():
        values = {
            name: getattr(row, name)
            for name in ("agency_id", "report_id", "rung", "due_on", "opd_id", "at")
        }
        again = insert(Escalation).values(**values, sequence=report.version)
        with pytest.raises(IntegrityError), city.session.begin_nested():
            city.session.execute(again)


def test_a_clock_that_jumps_climbs_no_rung_twice(city):
    report = city.sent_to("WORKS")
    for at in (morning(11, 12), morning(3, 1, 2027), morning(11, 13), morning(11, 10)):
        climb(city, at)
    climb_daily(city, morning(11, 16), morning(12, 1))
    climb(city, morning(3, 2, 2027))
    counts = Counter(rung for rung, _ in rungs(city, report))

    assert set(counts.values()) == {1}


def test_the_deeds_of_others_have_it_looked_at_and_not_climbed_again(city):
    report = city.sent_to("WORKS")
    climb(city, morning(11, 17))
    city.do("reporter", report, Reply("Bagaimana?"))
    version = report.version
    climb(city, morning(11, 17))

    assert report.version == version
    assert report.ladder_on == d(11, 24)


def test_a_setting_moves_the_rungs(city):
    report = city.sent_to("WORKS")
    other = Ladder(before=4, supervisor=2, leaders=3).round()
    for day in range(10, 21):
        climb(city, morning(11, day), other)

    assert rungs(city, report) == [
        (Rung.SOON, d(11, 10)),
        (Rung.TODAY, d(11, 16)),
        (Rung.SUPERVISOR, d(11, 19)),
        (Rung.LEADERS, d(11, 20)),
    ]


def test_imports_and_what_has_no_deadline_are_not_on_it(city):
    report = city.sent_to("WORKS")
    report.imported = True
    city.session.flush()
    climb(city, morning(1, 20, 2027))

    assert rungs(city, report) == []


# ---- beside the officers' own work ----


def test_a_rung_costs_nobody_who_is_writing_a_second_try(city):
    report = city.sent_to("WORKS")
    read = report.version
    climb(city, morning(11, 17))
    city.do("works", report, FollowUp("Kami periksa."), version=read)

    assert report.first_follow_up_at is not None


def test_a_coordinator_takes_a_rung_back_and_what_was_told_stays_told(city):
    report, other = city.sent_to("WORKS"), city.sent_to("WORKS")
    climb(city, morning(11, 17))
    city.do("coordinator", report, Undo())
    climb(city, morning(11, 17))
    unsent = select(OutboxMessage).where(
        OutboxMessage.kind.in_([MessageKind.LATE, MessageKind.ESCALATED, MessageKind.OVERDUE])
    )
    for message in city.session.scalars(unsent.where(OutboxMessage.report_id == other.id)):
        message.sent_at = message.not_before
    city.do("coordinator", other, Undo())
    cancelled = {
        one.id: [
            message.cancelled_at is not None
            for message in city.session.scalars(unsent.where(OutboxMessage.report_id == one.id))
        ]
        for one in (report, other)
    }

    assert set(cancelled[report.id]) == {True}
    assert set(cancelled[other.id]) == {False}
    assert [rung for rung, _ in rungs(city, report)] == [Rung.SUPERVISOR]
