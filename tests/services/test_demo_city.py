"""The invented city, made once for all tests: everything is in it, and nothing is out of order."""

import datetime as dt
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from sqlalchemy import and_, func, select, text
from sqlalchemy.orm import Session

from lapor_web.models import (
    Action,
    Attachment,
    Channel,
    ChecklistItem,
    Disposition,
    HistoryEntry,
    OutboxMessage,
    Outcome,
    Report,
    Role,
    Status,
    Substitution,
    User,
)
from lapor_web.models.user import ACCOUNT_ROLES
from lapor_web.services import canned, commitments, demo, map_points, places, rakor
from lapor_web.services.calendars import calendar_of
from lapor_web.services.commitments import Kept
from lapor_web.services.deeds import Doer, perform
from lapor_web.services.demo.casting import Casting, in_order
from lapor_web.services.follow_up import SHOWN_BY_EVIDENCE, Note
from lapor_web.services.keys import Keys
from lapor_web.services.map_points import Box
from lapor_web.services.periods import Period
from lapor_web.services.placeholders import OPEN
from lapor_web.services.published import Asked
from lapor_web.services.recap import recap
from lapor_web.services.seed import seed
from lapor_web.services.storage import Folder
from lapor_web.services.working_days import WITA, wita_date

KEYS = Keys.from_secret("a secret for tests only, long enough")
NOW = dt.datetime(2026, 11, 24, 5, 0, tzinfo=dt.UTC)  # a Tuesday, 13.00 WITA
TODAY = NOW.date()
EARLY_SUNDAY = dt.datetime(2026, 11, 21, 16, 20, tzinfo=dt.UTC)  # 00.20 WITA
OF_2022 = Report.received_on < dt.date(2023, 1, 1)
NEVER_IN_IT = {
    *(Action.IMPORT, Action.CHANGE_CONTACT),
    *(Action.ESCALATE, Action.SETTLE_MESSAGE, Action.TRANSFER),
}


@pytest.fixture(scope="module")
def session(app):
    """One transaction for the whole module, rolled back at its end."""
    from lapor_web.extensions import db

    with app.app_context():
        engine = db.engine
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()


@pytest.fixture(scope="module")
def agency(session):
    return seed(session, "samarinda")


@pytest.fixture(scope="module")
def storage(tmp_path_factory):
    return Folder(tmp_path_factory.mktemp("lampiran"))


@pytest.fixture(scope="module")
def city(session, agency, storage):
    """The session, with the city in it."""
    assert demo.is_untouched(session)
    demo.fill(session, agency, keys=KEYS, storage=storage, now=NOW)
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    return session


def count(city, *conditions) -> int:
    return city.scalar(select(func.count()).select_from(Report).where(*conditions))


def test_it_holds_about_four_hundred_reports_of_two_years(city):
    assert count(city, ~OF_2022) == 400
    oldest, newest = city.execute(
        select(func.min(Report.received_on), func.max(Report.received_on)).where(~OF_2022)
    ).one()
    assert TODAY - dt.timedelta(days=735) <= oldest <= TODAY - dt.timedelta(days=600)
    assert newest == TODAY
    assert not demo.is_untouched(city)


@pytest.mark.parametrize("status", Status)
def test_every_status_occurs(city, status):
    assert count(city, Report.status == status, ~OF_2022) >= 5


@pytest.mark.parametrize("channel", sorted(set(Channel) - {Channel.EMAIL}))
def test_every_channel_occurs(city, channel):
    assert count(city, Report.channel == channel)


@pytest.mark.parametrize("action", sorted(set(Action) - NEVER_IN_IT))
def test_every_deed_was_done(city, action):
    done = select(HistoryEntry).where(HistoryEntry.action == action).limit(1)
    assert city.scalars(done).first() is not None


@pytest.mark.parametrize(
    "condition",
    [
        and_(Report.anonymous, ~Report.confidential),
        and_(Report.confidential, ~Report.anonymous),
        Report.about_conduct,
        Report.about_service,
        and_(Report.returned, Report.status == Status.UNVERIFIED),
        Report.assignee_id.is_not(None),
        Report.promised_on > TODAY,
        and_(Report.time_asked_until.is_not(None), Report.time_granted.is_(None)),
        Report.ombudsman_consent_at.is_not(None),
        and_(Report.status == Status.IN_PROCESS, Report.reopened_count > 0),
        and_(Report.status == Status.UNVERIFIED, Report.split_from_id.is_not(None)),
        and_(Report.status == Status.FORWARDED, Report.assigned_opd_id.is_not(None)),
        and_(Report.status == Status.IN_PROCESS, Report.assigned_opd_id.is_not(None)),
    ],
    ids=str,
)
def test_what_the_screens_tell_apart_is_there(city, condition):
    assert count(city, condition, ~OF_2022)


