"""What a message says and whom it reaches, read from the report when it leaves."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lapor_web.models import (
    Action,
    Agency,
    FinishMode,
    HistoryEntry,
    MessageKind,
    Opd,
    OutboxMessage,
    Report,
    ReporterIdentity,
    Status,
)
from lapor_web.models.workflow import OFFICES_TURN
from lapor_web.services.identity import Identity, open_sealed
from lapor_web.services.keys import Keys
from lapor_web.services.split import SPLIT_INTO
from lapor_web.services.working_days import wita_date


class NobodyToTell(Exception):
    """It never leaves; `reason` is a short code."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


REMINDERS = frozenset({MessageKind.DUE_SOON, MessageKind.DUE_TODAY})
SAY_IT_IS_LATE = frozenset(
    {MessageKind.LATE, MessageKind.ESCALATED, MessageKind.OVERDUE, MessageKind.MAY_CONSENT}
)


@dataclass(frozen=True, slots=True)
class News:
    """Of one move of a report."""

    kind: MessageKind
    number: str
    hidden: bool
    """Rahasia or about somebody's conduct: whoever looks over a shoulder learns nothing."""
    followed: bool = False
    """It is told to somebody who joined that report."""
    office: str = ""
    due_on: dt.date | None = None
    words: str = ""
    """The answer, the question or the reason, where the reporter may read it."""
    doer: str = ""
    belongs_to: str = ""
    parent: str = ""
    archive_reason: str | None = None
    reason: str = ""
    """Of that, in the words of the city, where it has some of its own."""
    finish_mode: FinishMode | None = None
    silence_days: int | None = None
    withdrawn: bool = False


def read_news(session: Session, message: OutboxMessage, now: dt.datetime) -> News:
    """Of the move as it was, with deadlines as they are now. Raises NobodyToTell where it is over
    what the message would warn of."""
    own = session.get_one(Report, message.report_id)
    report = session.get_one(Report, message.about_id) if message.about_id else own
    entry = None
    if message.sequence is not None:
        entry = session.get(HistoryEntry, (report.id, message.sequence))
    if is_over(report, message.kind, entry, wita_date(now)):
        raise NobodyToTell("over")
    return News(
        kind=message.kind,
        number=own.number,
        hidden=not (own.is_ordinary and report.is_ordinary),
        followed=report is not own,
        office=_office(session, report, entry),
        due_on=_due_on(report, message.kind),
        words=entry.text if entry and entry.visible else "",
        doer=entry.doer_name if entry else "",
        belongs_to=report.belongs_to or "",
        parent=_other_number(report, entry),
        archive_reason=report.archive_reason,
        reason=_reason(session, report, entry),
        finish_mode=report.finish_mode,
        silence_days=report.silence_limit,
        withdrawn=bool(entry and entry.action is Action.WITHDRAW),
    )


def is_over(report: Report, kind: MessageKind, entry: HistoryEntry | None, today: dt.date) -> bool:
    """What the clock found at night is told in the morning, or when a gateway is back: meanwhile
    somebody may have answered, or the day is another one."""
    if kind not in REMINDERS | SAY_IT_IS_LATE:
        return False
    if report.status not in OFFICES_TURN or report.due_on is None:
        return True
    if kind in SAY_IT_IS_LATE:
        return report.due_on >= today
    reminded_of = entry.details.get("due_on") if entry else None
    return report.due_on < today or report.due_on.isoformat() != reminded_of


def _reason(session: Session, report: Report, entry: HistoryEntry | None) -> str:
    """As it was said then, else as the city says it."""
    if report.archive_reason is None:
        return ""
    told: str = entry.details.get("words", "") if entry else ""
    own = session.get_one(Agency, report.agency_id).archive_reasons
    return told or next((one["words"] for one in own if one["code"] == report.archive_reason), "")


def _other_number(report: Report, entry: HistoryEntry | None) -> str:
    """Of what it was merged with, where that may be known; of what was split off it."""
    if entry and entry.action is Action.SPLIT:
        return str(entry.details[SPLIT_INTO])
    return report.parent.number if report.parent and report.parent.is_ordinary else ""


def _office(session: Session, report: Report, entry: HistoryEntry | None) -> str:
    """By the name that people know it by and that fits into an SMS."""
    opd_id = (entry.opd_id if entry else None) or report.holder_opd_id
    opd = session.get(Opd, opd_id) if opd_id else None
    return opd.short_name if opd else ""


def _due_on(report: Report, kind: MessageKind) -> dt.date | None:
    match kind:
        case MessageKind.RECEIVED:
            return report.due_on if report.status is Status.UNVERIFIED else None
        case MessageKind.FORWARDED | MessageKind.DISPOSED:
            # Of the office that has it now, as on the reporter's page; once it was answered there is
            # no answer to be promised any more.
            return report.due_on if report.status is Status.FORWARDED else None
        case _:
            return report.due_on


def read_contact(
    session: Session, report_id: int, *, keys: Keys, asked_for: bool = False
) -> Identity:
    """Who sent the report, opened for this one letter. Raises NobodyToTell, and Unreadable. What
    they asked for themselves is sent to those too who want no news."""
    row = session.get(ReporterIdentity, report_id)
    if row is None or row.sealed is None or not row.has_contact:
        raise NobodyToTell("nobody")
    if row.news_stopped_at is not None and not asked_for:
        raise NobodyToTell("stopped")
    return open_sealed(row, keys=keys)
