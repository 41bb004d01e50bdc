"""Officers are told of a report: a row of the outbox for each, in the transaction of the move.

Only who may see the report is told of it, whatever their role: nobody learns from a message that
there is something they may not know of.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from lapor_web.models import MessageKind, Opd, OutboxMessage, Report, Role, User
from lapor_web.services.access import visible_to
from lapor_web.services.notifications import mentioned, substitutes_of
from lapor_web.services.working_days import wita_date


def officers_of_office(session: Session, report: Report, *roles: Role) -> list[User]:
    """Of the office that holds it; of the nearest above it where that has none."""
    opd = report.holder
    while opd is not None:
        if found := _who_may_see(session, report, roles, User.opd_id == opd.id):
            return found
        opd = session.get(Opd, opd.parent_id) if opd.parent_id else None
    return []


def officers_of_city(session: Session, report: Report, *roles: Role) -> list[User]:
    return _who_may_see(session, report, roles, true())


def _who_may_see(
    session: Session, report: Report, roles: Sequence[Role], where: ColumnElement[bool]
) -> list[User]:
    users = session.scalars(
        select(User)
        .where(User.agency_id == report.agency_id, User.role.in_(roles), User.active, where)
        .order_by(User.id)
    ).all()
    return [user for user in users if may_see(session, report, user)]


def officers_named(session: Session, agency_id: int, text: str) -> list[User]:
    """Whom a note names by their user names; what nobody bears is no name."""
    names = mentioned(text)
    if not names:
        return []
    named = select(User).where(User.agency_id == agency_id, User.active, User.username.in_(names))
    return list(session.scalars(named.order_by(User.name, User.id)))


def stand_ins_of(session: Session, officers: Iterable[User], today: dt.date) -> list[User]:
    """Who does the work of those who are absent."""
    absent = [officer.id for officer in officers]
    stand_ins = select(User).where(User.id.in_(substitutes_of(absent, today)), User.active)
    return list(session.scalars(stand_ins.order_by(User.name, User.id)))


def may_see(session: Session, report: Report, user: User) -> bool:
    seen = select(Report.id).where(Report.id == report.id, visible_to(session, user))
    return session.scalar(seen) is not None


def tell(
    session: Session,
    report: Report,
    users: Iterable[User],
    kind: MessageKind,
    *,
    sequence: int,
    not_before: dt.datetime,
    now: dt.datetime,
) -> int:
    """How many were told, each once whatever list they stand in twice; whoever stands in for one of
    them too."""
    told = {user.id for user in users}
    told.update(session.scalars(substitutes_of(told, wita_date(now))))
    session.add_all(
        OutboxMessage(
            agency_id=report.agency_id,
            report_id=report.id,
            sequence=sequence,
            user_id=user_id,
            kind=kind,
            not_before=not_before,
            created_at=now,
        )
        for user_id in sorted(told)
    )
    return len(told)
