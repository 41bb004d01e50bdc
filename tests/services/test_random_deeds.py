"""Random deeds by random people: whatever they try, no report is ever where it must not be."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from small_city import KEYS, SmallCity
from sqlalchemy import func, select

from lapor_web.models import (
    ArchiveReason,
    HistoryEntry,
    NotAllowedForRole,
    NotFromThisStatus,
    Outcome,
    Report,
    Role,
    actions_for,
)
from lapor_web.services import deadlines
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
from lapor_web.services.deeds import DeedRefused, Overtaken
from lapor_web.services.follow_up import (
    AskForTime,
    Assign,
    FollowUp,
    Note,
    Promise,
    Propose,
    Return,
)
from lapor_web.services.recap import Period, recap
from lapor_web.services.reveal import RevealIdentity
from lapor_web.services.split import Split, find_other
from lapor_web.services.undo import Undo
from lapor_web.services.verification import (
    Complete,
    Edit,
    Flags,
    PutOnHold,
    Reassign,
    Verify,
)

WAYS = {
    # The picture of domain.md, "The life of a report", written down once more by hand.
    "unverified": "forwarded on_hold outside_authority archived merged",
    "on_hold": "unverified forwarded in_process archived outside_authority merged",
    "forwarded": "in_process unverified awaiting_approval awaiting_reporter on_hold archived"
    " outside_authority merged",
    "in_process": "unverified forwarded awaiting_approval awaiting_reporter on_hold archived"
    " outside_authority merged",
    "awaiting_approval": "awaiting_reporter in_process forwarded archived outside_authority merged",
    "awaiting_reporter": "finished in_process forwarded archived outside_authority merged",
    "finished": "in_process",
    "archived": "unverified",
    "outside_authority": "unverified",
    "merged": "unverified",
}
HANDLED = {"forwarded", "in_process", "awaiting_approval", "awaiting_reporter"}

DEEDS = {
    "verify": lambda m: Verify(
        opd=m.any_opd(),
        title="Lampu mati",
        classification=m.one_of("supervisory", "non_supervisory", "information_request"),
        tembusan=(m.any_opd(),),
    ),
    "edit": lambda m: Edit(
        title="Lain", flags=Flags(True, m.one_of(True, False), m.one_of(True, False), m.any_opd())
    ),
    "reassign": lambda m: Reassign(opd=m.any_opd(), reason="Lebih tepat."),
    "hold": lambda m: PutOnHold(reason="Di mana?"),
    "complete": lambda m: Complete(text="Di sini."),
    "outside": lambda m: SendOutside(belongs_to="PLN"),
    "archive": lambda m: Archive(archive_reason=ArchiveReason.UNCLEAR),
    "unarchive": lambda m: Unarchive(reason="Keliru."),
    "merge": lambda m: Merge(parent=m.any_report()),
    "split": lambda m: Split(story="Lubang.", place="Jalan Mawar", keys=KEYS),
    "unmerge": lambda m: Unmerge(reason="Keliru."),
    "follow up": lambda m: FollowUp(text="Kami periksa."),
    "return": lambda m: Return(reason="Bukan kami."),
    "propose": lambda m: Propose(
        text="Sudah.", outcome=m.one_of(Outcome.EXPLAINED, Outcome.FULLY_HANDLED)
    ),
    "assign": lambda m: Assign(
        assignee=m.one_of(
            *(m.city.users[name] for name in ("works", "roads", "village")), m.city.opds["VILLAGE"]
        )
    ),
    "ask": lambda m: AskForTime(reason="Alat.", until=m.today() + dt.timedelta(days=9)),
    "promise": lambda m: Promise(promised_on=m.today() + dt.timedelta(days=5)),
    "note": lambda m: Note(text="Cek."),
    "approve": lambda m: Approve(),
    "reject": lambda m: Reject(reason="Kurang."),
    "grant": lambda m: GrantTime(granted=m.one_of(True, False)),
    "reply": lambda m: Reply(text="Sudah?"),
    "confirm": lambda m: Confirm(),
    "object": lambda m: Object(reason="Belum."),
    "rate": lambda m: Rate(rating=m.one_of(1, 5, 9)),
    "reopen": lambda m: Reopen(reason="Rusak lagi.", rating=m.one_of(1, 5)),
    "reopen by coordinator": lambda m: ReopenByCoordinator(reason="Perlu."),
    "withdraw": lambda m: Withdraw(),
    "erase": lambda m: Erase(),
    "consent": lambda m: ConsentToOmbudsman(),
    "contact": lambda m: ChangeContact(phone="08123456789", email="", keys=KEYS),
    "finish": lambda m: FinishBySilence(),
    "expire": lambda m: Expire(),
    "reveal": lambda m: RevealIdentity(reason="Perlu."),
    "undo": lambda m: Undo(),
}
WRITTEN_AS = {
    "verify": "verify",
    "edit": "edit",
    "reassign": "reassign",
    "hold": "hold",
    "complete": "complete",
    "outside": "outside_authority",
    "archive": "archive",
    "unarchive": "unarchive",
    "merge": "merge",
    "unmerge": "unmerge",
    "split": "split",
    "follow up": "follow_up",
    "return": "return",
    "propose": "propose",
    "assign": "assign",
    "ask": "ask_time",
    "promise": "promise",
    "approve": "approve",
    "reject": "reject",
    "grant": "grant_time",
    "confirm": "confirm",
    "object": "object",
    "rate": "rate",
    "reopen": "reopen",
    "reopen by coordinator": "reopen",
    "finish": "finish",
    "expire": "expire",
    "undo": "undo",
}
THE_LONG_WAY = {
    "verify",
    "return",
    "follow up",
    "propose",
    "approve",
    "reject",
    "confirm",
    "finish",
    "rate",
    "reopen",
}
"""Tried more often: most other deeds end a report's life early."""
# Those who can do most are tried most; the others so that they are refused.
PEOPLE = (
    ["coordinator"] * 6
    + ["works"] * 3
    + ["works-boss", "roads", "district", "village", "inspector"] * 2
    + ["reporter"] * 4
    + ["system", "works2", "roads-boss", "intake", "leader", "ombudsman", "evaluator"]
)
REFUSALS = (DeedRefused, NotAllowedForRole, NotFromThisStatus, Overtaken)


