"""Looking behind an anonymous report: with a reason, and never without a trace."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.orm import Session

from lapor_web.models import Action, IdentityReveal, Report, ReporterIdentity, User
from lapor_web.services import identity
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
