"""Who stands in for an absent officer (Plt.): set for some days, over by itself.

A substitute acts under their own name, with the absent one's role and office, while that desk is
open in their browser. So nobody approves their own work by it, for a deed asks for its doer; and
what accuses the substitute's own office stays out of sight there too (`access.kin_of`).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session, joinedload

from lapor_web.models import LoginSession, Role, Substitution, User
from lapor_web.services import inspectors
from lapor_web.services.access import UNIT_BOUND, read_line, units_under
from lapor_web.services.sessions import hash_of_token

LONGEST = dt.timedelta(days=366)
STANDS_IN: dict[Role, frozenset[Role]] = {
    Role.LIAISON: UNIT_BOUND,
    Role.SUPERVISOR: UNIT_BOUND,
    Role.COORDINATOR: frozenset({Role.COORDINATOR}),
    Role.INSPECTOR: frozenset({Role.INSPECTOR}),
}
"""Whose work may be done by whom: nobody reads more than their kind may by standing in."""


class AbsenceRefused(Exception):
    """`field` says what, `code` why."""

    def __init__(self, field: str, code: str):
        super().__init__(field, code)
        self.field, self.code = field, code


@dataclass(frozen=True, slots=True)
class Wanted:
    absent: User
    substitute: User
    starts_on: dt.date
    ends_on: dt.date


def set_substitute(
    session: Session, setter: User, wanted: Wanted, *, today: dt.date, now: dt.datetime
) -> Substitution:
    """Raises AbsenceRefused."""
    if wanted.absent.id not in {one.id for one in may_be_set_absent(session, setter)}:
        raise AbsenceRefused("absent", "not_yours")
    if wanted.substitute.id not in {one.id for one in candidates(session, setter, wanted.absent)}:
        raise AbsenceRefused("substitute", "not_fit")
    if wanted.ends_on < max(wanted.starts_on, today):
        raise AbsenceRefused("ends_on", "over")
    if wanted.ends_on - wanted.starts_on > LONGEST:
        raise AbsenceRefused("ends_on", "too_long")
    # Two that are set at once wait for one another here.
    session.execute(select(User.id).where(User.id == wanted.absent.id).with_for_update())
    if _overlaps(session, wanted):
        raise AbsenceRefused("starts_on", "overlaps")
    row = Substitution(
        agency_id=setter.agency_id,
        absent_id=wanted.absent.id,
        substitute_id=wanted.substitute.id,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        set_by_id=setter.id,
        set_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _overlaps(session: Session, wanted: Wanted) -> bool:
    other = select(Substitution.id).where(
        Substitution.absent_id == wanted.absent.id,
        Substitution.ended_at.is_(None),
        Substitution.starts_on <= wanted.ends_on,
        Substitution.ends_on >= wanted.starts_on,
    )
    return session.scalar(other.limit(1)) is not None


def may_be_set_absent(session: Session, setter: User) -> Sequence[User]:
    """Oneself; for a supervisor those of the own units, for a coordinator everybody."""
    others: ColumnElement[bool] = User.id == setter.id
    if setter.role is Role.COORDINATOR:
        others = User.role.in_(STANDS_IN)
    elif setter.role is Role.SUPERVISOR:
        units = units_under(session, setter.opd_id)
        others = or_(others, and_(User.role.in_(UNIT_BOUND), User.opd_id.in_(units)))
    return _users(session, setter, and_(User.role.in_(STANDS_IN), others))


def candidates(session: Session, setter: User, absent: User) -> Sequence[User]:
    """Who may stand in: of the same office, above or under it; by a coordinator's word from any. Only
    its own for the Inspektorat, which reads what all others may not."""
    if absent.role not in STANDS_IN:
        return []
    fit = and_(User.role.in_(STANDS_IN[absent.role]), User.id != absent.id)
    from_any = setter.role is Role.COORDINATOR and not inspectors.is_theirs(absent)
    if not from_any and absent.opd_id is not None:
        line = read_line(session, absent.opd_id)
        fit = and_(fit, User.opd_id.in_((*line.under, *line.above)))
    found = _users(session, setter, fit)
    if inspectors.is_theirs(absent):
        return [one for one in found if inspectors.is_theirs(one)]
    return found


def _users(session: Session, setter: User, where: ColumnElement[bool]) -> Sequence[User]:
    return session.scalars(
        select(User)
        .where(User.agency_id == setter.agency_id, User.active, where)
        .order_by(User.name, User.id)
    ).all()


def list_substitutions(session: Session, user: User, today: dt.date) -> Sequence[Substitution]:
    """Those that are not over and concern the officer, or that they may set."""
    own = or_(Substitution.absent_id == user.id, Substitution.substitute_id == user.id)
    settable = [one.id for one in may_be_set_absent(session, user)]
    return session.scalars(
        select(Substitution)
        .where(
            Substitution.agency_id == user.agency_id,
            Substitution.ended_at.is_(None),
            Substitution.ends_on >= today,
            or_(own, Substitution.absent_id.in_(settable)),
        )
        .options(joinedload(Substitution.absent), joinedload(Substitution.substitute))
        .order_by(Substitution.starts_on, Substitution.id)
    ).all()


def end(session: Session, user: User, substitution_id: int, *, now: dt.datetime) -> bool:
    """Before its last day; by whoever may set it, or by the substitute. False where there is none."""
    row = session.get(Substitution, substitution_id)
    if row is None or row.agency_id != user.agency_id or row.ended_at is not None:
        return False
    settable = {one.id for one in may_be_set_absent(session, user)}
    if user.id != row.substitute_id and row.absent_id not in settable:
        return False
    row.ended_at, row.ended_by_id = now, user.id
    session.flush()
    return True


def end_all_of(session: Session, user: User, *, by: User | None, now: dt.datetime) -> None:
    """By them and for them, from now on."""
    session.execute(
        update(Substitution)
        .where(
            or_(Substitution.absent_id == user.id, Substitution.substitute_id == user.id),
            Substitution.ended_at.is_(None),
        )
        .values(ended_at=now, ended_by_id=by.id if by else None)
    )


def open_desk(session: Session, token: str, user: User, substitution_id: int | None) -> bool:
    """Of whom one stands in for, in this browser alone; None opens one's own again."""
    theirs = {one.substitution_id for one in user.stands_in_for}
    if substitution_id is not None and substitution_id not in theirs:
        return False
    session.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == hash_of_token(token))
        .values(substitution_id=substitution_id)
    )
    return True
