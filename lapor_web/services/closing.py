"""How a report ends without an office's answer: not ours, archived, merged; and how it comes back."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import select

from lapor_web.models import Action, EndReason, Report, Status, Step
from lapor_web.services import holding
from lapor_web.services.deeds import Act, DeedRefused, Told
from lapor_web.services.limits import limit_days
from lapor_web.services.verification import end_hold
from lapor_web.services.working_days import wita_date


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
        if accuses_others(report, self.parent):
            # The parent goes where it belongs by itself, to the very office that this one accuses.
            raise DeedRefused("parent", "other_accused")
        if report.about_conduct and not self.parent.about_conduct:
            raise DeedRefused("parent", "conduct_stays_apart")
        close(act)
        report.parent, report.parent_id = self.parent, self.parent.id
        return Told(text=self.note, details={"parent": self.parent.number})

    def has_children(self, act: Act) -> bool:
        child = select(Report.id).where(Report.parent_id == act.report.id).limit(1)
        return act.session.scalar(child) is not None


def hides_more(one: Report, other: Report) -> bool:
    return not one.is_ordinary and other.is_ordinary


def accuses_others(one: Report, other: Report) -> bool:
    """Whether it is about an office or officer that the other is not about, and so may reach."""
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
