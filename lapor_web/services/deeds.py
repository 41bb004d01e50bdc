"""The one way to act on a report: a deed, allowed by the transition table, written into history.

A deed is a small frozen object that holds what its doer gave. `perform` locks the report, asks
the table and the access rules, lets the deed change what it changes, appends the row of history,
derives the deadlines and queues the message, all in the caller's transaction.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import Session

from lapor_web.models import (
    Action,
    HistoryEntry,
    MessageKind,
    NotAllowedForRole,
    Opd,
    OutboxMessage,
    Report,
    Role,
    Status,
    Target,
    Transition,
    User,
    find_transition,
)
from lapor_web.services import deadlines, notifications, snapshots
from lapor_web.services.access import acts_for_holder
from lapor_web.services.calendars import newest_calendar
from lapor_web.services.events import REPORTS, announce
from lapor_web.services.placeholders import left_open

FINAL = "final"
"""In the details of a row that no undo takes back."""
OVERTAKES_NOBODY = "overtakes_nobody"
"""In the details of a row that changes nothing of what whoever is writing has read."""
UNDO_WINDOW = dt.timedelta(seconds=60)
"""How long a deed can be undone, and how long its message waits, without the script."""


@dataclass(frozen=True, slots=True)
class Doer:
    """Who acts: an officer, or the reporter or the system, who have no account."""

    role: Role
    user: User | None = None

    @classmethod
    def officer(cls, user: User) -> "Doer":
        return cls(user.role, user)


REPORTER = Doer(Role.REPORTER)
SYSTEM = Doer(Role.SYSTEM)


class Overtaken(Exception):
    """Somebody acted on the report since it was read (409); `by` is their row of history."""

    def __init__(self, by: HistoryEntry):
        super().__init__(by.action, by.at)
        self.by = by


class DeedRefused(Exception):
    """What was given does not do (422): `field` says what, `code` why; labels has the sentence."""

    def __init__(self, field: str, code: str):
        super().__init__(field, code)
        self.field, self.code = field, code


@dataclass(slots=True)
class Told:
    """What a deed leaves in the history beside the move itself."""

    text: str = ""
    visible: bool = False
    """Whether the reporter reads `text`."""
    opd: Opd | None = None
    """The office the row is about; the one that holds the report where nothing is said."""
    details: dict[str, Any] = field(default_factory=dict)
    undoes: int | None = None
    undoable: bool = True
    """Whether it can be taken back at all: who has seen a name has seen it."""


@dataclass(slots=True)
class Act:
    """A deed while it is being done."""

    session: Session
    report: Report
    doer: Doer
    now: dt.datetime
    sequence: int
    """The place that the row of history will have."""
    from_status: Status
    to_status: Status


class Deed(Protocol):
    """What `perform` asks of a deed. `change` may raise DeedRefused; it never touches `status`."""

    action: ClassVar[Action]

    def change(self, act: Act) -> Told: ...


def perform(
    session: Session,
    report_id: int,
    deed: Deed,
    *,
    doer: Doer,
    version: int,
    now: dt.datetime,
    undo_window: dt.timedelta = UNDO_WINDOW,
) -> HistoryEntry:
    """Do it, or raise and change nothing that the caller commits.

    `version` is the one that the doer read. Raises Overtaken when it is no longer the newest,
    NotAllowedForRole or NotFromThisStatus as the table says, DeedRefused for what is missing.
    """
    report = lock(session, report_id)
    transition = allow(session, report, deed.action, doer=doer, version=version)
    for need in transition.needs:
        if getattr(deed, need) in (None, ""):
            raise DeedRefused(need, "missing")
    if doer.user is not None and (open_field := left_open(deed, deed.action)):
        raise DeedRefused(open_field, "placeholder")
    act = Act(
        session,
        report,
        doer,
        now,
        sequence=report.version + 1,
        from_status=report.status,
        to_status=next_status(session, report, transition),
    )
    with session.begin_nested():  # a deed that is refused halfway leaves nothing half-changed
        entry = carry_out(act, deed)
        tell(act, entry, not_before=now + undo_window)
    announce(session, REPORTS)
    return entry


def carry_out(act: Act, deed: Deed) -> HistoryEntry:
    before = snapshots.take(act.report)
    # A half-changed report breaks the table's own checks; it is written when all of it is changed.
    with act.session.no_autoflush:
        told = deed.change(act)
        entry = record(act, deed.action, told)
        entry.details |= {"before": snapshots.changed_since(before, act.report)}
        if not told.undoable:
            entry.details |= {FINAL: True}
        deadlines.derive(act.session, act.report)
    return entry


def lock(session: Session, report_id: int) -> Report:
    """The report as it is now, held until the transaction ends: whoever comes next waits."""
    return session.scalars(
        select(Report)
        .where(Report.id == report_id)
        .with_for_update(of=Report)
        .execution_options(populate_existing=True)
    ).one()


def allow(
    session: Session, report: Report, action: Action, *, doer: Doer, version: int
) -> Transition:
    """The row of the table that allows it now. Raises as `perform` does."""
    if version != report.version and (faster := overtaken_by(session, report, version)):
        raise Overtaken(faster)
    transition = find_transition(action, report.status, doer.role)
    if doer.user and not acts_for_holder(session, doer.user, report, action):
        raise NotAllowedForRole(action, doer.role)
    return transition


def overtaken_by(session: Session, report: Report, version: int) -> HistoryEntry | None:
    """The newest row that whoever read `version` does not know of. A rung of the ladder changes
    nothing that they read, and costs nobody a second try."""
    if version > report.version:
        return latest(session, report)
    return session.scalars(
        select(HistoryEntry)
        .where(
            HistoryEntry.report_id == report.id,
            HistoryEntry.sequence > version,
            HistoryEntry.action != Action.ESCALATE,
            ~HistoryEntry.details.has_key(OVERTAKES_NOBODY),
        )
        .order_by(HistoryEntry.sequence.desc())
        .limit(1)
    ).one_or_none()


def latest(session: Session, report: Report) -> HistoryEntry:
    return session.get_one(HistoryEntry, (report.id, report.version))


def record(act: Act, action: Action, told: Told) -> HistoryEntry:
    """Append the row of history and go where it leads."""
    report, user = act.report, act.doer.user
    opd = told.opd or report.holder
    entry = HistoryEntry(
        report_id=report.id,
        sequence=act.sequence,
        previous=report.version,
        action=action,
        from_status=act.from_status,
        to_status=act.to_status,
        role=act.doer.role,
        user_id=user.id if user else None,
        doer_name=user.name if user else "",
        opd_id=opd.id if opd else None,
        opd_name=opd.name if opd else "",
        text=told.text,
        visible=told.visible,
        details=told.details,
        undoes=told.undoes,
        at=act.now,
    )
    act.session.add(entry)
    report.version, report.status = entry.sequence, entry.to_status
    if report.calendar_id is None:
        report.calendar_id = newest_calendar(act.session, report.agency_id)
    return entry


def next_status(session: Session, report: Report, transition: Transition) -> Status:
    match transition.target:
        case Status() as status:
            return status
        case Target.SAME:
            return report.status
        case Target.BEFORE_HOLD:
            return report.status_before_hold or Status.UNVERIFIED
        case Target.APPROVAL_OR_REPORTER:
            waits = report.holder is not None and report.holder.needs_approval
            return Status.AWAITING_APPROVAL if waits else Status.AWAITING_REPORTER
        case Target.BEFORE_UNDONE:
            return latest(session, report).from_status or report.status


def tell(act: Act, entry: HistoryEntry, *, not_before: dt.datetime) -> None:
    """The reporter and the officers concerned, once it can no longer be undone."""
    queue_message(act, entry.action, not_before=not_before)
    notifications.tell_officers(act.session, act.report, entry, not_before=not_before)
    if act.doer.user is not None:
        # What many reporters or the clock do is found by the worker's own round.
        notifications.wake(act.session, not_before)


TOLD_BY_MESSAGE = {
    Action.VERIFY: MessageKind.FORWARDED,
    Action.REASSIGN: MessageKind.FORWARDED,
    Action.FOLLOW_UP: MessageKind.ANSWERED,
    Action.HOLD: MessageKind.NEEDS_COMPLETION,
    Action.PROPOSE: MessageKind.COMPLETION_PROPOSED,
    Action.APPROVE: MessageKind.COMPLETION_PROPOSED,
    Action.CONFIRM: MessageKind.FINISHED,
    Action.FINISH: MessageKind.FINISHED,
    Action.REOPEN: MessageKind.REOPENED,
    Action.OUTSIDE_AUTHORITY: MessageKind.OUTSIDE_AUTHORITY,
    Action.ARCHIVE: MessageKind.ARCHIVED,
    Action.EXPIRE: MessageKind.ARCHIVED,
    Action.MERGE: MessageKind.MERGED,
    Action.SPLIT: MessageKind.SPLIT,
}


NOT_FOR_FOLLOWERS = frozenset({MessageKind.NEEDS_COMPLETION, MessageKind.SPLIT})
"""What only whoever sent the report can do something about."""


def tell_followers(act: Act, kind: MessageKind, *, not_before: dt.datetime) -> None:
    """Whoever joined the report, or was merged with it, hears what everybody may read of it."""
    if kind in NOT_FOR_FOLLOWERS or not act.report.is_published:
        return
    columns = ["agency_id", "report_id", "sequence", "about_id", "kind", "not_before", "created_at"]
    joined = select(
        Report.agency_id,
        Report.id,
        literal(act.sequence),
        literal(act.report.id),
        literal(kind, OutboxMessage.kind.type),
        literal(not_before, OutboxMessage.not_before.type),
        literal(act.now, OutboxMessage.created_at.type),
    ).where(Report.parent_id == act.report.id)
    act.session.execute(insert(OutboxMessage).from_select(columns, joined))


def queue_message(act: Act, action: Action, *, not_before: dt.datetime) -> None:
    """Tell the reporter, after the undo window. A proposal tells nothing until it is approved."""
    kind = TOLD_BY_MESSAGE.get(action)
    if kind is None or act.to_status is Status.AWAITING_APPROVAL or act.report.imported:
        return
    if act.doer.role is Role.REPORTER and action is Action.MERGE:
        return  # they chose it a moment ago
    if action is not Action.EXPIRE:  # their reports are released, and they are told of that
        tell_followers(act, kind, not_before=not_before)
    act.session.add(
        OutboxMessage(
            agency_id=act.report.agency_id,
            report_id=act.report.id,
            sequence=act.sequence,
            kind=kind,
            not_before=not_before,
            created_at=act.now,
        )
    )
