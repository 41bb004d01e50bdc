"""What the coordinator does: verify and dispose, hold, send away, merge, hand to another office."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import select

from lapor_web.models import (
    Action,
    Category,
    Classification,
    EndReason,
    Hold,
    Kind,
    Opd,
    Report,
    Status,
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


@dataclass(frozen=True, slots=True)
class SendOutside:
    """Bukan kewenangan: `belongs_to` names who can help, `text` tells how to reach them."""

    action: ClassVar[Action] = Action.OUTSIDE_AUTHORITY

    belongs_to: str
    text: str = ""

    def change(self, act: Act) -> Told:
        close(act)
        act.report.belongs_to = self.belongs_to
        return Told(text=self.text, visible=True, details={"belongs_to": self.belongs_to})


@dataclass(frozen=True, slots=True)
class Archive:
    """The reporter sees the reason and may object once."""

    action: ClassVar[Action] = Action.ARCHIVE

    archive_reason: str
    """An `ArchiveReason`, or the code of one of the city's own."""
    text: str = ""
    words: str = ""
    """What the city says for it, and the reporter is told."""

    def change(self, act: Act) -> Told:
        close(act)
        act.report.archive_reason = str(self.archive_reason)
        return Told(
            text=self.text,
            visible=True,
            details={"archive_reason": str(self.archive_reason), "words": self.words},
        )


def close(act: Act) -> None:
    """No office works on it any longer. The last holder stays named, for its line in the recap."""
    end_hold(act)
    holding.release(act, EndReason.CLOSED)
    act.report.returned = False


@dataclass(frozen=True, slots=True)
class Unarchive:
    action: ClassVar[Action] = Action.UNARCHIVE

    reason: str

    def change(self, act: Act) -> Told:
        back_to_the_queue(act)
        return Told(text=self.reason, visible=True)


def back_to_the_queue(act: Act) -> None:
    """To be verified anew: the clock of verification starts again, nobody holds it."""
    report = act.report
    holding.take_from_all(act, EndReason.CLOSED)
    report.queued_at = act.now
    report.archive_reason, report.belongs_to = None, None
    report.parent, report.parent_id = None, None
    report.verification_limit = limit_days(
        act.session, report.agency_id, Step.VERIFICATION, wita_date(act.now)
    )


@dataclass(frozen=True, slots=True)
class Merge:
    """One matter, several reporters: the parent counts, and every reporter is told."""

    action: ClassVar[Action] = Action.MERGE

    parent: Report
    note: str = ""

    def change(self, act: Act) -> Told:
        report = act.report
        if self.parent.id == report.id or self.parent.agency_id != report.agency_id:
            raise DeedRefused("parent", "same_report")
        if self.parent.status is Status.MERGED or self.has_children(act):
            raise DeedRefused("parent", "one_level")
        if hides_more(self.parent, report) or accuses_others(self.parent, report):
            # Its number would stand on the page of somebody who may not know of it.
            raise DeedRefused("parent", "hidden_parent")
        close(act)
        report.parent, report.parent_id = self.parent, self.parent.id
        return Told(text=self.note, details={"parent": self.parent.number})

    def has_children(self, act: Act) -> bool:
        child = select(Report.id).where(Report.parent_id == act.report.id).limit(1)
        return act.session.scalar(child) is not None


def hides_more(one: Report, other: Report) -> bool:
    return not one.is_ordinary and other.is_ordinary


def accuses_others(one: Report, other: Report) -> bool:
    """Whether it is about an office or officer that may read the other."""
    pairs = (
        (one.accused_opd_id, other.accused_opd_id),
        (one.accused_user_id, other.accused_user_id),
    )
    return any(accused is not None and accused != known for accused, known in pairs)


@dataclass(frozen=True, slots=True)
class Unmerge:
    action: ClassVar[Action] = Action.UNMERGE

    reason: str

    def change(self, act: Act) -> Told:
        back_to_the_queue(act)
        return Told(text=self.reason, visible=True)


@dataclass(frozen=True, slots=True)
class ReopenByCoordinator:
    """Always, with a reason."""

    action: ClassVar[Action] = Action.REOPEN

    reason: str

    def change(self, act: Act) -> Told:
        reopen(act)
        return Told(text=self.reason, visible=True)


def reopen(act: Act) -> None:
    report = act.report
    if report.holder is None:
        raise DeedRefused("reason", "no_holder")
    holding.follow_successor(act)
    report.finished_at = report.finish_mode = report.answered_at = None
    report.outcome = report.outcome_on = report.rating = None
    report.reopened_count += 1
    report.finish_started_at = act.now
    report.promised_on = None
