"""Taking back one's own last deed, while nobody acted after it and nobody was told of it."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from lapor_web.models import (
    Action,
    EndReason,
    HistoryEntry,
    MessageKind,
    OutboxMessage,
    Report,
    Role,
    Status,
    User,
)
from lapor_web.models.workflow import HANDLED
from lapor_web.services import holding, snapshots
from lapor_web.services.closing import Merge
from lapor_web.services.deeds import (
    FINAL,
    UNDO_WINDOW,
    Act,
    DeedRefused,
    Told,
    latest,
    perform,
)
from lapor_web.services.follow_up import FIRST_OF_HOLDER
from lapor_web.services.split import find_other

BY_THE_CLOCK = frozenset({Action.FINISH, Action.EXPIRE, Action.ESCALATE})
"""What the system did, and a coordinator may take back as long as nobody acted after it. A rung of
the ladder that was taken back is not climbed again for the same day and holder."""
WAITED_FOR_REPORTER = {
    Action.FINISH: MessageKind.COMPLETION_PROPOSED,
    Action.EXPIRE: MessageKind.NEEDS_COMPLETION,
}
"""The wait that is resumed by that, and what the reporter is then told again."""
CLOCK_UNDONE_WITHIN = dt.timedelta(days=30)
"""As long as a reporter may reopen. Later a coordinator reopens, or takes it out of the archive."""
HELD = HANDLED | {Status.ON_HOLD}
"""Some office works on it, or will again."""
NAMED_BY_A_COLUMN = (
    *("holder", "assigned_opd", "accused", "accused_user"),
    *("category", "area", "parent"),
)
NEVER_UNDONE = frozenset({Action.SUBMIT, Action.UNDO})
"""A report that came in is there, and an undo is final."""


@dataclass(frozen=True, slots=True)
class Undo:
    """A row of history that names the one it undoes; nothing is rewritten."""

    action: ClassVar[Action] = Action.UNDO

    def change(self, act: Act) -> Told:
        entry = latest(act.session, act.report)
        if act.doer.user is None or not may_undo(act.session, entry, act.doer.user, act.now):
            raise DeedRefused("", "too_late_to_undo")
        cancel_messages(act, entry)
        if entry.action is Action.SPLIT:
            put_together(act, entry)
        undo_holders(act, entry)
        undo_holds(act, entry)
        snapshots.put_back(act.report, entry.details.get("before", {}))
        words = resume_wait(act, entry) if entry.action in WAITED_FOR_REPORTER else ""
        act.report.status = act.to_status
        entry.undone = True
        act.session.flush()
        act.session.refresh(act.report, [*NAMED_BY_A_COLUMN])
        if act.to_status in HELD:
            holding.follow_successor(act)
        return Told(words, undoes=entry.sequence)


def may_undo(session: Session, entry: HistoryEntry, user: User, now: dt.datetime) -> bool:
    """Only its doer, only within the window, only while its message has not left. What the clock
    did, any coordinator, though it was told: it waited for nobody to be awake."""
    if entry.role is Role.SYSTEM:
        return (
            looks_after_clock(user, entry.report)
            and entry.action in BY_THE_CLOCK
            and now - entry.at <= CLOCK_UNDONE_WITHIN
        )
    return (
        entry.user_id == user.id
        and entry.action not in NEVER_UNDONE
        and FINAL not in entry.details
        and now - entry.at <= UNDO_WINDOW
        and not _was_told(session, entry)
    )


def looks_after_clock(user: User, report: Report) -> bool:
    """A coordinator; the Inspektorat of what is hidden from them."""
    return user.role is (Role.INSPECTOR if report.about_service else Role.COORDINATOR)


def undoable(session: Session, report: Report, user: User, now: dt.datetime) -> bool:
    """Whether the newest deed of the report can be undone by `user` now."""
    return may_undo(session, latest(session, report), user, now)


def _was_told(session: Session, entry: HistoryEntry) -> bool:
    sent = select(OutboxMessage.id).where(
        _tells_of(entry),
        or_(OutboxMessage.sent_at.is_not(None), OutboxMessage.key.is_not(None)),
    )
    return session.scalar(sent.limit(1)) is not None


def _tells_of(entry: HistoryEntry) -> ColumnElement[bool]:
    """The reporter, and whoever joined the report since."""
    own = and_(OutboxMessage.report_id == entry.report_id, OutboxMessage.about_id.is_(None))
    return and_(
        OutboxMessage.sequence == entry.sequence,
        or_(own, OutboxMessage.about_id == entry.report_id),
    )


def cancel_messages(act: Act, entry: HistoryEntry) -> None:
    waiting = select(OutboxMessage).where(_tells_of(entry))
    locked = waiting.with_for_update().execution_options(populate_existing=True)
    for message in act.session.scalars(locked):
        if message.key is not None and entry.role is not Role.SYSTEM:
            # A worker took it since we asked; it may be on its way.
            raise DeedRefused("", "too_late_to_undo")
        if message.sent_at is None:
            message.cancelled_at = message.cancelled_at or act.now


def resume_wait(act: Act, entry: HistoryEntry) -> str:
    """The reporter's days count anew, else the clock would do the same again at once. Whoever was
    told that it is over is told what we wait for; the words are those of the question."""
    act.report.wait_restarted_at = act.now
    asked = (
        select(HistoryEntry.text)
        .where(
            HistoryEntry.report_id == act.report.id,
            HistoryEntry.action == Action.HOLD,
            ~HistoryEntry.undone,
        )
        .order_by(HistoryEntry.sequence.desc())
        .limit(1)
    )
    question = act.session.scalar(asked) or "" if entry.action is Action.EXPIRE else ""
    if _was_told(act.session, entry):
        act.session.add(
            OutboxMessage(
                agency_id=act.report.agency_id,
                report_id=act.report.id,
                sequence=act.sequence,
                kind=WAITED_FOR_REPORTER[entry.action],
                not_before=act.now + UNDO_WINDOW,
                created_at=act.now,
            )
        )
    return question


def put_together(act: Act, entry: HistoryEntry) -> None:
    """A report that came in is there, so what was split off is merged again with what it was
    split from: its number stays explained, and the figures count one."""
    other = find_other(act.session, entry)
    if other.version != 1:
        raise DeedRefused("", "too_late_to_undo")
    merged = perform(
        act.session, other.id, Merge(act.report), doer=act.doer, version=1, now=act.now
    )
    act.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.report_id == other.id, OutboxMessage.sequence == merged.sequence)
        .values(cancelled_at=act.now)
    )


def undo_holders(act: Act, entry: HistoryEntry) -> None:
    """Who got the report by the undone deed never had it; who lost it by it still has it."""
    for one in act.report.dispositions:
        if one.started_sequence == entry.sequence and one.ended_at is None:
            one.ended_at, one.ended_sequence = act.now, act.sequence
            one.end_reason, one.waiting = EndReason.UNDONE, False
        if one.is_responsible_now and FIRST_OF_HOLDER in entry.details:
            one.first_follow_up_at = one.says_nothing = None
    act.session.flush()  # the new holder ends before the old one is back: two at once cannot be
    for one in act.report.dispositions:
        if one.ended_sequence == entry.sequence:
            one.ended_at = one.ended_sequence = one.end_reason = None


def undo_holds(act: Act, entry: HistoryEntry) -> None:
    for hold in act.report.holds:
        if hold.started_sequence == entry.sequence:
            # A pause of no length: it stops no clock.
            hold.ended_at, hold.ended_sequence = hold.started_at, act.sequence
        elif hold.ended_sequence == entry.sequence:
            hold.ended_at = hold.ended_sequence = None
