"""Looking behind an anonymous report: with a reason, and never without a trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lapor_web.models import Action, IdentityReveal, Opd, Report, ReporterIdentity, User
from lapor_web.services import identity
from lapor_web.services.access import not_accusing
from lapor_web.services.deeds import Act, Told
from lapor_web.services.identity import Identity
from lapor_web.services.keys import Keys


@dataclass(frozen=True, slots=True)
class RevealIdentity:
    """Writes the trace; the caller reads the identity in the same transaction."""

    action: ClassVar[Action] = Action.REVEAL_IDENTITY

    reason: str

    def change(self, act: Act) -> Told:
        assert act.doer.user is not None  # noqa: S101  the table names officers only
        leave_trace(act, act.doer.user, self.reason)
        return Told(text=self.reason, undoable=False)


def leave_trace(act: Act, officer: User, reason: str) -> None:
    act.session.add(
        IdentityReveal(report_id=act.report.id, user_id=officer.id, reason=reason, at=act.now)
    )


def read_identity(session: Session, report: Report, *, keys: Keys) -> Identity | None:
    """None where nobody left a name, or where it was erased. Who may ask is the caller's business."""
    row = session.get(ReporterIdentity, report.id)
    if row is None or row.sealed is None:
        return None
    return identity.open_sealed(row, keys=keys)


REVEALS_A_PAGE = 50


def list_reveals(
    session: Session,
    auditor: User,
    kin: Sequence[int],
    scope: ColumnElement[bool],
    *,
    page: int,
) -> tuple[list[Any], bool]:
    """A page of traces with who and which report, the newest first, and whether there are older
    ones. Of all reports but those about the auditor or their office; `seen` where they may read it."""
    rows = session.execute(
        select(
            IdentityReveal.at,
            IdentityReveal.reason,
            User.name,
            User.role,
            Opd.short_name.label("office"),
            Report.number,
            scope.label("seen"),
        )
        .join(Report, Report.id == IdentityReveal.report_id)
        .join(User, User.id == IdentityReveal.user_id)
        .outerjoin(Opd, Opd.id == User.opd_id)
        .where(Report.agency_id == auditor.agency_id, not_accusing(auditor, kin))
        .order_by(IdentityReveal.id.desc())
        .limit(REVEALS_A_PAGE + 1)
        .offset((page - 1) * REVEALS_A_PAGE)
    ).all()
    return list(rows[:REVEALS_A_PAGE]), len(rows) > REVEALS_A_PAGE