def stands(report: Report) -> str:
    """As domain.md says it: a returned report is not acted on until it is disposed again."""
    if report.status == "finished":
        return "finished"
    if report.status in HANDLED:
        return "not_acted_on" if report.status == "forwarded" else "in_process"
    return "not_acted_on" if report.status == "unverified" and report.returned else "outside"


class RandomDeeds(RuleBasedStateMachine):
    session = None

    def __init__(self):
        super().__init__()
        self.savepoint = self.session.begin_nested()
        self.city = SmallCity(self.session)
        self.reports: list[Report] = []
        self.chance = None
        self.send_one(conduct=False, service=False)

    def teardown(self):
        self.savepoint.rollback()
        self.session.expunge_all()

    def send_one(self, conduct, service):
        report = self.city.send(about_conduct=conduct, about_service=service)
        self.reports.append(report)

    @rule(conduct=st.booleans(), service=st.booleans())
    def somebody_sends_a_report(self, conduct, service):
        if len(self.reports) < 4:
            self.send_one(conduct, service and conduct)

    @rule(hours=st.integers(1, 24 * 12))
    def time_passes(self, hours):
        self.city.wait(hours=hours)

    @rule(chance=st.randoms(use_true_random=False))
    def anybody_tries_anything(self, chance):
        self.chance = chance
        self.try_it(self.one_of(*PEOPLE), self.one_of(*DEEDS), self.any_report())

    @rule(chance=st.randoms(use_true_random=False))
    def work_goes_on(self, chance):
        """Deeds that the table allows now, by somebody of the right role and office."""
        self.chance = chance
        for _ in range(6):
            report = self.any_report()
            ways = [
                (who, deed)
                for who, role in self.who_could_act(report)
                for deed in DEEDS
                if WRITTEN_AS.get(deed) in actions_for(report.status, role)
                for _ in range(8 if deed in THE_LONG_WAY else 1)
            ]
            self.try_it(*self.one_of(*ways), report)
            self.city.wait(hours=self.one_of(0, 0, 1, 30))

    def who_could_act(self, report):
        yield "reporter", Role.REPORTER
        yield "system", Role.SYSTEM
        for name, user in self.city.users.items():
            if user.opd_id is None or user.opd_id == report.holder_opd_id:
                yield name, user.role

    def try_it(self, who, deed, report):
        if deed == "split" and len(self.reports) > 5:
            return
        came_from, version = report.status, report.version
        if self.one_of(True, False):
            self.city.show_evidence(report)
        try:
            entry = self.city.do(who, report, DEEDS[deed](self))
        except REFUSALS:
            self.session.refresh(report)
            assert (report.status, report.version) == (came_from, version)
            return
        if deed == "split":
            self.reports.append(find_other(self.session, entry))
        one_way = (report.status, came_from) if deed == "undo" else (came_from, report.status)
        assert one_way[0] == one_way[1] or one_way[1] in WAYS[one_way[0]].split()
        assert (entry.sequence, entry.to_status) == (version + 1, report.status)
        self.the_recap_counts_what_is_there()

    @rule(chance=st.randoms(use_true_random=False), who=st.sampled_from(PEOPLE))
    def somebody_comes_too_late(self, chance, who):
        self.chance = chance
        report = self.any_report()
        if report.version > 1:
            with pytest.raises(Overtaken):
                self.city.do(who, report, Note(text="Saya juga."), version=report.version - 1)

    def any_report(self) -> Report:
        return self.one_of(*self.reports)

    def any_opd(self):
        code = self.one_of("WORKS", "WORKS", "DISTRICT", "VILLAGE", "ROADS", "AUDIT")
        return self.city.opds[code]

    def one_of(self, *values):
        return self.chance.choice(values)

    def today(self) -> dt.date:
        return deadlines.wita_date(self.city.now)

    # ---- what is always true ----

    def the_recap_counts_what_is_there(self):
        """D = S + P + B, of the kept counters and of the reports themselves."""
        whole = Period(dt.date(2026, 1, 1), dt.date(2028, 12, 31))
        figures = recap(self.session, self.city.agency, whole, now=self.city.now).figures
        standing = Counter(stands(report) for report in self.reports)
        kept = {word: getattr(figures, word) for word in ("finished", "in_process", "not_acted_on")}
        assert kept == {word: standing[word] for word in kept}
        assert figures.received == sum(kept.values())
        assert figures.entered == len(self.reports)

    @invariant()
    def history_is_a_chain_that_explains_the_status(self):
        for report in self.reports:
            rows = self.session.scalars(
                select(HistoryEntry)
                .where(HistoryEntry.report_id == report.id)
                .order_by(HistoryEntry.sequence)
            ).all()
            assert [row.sequence for row in rows] == list(range(1, report.version + 1))
            assert [row.from_status for row in rows[1:]] == [row.to_status for row in rows[:-1]]
            assert rows[-1].to_status == report.status

    @invariant()
    def who_holds_it_is_who_is_responsible(self):
        for report in self.reports:
            responsible = [one for one in report.dispositions if one.is_responsible_now]
            assert len(responsible) <= 1
            if report.status in HANDLED:
                assert [one.opd_id for one in responsible] == [report.holder_opd_id]
            if report.about_conduct and responsible:
                assert responsible[0].opd.code == "AUDIT"

    @invariant()
    def what_is_derived_is_what_the_inputs_say(self):
        for report in self.reports:
            kept = self.derived(report)
            with self.session.no_autoflush:
                deadlines.derive(self.session, report)
            assert self.derived(report) == kept

    def derived(self, report):
        names = ("due_on", "follow_up_due_on", "waiting_from", "pace_days", "completion_days")
        holders = [
            (one.waiting, one.waiting_from, one.follow_up_due_on, one.pace_days, one.in_time)
            for one in report.dispositions
        ]
        return [getattr(report, name) for name in names], holders

    @invariant()
    def a_pause_lasts_while_it_is_on_hold(self):
        for report in self.reports:
            assert (report.current_hold is not None) == (report.status == "on_hold")

    @invariant()
    def nobody_is_lost(self):
        assert self.session.scalar(select(func.count(Report.id))) == len(self.reports)


def test_whatever_anybody_tries(db):
    machine = type("Machine", (RandomDeeds,), {"session": db.session()})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=60,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
