"""The life of a report as data: who may do what, from which status, leading where.

This one table drives the model, the buttons, the addresses and the tests.
"""

import enum
from dataclasses import dataclass

from lapor_web.models.report import Status
from lapor_web.models.user import Role


class Action(enum.StrEnum):
    SUBMIT = "submit"
    IMPORT = "import"
    # the coordinator
    VERIFY = "verify"
    HOLD = "hold"
    OUTSIDE_AUTHORITY = "outside_authority"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SPLIT = "split"
    REASSIGN = "reassign"
    EDIT = "edit"
    TRANSFER = "transfer"
    # the OPD
    FOLLOW_UP = "follow_up"
    RETURN = "return"
    PROPOSE = "propose"
    ASSIGN = "assign"
    ASK_TIME = "ask_time"
    PROMISE = "promise"
    COMMIT = "commit"
    # its supervisor
    APPROVE = "approve"
    REJECT = "reject"
    GRANT_TIME = "grant_time"
    # several
    COMPLETE = "complete"
    REOPEN = "reopen"
    NOTE = "note"
    REVEAL_IDENTITY = "reveal_identity"
    SETTLE_MESSAGE = "settle_message"
    UNDO = "undo"
    # the reporter
    REPLY = "reply"
    CONFIRM = "confirm"
    OBJECT = "object"
    RATE = "rate"
    WITHDRAW = "withdraw"
    ERASE = "erase"
    CONSENT_OMBUDSMAN = "consent_ombudsman"
    CHANGE_CONTACT = "change_contact"
    # the clock
    FINISH = "finish"
    EXPIRE = "expire"
    ESCALATE = "escalate"


