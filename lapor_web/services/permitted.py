"""What an officer may do with a report now: the table, the holder, and what surely is refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lapor_web.models import Action, HistoryEntry, Report, Role, User, actions_for
from lapor_web.services.access import handles, line_of

KNOWS_REPORTERS = frozenset({Role.COORDINATOR, Role.LIAISON, Role.INSPECTOR})
"""Who works with reporters, and so reads the name of one who did not hide it."""


@dataclass(frozen=True, slots=True)
class Rights:
    actions: tuple[Action, ...]
    """In the order of the table. Taking back is not among them: it hangs on the clock."""
    knows_reporter: bool
    """Without a reveal. Never of an anonymous report, never of one about conduct."""


def rights(session: Session, user: User, report: Report) -> Rights:
    """`rights_at` for whoever has not asked for the officer's units."""
    return rights_at(line_of(session, user).under, user, report)


def rights_at(units: Sequence[int], user: User, report: Report) -> Rights:
    """Reads the loaded history; the deed itself has the last word."""

    def may(action: Action) -> bool:
        for_office = handles(user, report, action, units)
        return for_office and not (action in REFUSED and REFUSED[action](user, report))

    in_table = actions_for(report.status, user.role)
    hidden = report.anonymous or report.about_conduct or report.about_service
    return Rights(
        actions=tuple(one for one in in_table if one is not Action.UNDO and may(one)),
        # A unit that only does the work for the holder is not told who asked for it.
        knows_reporter=handles(user, report, Action.RETURN, units)
        and not hidden
        and user.role in KNOWS_REPORTERS,
    )


def newest(report: Report, action: Action) -> HistoryEntry | None:
    """The newest row of that kind which was not undone."""
    rows = (row for row in reversed(report.history) if row.action is action and not row.undone)
    return next(rows, None)


def _is_own(user: User, report: Report, action: Action) -> bool:
    row = newest(report, action)
    return row is not None and row.user_id == user.id


# What the deed itself would refuse, so that no button leads there.
REFUSED: dict[Action, Callable[[User, Report], bool]] = {
    Action.APPROVE: lambda user, report: _is_own(user, report, Action.PROPOSE),
    Action.ASSIGN: lambda user, report: report.holder_opd_id is None,
    Action.ASK_TIME: lambda user, report: report.time_asked_until is not None,
    Action.GRANT_TIME: lambda user, report: (
        report.time_asked_until is None
        or report.time_granted is not None
        or _is_own(user, report, Action.ASK_TIME)
    ),
    Action.REOPEN: lambda user, report: report.holder_opd_id is None,
    Action.RETURN: lambda user, report: report.about_service,
    Action.REVEAL_IDENTITY: lambda user, report: (
        user.role is Role.OMBUDSMAN and report.ombudsman_consent_at is None
    ),
}
