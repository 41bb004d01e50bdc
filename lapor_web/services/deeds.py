"""The one way to move a report: by a row of the transition table, into its history."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lapor_web.models import (
    Action,
    HistoryEntry,
    Report,
    Role,
    Status,
    Target,
    Transition,
    User,
    find_transition,
)


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


def lock(session: Session, report_id: int) -> Report:
    """The report as it is now, held until the transaction ends: whoever comes next waits."""
    return session.scalars(
        select(Report)
        .where(Report.id == report_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def move(
    report: Report,
    action: Action,
    *,
    doer: Doer,
    version: int,
    now: dt.datetime,
    text: str = "",
    visible: bool = False,
    details: dict[str, Any] | None = None,
) -> HistoryEntry:
    """Append the next row of history and go where it leads. Take the report from `lock`.

    `version` is the one that the doer read. Raises Overtaken when it is no longer the newest,
    else NotAllowedForRole or NotFromThisStatus as `find_transition` does.
    """
    if version != report.version:
        raise Overtaken(report.history[-1])
    transition = find_transition(action, report.status, doer.role)
    entry = HistoryEntry(
        sequence=report.version + 1,
        previous=report.version,
        action=action,
        from_status=report.status,
        to_status=next_status(report, transition),
        role=doer.role,
        user_id=doer.user.id if doer.user else None,
        doer_name=doer.user.name if doer.user else "",
        text=text,
        visible=visible,
        details=details or {},
        at=now,
    )
    report.history.append(entry)
    report.version, report.status = entry.sequence, entry.to_status
    return entry


def next_status(report: Report, transition: Transition) -> Status:
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
            return report.history[-1].from_status or report.status