class Target(enum.StrEnum):
    """Next states that depend on the report."""

    SAME = "same"
    BEFORE_HOLD = "before_hold"
    APPROVAL_OR_REPORTER = "approval_or_reporter"
    """`awaiting_reporter` at once where the OPD has no supervisor account."""
    BEFORE_UNDONE = "before_undone"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: `action` by one of `doers`, allowed in `sources`, needs `needs`, leads to `target`."""

    action: Action
    sources: frozenset[Status]
    target: Status | Target
    doers: frozenset[Role]
    needs: tuple[str, ...] = ()


class NotAllowedForRole(Exception):
    """No row of the table lets this role do this at all (403)."""


class NotFromThisStatus(Exception):
    """The role may, but not in the status the report has now (409)."""


S = Status
ANY = frozenset(Status)
HANDLED = frozenset({S.FORWARDED, S.IN_PROCESS, S.AWAITING_APPROVAL, S.AWAITING_REPORTER})
WORKED_ON = frozenset({S.FORWARDED, S.IN_PROCESS})
OPEN = HANDLED | {S.UNVERIFIED, S.ON_HOLD}
CLOSED = frozenset({S.ARCHIVED, S.OUTSIDE_AUTHORITY})
"""By an answer that its reporter may object to."""
OFFICES_TURN = frozenset({S.UNVERIFIED, S.FORWARDED, S.IN_PROCESS, S.AWAITING_APPROVAL})
"""An officer has to act. While the reporter has to, no office is late."""

COORDINATOR = frozenset({Role.COORDINATOR})
# The Inspektorat does a liaison's deeds for reports that it holds itself.
HANDLER = frozenset({Role.LIAISON, Role.INSPECTOR})
SUPERVISOR = frozenset({Role.SUPERVISOR})
REPORTER = frozenset({Role.REPORTER})
SYSTEM = frozenset({Role.SYSTEM})
NOTE_TAKERS = frozenset(
    {Role.COORDINATOR, Role.LIAISON, Role.SUPERVISOR, Role.INSPECTOR, Role.LEADER}
)


def _row(
    action: Action,
    sources: frozenset[Status] | Status,
    target: Status | Target,
    doers: frozenset[Role],
    *needs: str,
) -> Transition:
    states = frozenset({sources}) if isinstance(sources, Status) else sources
    return Transition(action, states, target, doers, needs)


A, T = Action, Target
TRANSITIONS: tuple[Transition, ...] = (
    _row(A.VERIFY, S.UNVERIFIED, S.FORWARDED, COORDINATOR, "title", "classification", "opd"),
    _row(A.HOLD, WORKED_ON | {S.UNVERIFIED}, S.ON_HOLD, COORDINATOR, "reason"),
    _row(A.OUTSIDE_AUTHORITY, OPEN, S.OUTSIDE_AUTHORITY, COORDINATOR, "belongs_to"),
    _row(A.ARCHIVE, OPEN, S.ARCHIVED, COORDINATOR, "archive_reason"),
    _row(A.UNARCHIVE, S.ARCHIVED, S.UNVERIFIED, COORDINATOR, "reason"),
    _row(A.MERGE, OPEN, S.MERGED, COORDINATOR, "parent"),
    _row(A.UNMERGE, S.MERGED, S.UNVERIFIED, COORDINATOR, "reason"),
    _row(A.SPLIT, OPEN, T.SAME, COORDINATOR, "story", "place"),
    _row(A.REASSIGN, HANDLED, S.FORWARDED, COORDINATOR, "opd", "reason"),
    _row(A.EDIT, ANY, T.SAME, COORDINATOR),
    # Its office became part of another: nothing but the office is another.
    _row(A.TRANSFER, HANDLED | {S.ON_HOLD}, T.SAME, COORDINATOR, "opd", "reason"),
    _row(A.FOLLOW_UP, WORKED_ON, S.IN_PROCESS, HANDLER, "text"),
    _row(A.RETURN, WORKED_ON, S.UNVERIFIED, HANDLER, "reason"),
    _row(A.PROPOSE, WORKED_ON, T.APPROVAL_OR_REPORTER, HANDLER, "text", "outcome"),
    _row(A.ASSIGN, HANDLED, T.SAME, HANDLER | SUPERVISOR | COORDINATOR, "assignee"),
    _row(A.ASK_TIME, WORKED_ON, T.SAME, HANDLER, "reason", "until"),
    _row(A.GRANT_TIME, WORKED_ON, T.SAME, SUPERVISOR),
    _row(A.PROMISE, WORKED_ON, T.SAME, HANDLER, "promised_on"),
    # What an office says in a meeting, the coordinator writes down.
    _row(A.COMMIT, HANDLED - {S.AWAITING_REPORTER}, T.SAME, COORDINATOR, "promised_on"),
    _row(A.APPROVE, S.AWAITING_APPROVAL, S.AWAITING_REPORTER, SUPERVISOR),
    _row(A.REJECT, S.AWAITING_APPROVAL, S.IN_PROCESS, SUPERVISOR, "reason"),
    _row(A.COMPLETE, S.ON_HOLD, T.BEFORE_HOLD, REPORTER | COORDINATOR, "text"),
    _row(A.REOPEN, S.FINISHED, S.IN_PROCESS, REPORTER | COORDINATOR, "reason"),
    _row(A.NOTE, ANY, T.SAME, NOTE_TAKERS, "text"),
    # The Ombudsman only of a reporter who consented; `services.access` asks for that.
    _row(A.REVEAL_IDENTITY, ANY, T.SAME, COORDINATOR | {Role.INSPECTOR, Role.OMBUDSMAN}, "reason"),
    _row(A.SETTLE_MESSAGE, ANY, T.SAME, COORDINATOR | {Role.INSPECTOR}),
    _row(A.UNDO, ANY, T.BEFORE_UNDONE, COORDINATOR | HANDLER | SUPERVISOR),
    _row(A.REPLY, OPEN, T.SAME, REPORTER, "text"),
    _row(A.CONFIRM, S.AWAITING_REPORTER, S.FINISHED, REPORTER),
    _row(A.OBJECT, S.AWAITING_REPORTER, S.IN_PROCESS, REPORTER, "reason"),
    _row(
        A.OBJECT,
        # Of a merged one, when that befell the report that it hangs on.
        CLOSED | {S.MERGED},
        S.UNVERIFIED,
        REPORTER,
        "reason",
    ),
    _row(A.RATE, S.FINISHED, T.SAME, REPORTER, "rating"),
    _row(A.WITHDRAW, OPEN | {S.MERGED}, S.ARCHIVED, REPORTER),
    _row(A.ERASE, ANY, T.SAME, REPORTER),
    _row(A.CONSENT_OMBUDSMAN, HANDLED, T.SAME, REPORTER),
    _row(A.CHANGE_CONTACT, ANY, T.SAME, REPORTER),
    # "Ya, ikut laporan itu"; and when that one ends by its reporter, theirs is looked at by itself.
    _row(A.MERGE, S.UNVERIFIED, S.MERGED, REPORTER, "parent"),
    _row(A.UNMERGE, S.MERGED, S.UNVERIFIED, SYSTEM, "reason"),
    # A report about whoever runs this service goes straight to the Inspektorat.
    _row(A.VERIFY, S.UNVERIFIED, S.FORWARDED, SYSTEM, "opd"),
    _row(A.FINISH, S.AWAITING_REPORTER, S.FINISHED, SYSTEM),
    _row(A.EXPIRE, S.ON_HOLD, S.ARCHIVED, SYSTEM),
    _row(A.ESCALATE, OFFICES_TURN, T.SAME, SYSTEM, "rung"),
)


def find_transition(action: Action, status: Status, role: Role) -> Transition:
    """The row that allows it. Raises NotAllowedForRole, or else NotFromThisStatus."""
    rows = [row for row in TRANSITIONS if row.action is action and role in row.doers]
    if not rows:
        raise NotAllowedForRole(action, role)
    for row in rows:
        if status in row.sources:
            return row
    raise NotFromThisStatus(action, status)


def actions_for(status: Status, role: Role) -> list[Action]:
    """What the role may do in this status, in the order of the table."""
    return [row.action for row in TRANSITIONS if role in row.doers and status in row.sources]
