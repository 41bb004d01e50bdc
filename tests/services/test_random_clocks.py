"""The clock at random: workers die at any point, come twice, and wake up on any day."""

import datetime as dt
from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from small_city import DAY_OFF, SmallCity
from sqlalchemy import func, select

from lapor_web.models import (
    Action,
    Escalation,
    HistoryEntry,
    OutboxMessage,
    Outcome,
    Report,
    Role,
    Status,
)
from lapor_web.services import clocks
from lapor_web.services.conversation import Object
from lapor_web.services.deeds import DeedRefused
from lapor_web.services.follow_up import FollowUp, Propose
from lapor_web.services.ladder import Ladder
from lapor_web.services.undo import Undo
from lapor_web.services.verification import Complete, PutOnHold
from lapor_web.services.working_days import WITA

ROUNDS = (clocks.SILENCE, clocks.HOLD, Ladder().round())
WAITS = {Action.FINISH: Status.AWAITING_REPORTER, Action.EXPIRE: Status.ON_HOLD}
TEN = 10


class Killed(Exception):
    """The worker, before it could commit."""


class RandomClocks(RuleBasedStateMachine):
    session = None

    def __init__(self):
        super().__init__()
        self.savepoint = self.session.begin_nested()
        self.city = SmallCity(self.session)
        self.reports: list[Report] = []
        self.exempt = self.city.sent_to("DISTRICT")
        self.exempt.imported = True
        self.session.flush()
        self.exempt_version = self.exempt.version
        self.reports = [self.city.sent_to("DISTRICT"), self.city.send()]
        self.work_goes_on(1)
        self.city.do("district", self.reports[0], Propose("Dijelaskan.", Outcome.EXPLAINED))

    def teardown(self):
        self.savepoint.rollback()
        self.session.expunge_all()

    # ---- what people do ----

    @rule(opd=st.sampled_from(["DISTRICT", "VILLAGE", None]))
    def somebody_reports(self, opd):
        if len(self.reports) < 4:
            self.reports.append(self.city.sent_to(opd) if opd else self.city.send())

    @rule(which=st.integers(0, 3))
    def work_goes_on(self, which):
        if not self.reports:
            return
        report = self.reports[which % len(self.reports)]
        liaison = report.holder.code.lower() if report.holder else ""
        match report.status:
            case Status.UNVERIFIED:
                self.city.do("coordinator", report, PutOnHold(reason="Di mana?"))
            case Status.ON_HOLD:
                self.city.do("reporter", report, Complete(text="Di sini."))
            case Status.FORWARDED:
                self.city.do(liaison, report, FollowUp("Kami periksa."))
            case Status.IN_PROCESS:
                self.city.do(liaison, report, Propose("Dijelaskan.", Outcome.EXPLAINED))
            case Status.AWAITING_REPORTER:
                self.city.do("reporter", report, Object(reason="Belum."))

    @rule(which=st.integers(0, 3))
    def a_coordinator_takes_it_back(self, which):
        if self.reports:
            report = self.reports[which % len(self.reports)]
            before = report.status
            try:
                self.city.do("coordinator", report, Undo())
            except DeedRefused:
                assert report.status is before

    # ---- what the clock does ----

    @rule(days=st.integers(-30, 45), hours=st.integers(0, 23))
    def the_clock_jumps(self, days, hours):
        self.city.wait(days=days, hours=hours)

    @rule(which=st.integers(0, 3), seconds=st.sampled_from([-1, 0]))
    def the_last_day_ends(self, which, seconds):
        """A second before and at the midnight on which something has to happen."""
        due = [report for report in self.reports if report.due_on is not None]
        if due:
            day = due[which % len(due)].due_on + dt.timedelta(days=1)
            midnight = dt.datetime.combine(day, dt.time(), WITA).astimezone(dt.UTC)
            self.city.now = midnight + dt.timedelta(seconds=seconds)
            self.workers_go_round(0, 2)

    @rule(deaths=st.integers(0, 3), workers=st.integers(1, 3))
    def workers_go_round(self, deaths, workers):
        """Each finds what is due before any of them acts, as two at once do; some die."""
        for one in ROUNDS:
            lists = [clocks.find_due(self.session, one, self.city.now) for _ in range(workers)]
            for number in (number for each in lists for number in each):
                if deaths:
                    deaths -= 1
                    self.die_over(one, number)
                clocks.act_on(self.session, one, number, self.city.now)
            assert clocks.find_due(self.session, one, self.city.now) == []
        self.city.check()

    def die_over(self, one, number):
        try:
            with self.session.begin_nested():
                clocks.act_on(self.session, one, number, self.city.now)
                raise Killed
        except Killed:
            self.session.expire_all()

    # ---- what is always true ----

    def history(self, action):
        return self.session.scalars(
            select(HistoryEntry)
            .where(HistoryEntry.role == Role.SYSTEM, HistoryEntry.action == action)
            .order_by(HistoryEntry.report_id, HistoryEntry.sequence)
        ).all()

    @invariant()
    def no_wait_ends_before_its_ten_days_nor_twice(self):
        for action, waits in WAITS.items():
            for entry in self.history(action):
                begun = self.session.scalars(
                    select(HistoryEntry)
                    .where(
                        HistoryEntry.report_id == entry.report_id,
                        HistoryEntry.sequence < entry.sequence,
                        HistoryEntry.to_status == waits,
                        HistoryEntry.from_status != waits,
                    )
                    .order_by(HistoryEntry.sequence.desc())
                    .limit(1)
                ).one()
                between = self.session.scalar(
                    select(func.count()).where(
                        HistoryEntry.report_id == entry.report_id,
                        HistoryEntry.sequence > begun.sequence,
                        HistoryEntry.sequence < entry.sequence,
                        HistoryEntry.role == Role.SYSTEM,
                    )
                )
                assert between == 0
                assert self.worked(begun.at, entry.at) >= TEN

    def worked(self, first, last):
        """Whole days of work after the day of `first`, the day of `last` left out."""
        day, count = first.astimezone(WITA).date(), 0
        while (day := day + dt.timedelta(days=1)) < last.astimezone(WITA).date():
            count += day.weekday() < 5 and day != DAY_OFF
        return count

    @invariant()
    def every_rung_is_one_row_of_history(self):
        rows = self.session.scalars(select(Escalation)).all()
        climbed = Counter((row.report_id, row.rung, row.due_on, row.opd_id) for row in rows)
        assert set(climbed.values()) <= {1}
        assert {(row.report_id, row.sequence) for row in rows} == {
            (entry.report_id, entry.sequence) for entry in self.history(Action.ESCALATE)
        }

    @invariant()
    def whoever_died_told_nobody(self):
        """A message belongs to a row of history, and no row has two of a kind for one person."""
        messages = self.session.execute(
            select(
                OutboxMessage.report_id,
                OutboxMessage.sequence,
                OutboxMessage.kind,
                OutboxMessage.user_id,
            )
        ).all()
        assert len(set(messages)) == len(messages)
        known = set(self.session.execute(select(HistoryEntry.report_id, HistoryEntry.sequence)))
        assert {(row.report_id, row.sequence) for row in messages} <= {tuple(k) for k in known}

    @invariant()
    def what_is_exempt_stays_as_it_is(self):
        assert self.exempt.version == self.exempt_version


def test_whenever_the_clock_runs(db):
    machine = type("Machine", (RandomClocks,), {"session": db.session()})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
