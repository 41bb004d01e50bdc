"""What the office that holds a report does: answer, return, promise, propose completion."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import bindparam, select

from lapor_web.models import (
    Action,
    Agency,
    Attachment,
    EndReason,
    Opd,
    Outcome,
    Status,
    Step,
    User,
)
from lapor_web.services import holding
from lapor_web.services.access import units_under
from lapor_web.services.deeds import Act, DeedRefused, Told
from lapor_web.services.first_answers import says_nothing
from lapor_web.services.limits import limit_days
from lapor_web.services.officer_messages import may_see, officers_named, stand_ins_of
from lapor_web.services.working_days import wita_date

SHOWN_BY_EVIDENCE = frozenset({Outcome.FULLY_HANDLED, Outcome.PARTLY_HANDLED})
"""Outcomes that something must be seen of; an explanation or a plan is its own evidence."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """An answer that the reporter reads; the first one is the follow-up that counts."""

    action: ClassVar[Action] = Action.FOLLOW_UP

    text: str

    def change(self, act: Act) -> Told:
        return Told(text=self.text, visible=True, details=note_follow_up(act, self.text))


FIRST_OF_HOLDER = "first_of_holder"
_ANSWER_WORDS = select(Agency.answer_words).where(Agency.id == bindparam("agency_id"))


def note_follow_up(act: Act, text: str) -> dict[str, bool]:
    """Of the report, and of whoever holds it now: each has a first one, which an undo takes back."""
    report = act.report
    report.first_follow_up_at = report.first_follow_up_at or act.now
    holder = report.responsible
    if holder is None or holder.first_follow_up_at is not None:
        return {}
    holder.first_follow_up_at = act.now
    needed = act.session.scalars(_ANSWER_WORDS, {"agency_id": report.agency_id}).one()
    holder.says_nothing = says_nothing(text, needed)
    return {FIRST_OF_HOLDER: True}


@dataclass(frozen=True, slots=True)
class Return:
    """Salah disposisi: back to the coordinator, who counts how often that happened."""

    action: ClassVar[Action] = Action.RETURN

    reason: str

    def change(self, act: Act) -> Told:
        report = act.report
        if report.about_service:
            # The queue is read by those it may accuse.
            raise DeedRefused("reason", "about_service_stays")
        office = report.holder
        holding.take_from_all(act, EndReason.RETURNED)
        report.returned, report.queued_at = True, act.now
        report.return_count += 1
        report.promised_on = None
        return Told(text=self.reason, opd=office)


@dataclass(frozen=True, slots=True)
class Propose:
    """Completion, with an outcome and what shows it. Waits for the supervisor where there is one."""

    action: ClassVar[Action] = Action.PROPOSE

    text: str
    outcome: Outcome
    outcome_on: dt.date | None = None

    def change(self, act: Act) -> Told:
        report = act.report
        if self.outcome is Outcome.SCHEDULED and self.outcome_on is None:
            raise DeedRefused("outcome_on", "missing")
        has_evidence = self.has_evidence(act)
        if self.outcome in SHOWN_BY_EVIDENCE and not has_evidence:
            raise DeedRefused("evidence", "missing")
        details = {"outcome": self.outcome.value, **note_follow_up(act, self.text)}
        report.outcome, report.outcome_on = self.outcome, self.outcome_on
        report.has_evidence = has_evidence
        waits = act.to_status is Status.AWAITING_APPROVAL
        if not waits:
            hand_to_reporter(act)
        return Told(text=self.text, visible=not waits, details=details)

    def has_evidence(self, act: Act) -> bool:
        """Whether the office shows anything with this very deed: what a supervisor rejected is none."""
        shown = select(Attachment.id).where(
            Attachment.report_id == act.report.id,
            Attachment.history_sequence == act.sequence,
            ~Attachment.by_reporter,
        )
        return act.session.scalar(shown.limit(1)) is not None


def hand_to_reporter(act: Act) -> None:
    """The finish limit stops here; the reporter's silence starts to count."""
    report = act.report
    report.answered_at = act.now
    report.silence_limit = limit_days(
        act.session, report.agency_id, Step.REPORTER_SILENCE, wita_date(act.now)
    )


@dataclass(frozen=True, slots=True)
class Assign:
    """To a unit under the office that holds it (kelurahan, puskesmas, bidang), or to a person of
    the office or of such a unit; "Terima" assigns to oneself."""

    action: ClassVar[Action] = Action.ASSIGN

    assignee: User | Opd

    def change(self, act: Act) -> Told:
        report, to = act.report, self.assignee
        person, unit_id = (to, to.opd_id) if isinstance(to, User) else (None, to.id)
        if not to.active or unit_id not in units_under(act.session, report.holder_opd_id):
            raise DeedRefused("assignee", "not_of_this_office")
        if person and person.id == report.accused_user_id:
            raise DeedRefused("assignee", "accused_user")
        unit = None if unit_id == report.holder_opd_id else act.session.get(Opd, unit_id)
        holding.set_to_work(act, unit, person)
        return Told(details={"assignee": to.name})


@dataclass(frozen=True, slots=True)
class AskForTime:
    """Once per report; it may move the office's own promise, never the legal limit."""

    action: ClassVar[Action] = Action.ASK_TIME

    reason: str
    until: dt.date

    def change(self, act: Act) -> Told:
        if act.report.time_asked_until is not None:
            raise DeedRefused("until", "asked_before")
        refuse_past(act, "until", self.until)
        act.report.time_asked_until = self.until
        return Told(text=self.reason, details={"until": self.until.isoformat()})


@dataclass(frozen=True, slots=True)
class Promise:
    """Target selesai: the office's own date, which the reporter sees."""

    action: ClassVar[Action] = Action.PROMISE

    promised_on: dt.date

    def change(self, act: Act) -> Told:
        refuse_past(act, "promised_on", self.promised_on)
        act.report.promised_on = self.promised_on
        return Told(details={"promised_on": self.promised_on.isoformat()})


def refuse_past(act: Act, field: str, day: dt.date) -> None:
    if day < wita_date(act.now):
        raise DeedRefused(field, "in_the_past")


MENTIONED, STAND_INS = "mentioned", "stand_ins"
"""In the details of a note: whom it names, and who does the work of those who are absent."""


@dataclass(frozen=True, slots=True)
class Note:
    """For colleagues; the reporter never reads it, and it never counts as a follow-up."""

    action: ClassVar[Action] = Action.NOTE

    text: str

    def change(self, act: Act) -> Told:
        """Whom it names is told at once, so nobody is named who may not read the report."""
        named = officers_named(act.session, act.report.agency_id, self.text)
        if not all(may_see(act.session, act.report, officer) for officer in named):
            raise DeedRefused("text", "mentioned_outside")
        if not named:
            return Told(text=self.text)
        stand_ins = stand_ins_of(act.session, named, wita_date(act.now))
        details = {MENTIONED: [officer.name for officer in named]}
        if stand_ins:
            details[STAND_INS] = [officer.name for officer in stand_ins]
        return Told(text=self.text, details=details)