@pytest.mark.parametrize(
    "status",
    [Status.UNVERIFIED, Status.FORWARDED, Status.IN_PROCESS, Status.AWAITING_APPROVAL],
)
def test_each_step_has_some_late_some_due_today_and_some_in_time(city, status):
    of_step = and_(Report.status == status, ~OF_2022)

    assert count(city, of_step, Report.due_on < TODAY)
    assert count(city, of_step, Report.due_on == TODAY)
    assert count(city, of_step, Report.due_on > TODAY)


def test_fresh_reports_wait_for_a_coordinator(city):
    yesterday = NOW - dt.timedelta(days=1)

    assert count(city, Report.status == Status.UNVERIFIED, Report.received_at > yesterday) >= 3


def test_nothing_happens_in_the_future_nor_out_of_order(city):
    assert count(city, Report.received_at > NOW) == 0
    rows = city.execute(
        select(HistoryEntry.report_id, HistoryEntry.at).order_by(
            HistoryEntry.report_id, HistoryEntry.sequence
        )
    ).all()
    assert max(at for _, at in rows) < NOW
    for (report, before), (next_report, after) in pairwise(rows):
        assert report != next_report or before <= after


def test_numbers_go_by_the_day_of_entry(city):
    entered = city.scalars(select(Report.entered_at).order_by(Report.id)).all()

    assert entered == sorted(entered)


def test_officers_work_in_office_hours(city, agency):
    """Today's deeds are pressed into what there has been of today."""
    days = calendar_of(city, agency.id)
    officers = select(HistoryEntry.at).where(
        HistoryEntry.user_id.is_not(None), HistoryEntry.at < NOW - dt.timedelta(days=1)
    )
    for at in city.scalars(officers):
        local = at.astimezone(WITA)
        assert days.is_working_day(local.date())
        assert 8 <= local.hour < 17


def test_some_offices_are_slow(city):
    pace = func.avg(Disposition.pace_days).label("pace")
    paces = city.execute(
        select(Disposition.opd_id, pace)
        .where(Disposition.received_on >= dt.date(2023, 1, 1))
        .group_by(Disposition.opd_id)
        .having(func.count(Disposition.pace_days) >= 8)
    ).all()
    slow = [row for row in paces if row.pace > 5]

    assert 2 <= len(slow) < len(paces) / 2


def test_what_is_about_an_office_is_never_held_by_it(city):
    conduct = city.scalars(select(Report).where(Report.about_conduct)).all()

    assert {one.holder.code for one in conduct if one.holder} == {"ITDA"}
    assert all(one.anonymous and one.confidential for one in conduct)


def test_what_is_said_to_be_done_is_shown(city):
    shown = select(Attachment.report_id).where(~Attachment.by_reporter)

    assert count(city, Report.outcome.in_(SHOWN_BY_EVIDENCE), Report.id.not_in(shown)) == 0
    assert {*city.scalars(select(Report.outcome).distinct())} == {*Outcome, None}


def test_what_helps_an_office_lies_on_its_desk(city):
    roads = city.scalars(select(User).where(User.username == "pupr")).one()
    away = {one.absent.username: one.substitute for one in city.scalars(select(Substitution))}
    waiting = select(User.username).join(Report, Report.assignee_id == User.id)
    steps = city.scalars(select(ChecklistItem)).all()

    offered = canned.list_for(city, roads)
    assert {one.opd_id for one in offered} == {roads.opd_id, None}
    assert all(OPEN.search(one.text) for one in offered)
    assert away["pupr2"] is roads
    assert "pupr2" in city.scalars(waiting)
    assert {one.done_at is None for one in steps} == {True, False}


def test_many_reports_lie_on_the_map(city, agency):
    found = list(map_points.spots(city, agency, Asked(), Box(116.5, -1, 117.5, 0), 18))

    assert sum(spot.count for spot in found) > 60
    assert len(places.outlines(city, agency)) == 10


def test_no_message_of_the_invented_past_is_sent(city):
    waiting = select(func.count()).where(
        OutboxMessage.sent_at.is_(None), OutboxMessage.cancelled_at.is_(None)
    )
    assert city.scalar(waiting) == 0
    assert city.scalar(select(func.max(OutboxMessage.sent_at))) < NOW


def test_no_two_reports_read_the_same(city):
    stories = Counter(city.scalars(select(Report.story)))

    assert [story for story, times in stories.items() if times > 1] == []


# ---- the year 2022 ----


