"""What the reporter does on their own page, and what their silence does."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.orm import Session

from lapor_web.models import (
    Action,
    ArchiveReason,
    FinishMode,
    NotFromThisStatus,
    Report,
    ReporterIdentity,
    Status,
)
from lapor_web.models.workflow import CLOSED
from lapor_web.services import (
    attachments,
    closing,
    identity,
    notifications,
    places,
    report_links,
)
from lapor_web.services.deeds import Act, DeedRefused, Told
from lapor_web.services.identity import Identity, Unreadable
from lapor_web.services.keys import Keys

REOPEN_WITHIN = dt.timedelta(days=30)
WORST_RATING_THAT_REOPENS = 2


@dataclass(frozen=True, slots=True)
class Reply:
    """To the office; of a published report too, the public does not read it."""

    action: ClassVar[Action] = Action.REPLY

    text: str

    def change(self, act: Act) -> Told:
        return Told(text=self.text, visible=True)


@dataclass(frozen=True, slots=True)
class Confirm:
    action: ClassVar[Action] = Action.CONFIRM

    def change(self, act: Act) -> Told:
        finish(act, FinishMode.CONFIRMED)
        return Told()


@dataclass(frozen=True, slots=True)
class FinishBySilence:
    """By the clock, after the reporter's working days of silence."""

    action: ClassVar[Action] = Action.FINISH

    def change(self, act: Act) -> Told:
        finish(act, FinishMode.AUTOMATIC)
        return Told()


def finish(act: Act, mode: FinishMode) -> None:
    act.report.finish_mode, act.report.finished_at = mode, act.now


@dataclass(frozen=True, slots=True)
class Object:
    """Not done yet: back to work. Or, once, against an archive or outside-authority answer."""

    action: ClassVar[Action] = Action.OBJECT

    reason: str

    def change(self, act: Act) -> Told:
        report = act.report
        if report.status is Status.AWAITING_REPORTER:
            report.answered_at = report.outcome = report.outcome_on = report.promised_on = None
            report.finish_started_at = act.now
        else:
            if not was_answered_away(report):
                raise NotFromThisStatus(self.action, report.status)
            if not may_contest(report):
                raise DeedRefused("reason", "objected_before")
            report.objected = True
            closing.back_to_the_queue(act)
        return Told(text=self.reason, visible=True)


def may_contest(report: Report) -> bool:
    """Once, and not what they withdrew themselves."""
    withdrawn = report.archive_reason == ArchiveReason.WITHDRAWN
    return was_answered_away(report) and not report.objected and not withdrawn


def was_answered_away(report: Report) -> bool:
    """Closed by an answer. Whoever hangs on another report got its answer too; or hears nothing
    more, since it was hidden."""
    parent = report.parent
    return parent is None or parent.status in CLOSED or closing.hides_more(parent, report)


@dataclass(frozen=True, slots=True)
class Rate:
    """One to five, once."""

    action: ClassVar[Action] = Action.RATE

    rating: int
    text: str = ""

    def change(self, act: Act) -> Told:
        if act.report.rating is not None:
            raise DeedRefused("rating", "rated_before")
        if not 1 <= self.rating <= 5:
            raise DeedRefused("rating", "out_of_range")
        act.report.rating = self.rating
        return Told(text=self.text, visible=True, details={"rating": self.rating})


@dataclass(frozen=True, slots=True)
class Reopen:
    """Once, within 30 days of finishing, by whoever is not content and says why."""

    action: ClassVar[Action] = Action.REOPEN

    reason: str
    rating: int

    def change(self, act: Act) -> Told:
        report = act.report
        if not may_reopen(report.reopened_count, report.finished_at, act.now):
            raise DeedRefused("reason", "too_late_to_reopen")
        if not 1 <= self.rating <= WORST_RATING_THAT_REOPENS:
            raise DeedRefused("rating", "too_content_to_reopen")
        closing.reopen(act)
        return Told(text=self.reason, visible=True, details={"rating": self.rating})


def may_reopen(reopened: int, finished_at: dt.datetime | None, now: dt.datetime) -> bool:
    return not reopened and finished_at is not None and now - finished_at <= REOPEN_WITHIN


@dataclass(frozen=True, slots=True)
class Withdraw:
    action: ClassVar[Action] = Action.WITHDRAW

    text: str = ""

    def change(self, act: Act) -> Told:
        closing.close(act)
        act.report.archive_reason = ArchiveReason.WITHDRAWN
        act.report.parent = act.report.parent_id = None
        return Told(text=self.text, visible=True)


@dataclass(frozen=True, slots=True)
class Erase:
    """Name, contact and what they sent along are gone for good: the keys are destroyed
    (UU 27/2022). The story stays, and is worked on."""

    action: ClassVar[Action] = Action.ERASE

    def change(self, act: Act) -> Told:
        forget_reporter(act.session, act.report, act.now)
        attachments.erase_of_reporter(act.session, act.report.id)
        return Told()


def forget_reporter(session: Session, report: Report, now: dt.datetime) -> None:
    """Who they are, where their phone was, and every way we had to them."""
    if row := session.get(ReporterIdentity, report.id):
        row.wrapped_key = row.sealed = row.phone_mark = row.email_mark = None
        row.has_contact, row.erased_at = False, now
    report_links.make_void(session, report.id)
    places.coarsen(session, report.id)
    report.source_account = None


@dataclass(frozen=True, slots=True)
class ConsentToOmbudsman:
    action: ClassVar[Action] = Action.CONSENT_OMBUDSMAN

    def change(self, act: Act) -> Told:
        act.report.ombudsman_consent_at = act.report.ombudsman_consent_at or act.now
        return Told()


@dataclass(frozen=True, slots=True)
class ChangeContact:
    """Where we send news. Sealed anew, under a new key; the old contact is gone, and with it every
    link that was sent there."""

    action: ClassVar[Action] = Action.CHANGE_CONTACT

    phone: str
    email: str
    keys: Keys

    def change(self, act: Act) -> Told:
        row = act.session.get(ReporterIdentity, act.report.id)
        who = Identity(name_on(row, self.keys), self.phone, self.email)
        sealed = identity.seal(act.report.id, who, keys=self.keys)
        sealed.contact_by_officer, sealed.news_stopped_at = False, None
        act.session.merge(sealed)
        # Whoever has the old phone has its messages too.
        report_links.make_void(act.session, act.report.id)
        # It shows at once whether the new one is right.
        notifications.send_link(act.session, act.report, act.now)
        return Told()


def name_on(row: ReporterIdentity | None, keys: Keys) -> str:
    """Empty where it is erased, or sealed under a secret that is gone."""
    try:
        return identity.open_sealed(row, keys=keys).name if row else ""
    except Unreadable:
        return ""


@dataclass(frozen=True, slots=True)
class Expire:
    """By the clock: what was asked for never came."""

    action: ClassVar[Action] = Action.EXPIRE

    def change(self, act: Act) -> Told:
        closing.close(act)
        act.report.archive_reason = ArchiveReason.NOT_COMPLETED
        return Told(visible=True)
