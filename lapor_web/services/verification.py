"""What the coordinator does with a report that is worked on: verify and dispose, edit, hold, hand on."""

from dataclasses import dataclass
from typing import ClassVar

from lapor_web.models import (
    Action,
    Category,
    Classification,
    Hold,
    Kind,
    Opd,
    Report,
    Step,
    User,
)
from lapor_web.services import holding
from lapor_web.services.deeds import Act, DeedRefused, Told
from lapor_web.services.limits import limit_days
from lapor_web.services.reveal import leave_trace
from lapor_web.services.working_days import wita_date


@dataclass(frozen=True, slots=True)
class Flags:
    """Who may know. About conduct sets both boxes unless the coordinator unticked them here."""

    anonymous: bool
    confidential: bool
    about_conduct: bool
    accused: Opd | None = None
    accused_user: User | None = None

    @classmethod
    def of(cls, report: Report) -> "Flags":
        return cls(
            report.anonymous,
            report.confidential,
            report.about_conduct,
            accused=report.accused,
            accused_user=report.accused_user,
        )

    def put_on(self, report: Report) -> None:
        report.anonymous = self.anonymous
        # What everybody may read, the officer it is about reads too.
        report.confidential = self.confidential or self.accused_user is not None
        report.about_conduct = self.about_conduct or report.about_service
        report.accused = self.accused
        report.accused_opd_id = self.accused.id if self.accused else None
        report.accused_user = self.accused_user
        report.accused_user_id = self.accused_user.id if self.accused_user else None


def lift_flags(act: Act, flags: Flags | None, reason: str) -> bool:
    """Put the flags on; whether that showed officers a name that was hidden from them until now.

    Then it is a reveal like any other, with its trace, and what was seen cannot be taken back.
    """
    report = act.report
    if flags is None:
        return False
    was_hidden = report.anonymous or report.about_conduct
    flags.put_on(report)
    opened = was_hidden and not (report.anonymous or report.about_conduct)
    if opened and act.doer.user is not None:
        leave_trace(act, act.doer.user, reason)
    return opened


@dataclass(frozen=True, slots=True)
class Verify:
    """Name it, class it, hand it to one office; `tembusan` read along."""

    action: ClassVar[Action] = Action.VERIFY

    opd: Opd
    title: str
    classification: Classification
    kind: Kind | None = None
    public_text: str = ""
    category: Category | None = None
    area_id: int | None = None
    flags: Flags | None = None
    tembusan: tuple[Opd, ...] = ()
    note: str = ""

    def change(self, act: Act) -> Told:
        report = act.report
        report.title = self.title
        report.public_text = self.public_text or report.public_text
        report.kind, report.category = self.kind or KIND_OF[self.classification], self.category
        report.area_id = self.area_id or report.area_id
        opened = lift_flags(act, self.flags, self.note)
        classify(act, self.classification)
        report.verified_at = report.verified_at or act.now
        holding.hand_to(act, self.opd)
        holding.copy_to(act, self.tembusan)
        start_follow_up_clock(act)
        return Told(
            text=self.note,
            opd=self.opd,
            details={"tembusan": [opd.name for opd in self.tembusan]} if self.tembusan else {},
            undoable=not opened,
        )


KIND_OF = {
    Classification.SUPERVISORY: Kind.COMPLAINT,
    Classification.NON_SUPERVISORY: Kind.COMPLAINT,
    Classification.INFORMATION_REQUEST: Kind.INFORMATION,
    Classification.ASPIRATION: Kind.ASPIRATION,
}


def classify(act: Act, classification: Classification) -> None:
    """The finish limit hangs on the class, and is the one that held on the first disposition."""
    report = act.report
    report.classification = classification
    on = wita_date(report.disposed_at or act.now)
    report.finish_limit = limit_days(act.session, report.agency_id, Step.FINISH, on, classification)


def start_follow_up_clock(act: Act) -> None:
    """The limit that held on the first disposition stays, whoever holds the report later."""
    report = act.report
    if report.follow_up_limit is None:
        report.follow_up_limit = limit_days(
            act.session, report.agency_id, Step.FIRST_FOLLOW_UP, wita_date(act.now)
        )


@dataclass(frozen=True, slots=True)
class Edit:
    """Only what is given changes; what it was stays in the history."""

    action: ClassVar[Action] = Action.EDIT

    title: str | None = None
    public_text: str | None = None
    place: str | None = None
    kind: Kind | None = None
    classification: Classification | None = None
    category: Category | None = None
    area_id: int | None = None
    flags: Flags | None = None
    note: str = ""

    def change(self, act: Act) -> Told:
        report = act.report
        was_published = report.is_published
        self.refuse_without_reason(report)
        for name in ("title", "public_text", "place", "kind", "category", "area_id"):
            if (value := getattr(self, name)) not in (None, ""):
                setattr(report, name, value)
        if self.classification and self.classification is not report.classification:
            classify(act, self.classification)
        opened = lift_flags(act, self.flags, self.note)
        if report.holder:
            self.refuse_wrong_holder(act, report.holder)
        if report.accused_user_id is not None and report.assignee_id == report.accused_user_id:
            raise DeedRefused("accused_user", "held_accused_user")
        holding.end_wrong_copies(act)
        taken_down = was_published and not report.is_published
        return Told(
            text=self.note,
            details={"taken_down": True} if taken_down else {},
            undoable=not opened,
        )

    def refuse_without_reason(self, report: Report) -> None:
        """What everybody has read is not changed behind their backs: who, when and why stand in
        the history, with the words that stood there before."""
        changes = self.public_text not in (None, "", report.public_text)
        if report.is_published and report.public_text and changes and not self.note:
            raise DeedRefused("note", "why_redacted")

    def refuse_wrong_holder(self, act: Act, holder: Opd) -> None:
        """First hand it to the Inspektorat, then say whom it accuses: never the other way round."""
        try:
            holding.refuse_wrong_office(act, holder, field="about_conduct")
        except DeedRefused as refused:
            raise DeedRefused("about_conduct", f"held_{refused.code}") from refused


@dataclass(frozen=True, slots=True)
class Reassign:
    action: ClassVar[Action] = Action.REASSIGN

    opd: Opd
    reason: str

    def change(self, act: Act) -> Told:
        if self.opd.id == act.report.holder_opd_id:
            raise DeedRefused("opd", "same_opd")
        holding.hand_to(act, self.opd)
        act.report.answered_at = None
        act.report.outcome = act.report.outcome_on = None
        return Told(text=self.reason, visible=True, opd=self.opd)


@dataclass(frozen=True, slots=True)
class PutOnHold:
    """Ditunda: `reason` says what is missing, and the reporter reads it."""

    action: ClassVar[Action] = Action.HOLD

    reason: str

    def change(self, act: Act) -> Told:
        report = act.report
        report.status_before_hold = report.status
        report.hold_limit = limit_days(act.session, report.agency_id, Step.HOLD, wita_date(act.now))
        report.holds.append(Hold(started_at=act.now, started_sequence=act.sequence))
        return Told(text=self.reason, visible=True)


@dataclass(frozen=True, slots=True)
class Complete:
    """What was missing is here: by the reporter, or by the coordinator for them."""

    action: ClassVar[Action] = Action.COMPLETE

    text: str

    def change(self, act: Act) -> Told:
        end_hold(act)
        return Told(text=self.text, visible=True)


def end_hold(act: Act) -> None:
    report = act.report
    if hold := report.current_hold:
        hold.ended_at, hold.ended_sequence = act.now, act.sequence
    report.status_before_hold = None