def test_a_meeting_was_held_with_promises_kept_and_broken_and_another_is_planned(city, agency):
    coming, held = rakor.list_meetings(city, agency.id)
    made = commitments.of_meeting(city, held, today=TODAY)

    assert held.closed_at < NOW
    assert held.figures_at_opening["received"] > 0
    assert held.minutes
    assert {one.kept for one in made} >= {Kept.KEPT, Kept.BROKEN}
    assert rakor.attendance_of(city, held)
    assert coming.held_on > TODAY
    assert coming.opened_at is None
    assert len(coming.agenda) > 3
    assert rakor.previous_meeting(city, coming) is held


def test_2022_is_what_the_letter_says(city, agency):
    figures = recap(city, agency, Period.of_year(2022), now=NOW).to_json()

    assert figures["entered"] == figures["received"] == 92
    assert (figures["finished"], figures["in_process"], figures["not_acted_on"]) == (49, 33, 10)
    assert (figures["finished_percent"], figures["acted_on_percent"]) == (53.26, 89.13)
    assert figures["pace_working_days"]["mean"] == 26.1
    assert figures["pace_working_days"]["n"] == 82


def test_2022_of_an_office(city, agency):
    of_offices = recap(city, agency, Period.of_year(2022), now=NOW).to_json()["per_opd"]
    roads = next(office for office in of_offices if office["code"] == "DPUPR")

    assert roads["received"] == 26
    assert roads["pace_working_days"]["mean"] == 34.2


def test_no_clock_touches_2022(city):
    assert count(city, OF_2022, Report.imported, Report.due_on.is_(None)) == 92
    assert count(city, ~OF_2022, Report.imported) == 0


def test_a_late_note_leaves_2022_as_it_is(city, agency):
    """What is derived anew knows the pace still, though the clocks leave the report alone."""
    report = city.scalars(select(Report).where(OF_2022, Report.pace_days > 0).limit(1)).one()
    pace = report.pace_days
    coordinator = city.scalars(select(User).where(User.role == Role.COORDINATOR)).first()

    with city.begin_nested() as savepoint:
        perform(
            city,
            report.id,
            Note("Berkas lama."),
            doer=Doer.officer(coordinator),
            version=report.version,
            now=NOW,
        )
        assert (report.pace_days, report.due_on) == (pace, None)
        savepoint.rollback()


# ---- who may look ----


def test_every_role_has_an_account_that_is_named(city):
    named = demo.principal_accounts(city)

    assert {account.role for account in named} == set(ACCOUNT_ROLES) - {Role.NATIONAL_ADMIN}
    assert "pupr" in {account.username for account in named}


def test_all_have_the_password_that_is_set(city, agency):
    demo.set_passwords(city, agency, "jangan dipakai sungguhan")

    hashes = set(city.scalars(select(User.password_hash)))
    assert len(hashes) == 1
    assert hashes.pop().startswith("$argon2id$")


def test_examples_open_with_their_code(city, agency):
    examples = demo.find_examples(city, agency, keys=KEYS)

    assert len(examples) == 4
    for example in examples:
        report = city.scalars(select(Report).where(Report.number == example.number)).one()
        assert KEYS.receipt_matches(example.receipt_code, report.receipt_hash)
        assert not report.confidential


# ---- at another moment ----


@pytest.fixture
def plan(session, agency, storage):
    """What would happen, with nothing done."""

    def plan(now: dt.datetime, number: int = 1):
        with session.begin_nested() as savepoint:
            session.execute(text("UPDATE \"user\" SET username = username || '.old'"))
            built = demo.build(session, agency, KEYS, storage, Random(number))
            casting = Casting(built, now)
            casting.everything()
            steps = list(in_order(casting.parts, casting.horizon))
            savepoint.rollback()
        return casting, steps

    return plan


def told(steps):
    return [(at, scene.story.text, scene.channel) for at, scene, _ in steps]


def test_the_same_number_at_the_same_moment_makes_the_same_city(plan):
    assert told(plan(NOW)[1]) == told(plan(NOW)[1])
    assert told(plan(NOW)[1]) != told(plan(NOW, number=2)[1])


def test_in_the_night_to_a_sunday_there_is_work_as_well(plan):
    casting, steps = plan(EARLY_SUNDAY)

    assert len(casting.parts) == 400 - len(casting.city.corpus.two_matters)
    assert max(at for at, _, _ in steps) < EARLY_SUNDAY
    yesterday = EARLY_SUNDAY - dt.timedelta(days=1)
    fresh = [part for part in casting.parts if not part.life and part.entered_at > yesterday]
    assert len(fresh) >= 3
    assert all(part.entered_at < EARLY_SUNDAY for part in casting.parts)
    assert wita_date(EARLY_SUNDAY).weekday() == 6
