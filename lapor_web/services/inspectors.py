"""Accounts that open what the Inspektorat alone reads: once one inspector can come in, it keeps them itself.

Coordinators keep all other accounts, and reports about this service or about one of them are hidden from
coordinators. Whoever could invite an inspector, or make a link for one, would read them all the same.
"""

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from lapor_web.models import Invitation, NoticeSettings, Opd, Role, User
from lapor_web.models.opd import INSPECTORATE


def is_theirs(user: User) -> bool:
    """By role, or by office: whoever works for the Inspektorat reads what it holds."""
    return user.role is Role.INSPECTOR or (user.opd is not None and user.opd.kind == INSPECTORATE)


def keep_their_own(session: Session, agency_id: int) -> bool:
    """Whether one of them can come in. Until then a coordinator lets the first one in."""
    inspector = select(User.id).where(
        User.agency_id == agency_id,
        User.role == Role.INSPECTOR,
        User.active,
        User.password_hash.is_not(None),
    )
    return session.scalar(inspector.limit(1)) is not None


def may_keep(session: Session, keeper: User | None, user: User) -> bool:
    """Whether the account, as it is, is one for them to change or to make a link for. A closed one opens
    nothing: who leaves the Inspektorat is given other work by a coordinator. None is the server's owner."""
    if keeper is None:
        return True
    if keeper.role is Role.INSPECTOR:
        return is_theirs(user)
    opens = is_theirs(user) and user.active
    return not (opens and keep_their_own(session, keeper.agency_id))


def begin_to_keep(session: Session, first: User) -> None:
    """The first inspector can come in: what was made ready for others of the Inspektorat lets nobody in.
    Their links are void, and so are the addresses to which those without a password could ask for one."""
    others = (
        select(User.id)
        .outerjoin(Opd, Opd.id == User.opd_id)
        .where(
            User.agency_id == first.agency_id,
            User.id != first.id,
            or_(User.role == Role.INSPECTOR, Opd.kind == INSPECTORATE),
        )
    )
    session.execute(delete(Invitation).where(Invitation.user_id.in_(others)))
    never_in = others.where(User.password_hash.is_(None))
    session.execute(delete(NoticeSettings).where(NoticeSettings.user_id.in_(never_in)))
