"""The file of one report for the Ombudsman: on which ground it may be made, and who had it made.

Only with the reporter's consent, or once the escalation ladder has come to its last rung
(domain.md, People and Clocks). Who made it is kept for good.
"""

import datetime as dt

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lapor_web.models import (
    BundleBasis,
    Escalation,
    HistoryEntry,
    OmbudsmanBundle,
    Report,
    Role,
    Rung,
    User,
)
from lapor_web.services.access import visible_to

MAKES = frozenset({Role.COORDINATOR, Role.OMBUDSMAN})


def find_report(session: Session, user: User, number: str) -> Report | None:
    """Of the officer's own scope."""
    return session.scalar(select(Report).where(Report.number == number, visible_to(session, user)))


def basis_of(session: Session, report: Report) -> BundleBasis | None:
    """None where it may not be made, or not yet."""
    if report.ombudsman_consent_at is not None:
        return BundleBasis.CONSENT
    climbed = (HistoryEntry.report_id == Escalation.report_id) & (
        HistoryEntry.sequence == Escalation.sequence
    )
    last_rung = exists().where(
        climbed,
        ~HistoryEntry.undone,
        Escalation.report_id == report.id,
        Escalation.rung.in_((Rung.OMBUDSMAN_READY, Rung.OMBUDSMAN)),
    )
    return BundleBasis.ESCALATED if session.scalar(select(last_rung)) else None


def leave_trace(
    session: Session, report: Report, user: User, basis: BundleBasis, *, now: dt.datetime
) -> None:
    session.add(OmbudsmanBundle(report_id=report.id, user_id=user.id, basis=basis, at=now))


def traces_of(session: Session, report: Report) -> list[OmbudsmanBundle]:
    """Newest first."""
    made = select(OmbudsmanBundle).where(OmbudsmanBundle.report_id == report.id)
    return list(session.scalars(made.order_by(OmbudsmanBundle.id.desc())))
