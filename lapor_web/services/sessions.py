"""Signed-in browsers: each is a row, and without its row a cookie is worthless.

Rows also go by themselves: a trigger (migration 0003) deletes them whenever an account's role,
OPD, password or `active` changes, whoever changes it.
"""

import datetime as dt
import hashlib
import secrets
from typing import Any

from sqlalchemy import BigInteger, Date, bindparam, delete, func, select, text
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import set_committed_value

from lapor_web.models import LoginSession, Opd, Role, Substitution, User
from lapor_web.models.user import Line, StandIn
from lapor_web.services.access import line_around
from lapor_web.services.kept_statement import KeptStatement
from lapor_web.services.loaded_objects import LoadedColumns
from lapor_web.services.working_days import wita_date

LIFETIME = dt.timedelta(hours=12)
"""From signing in, whatever is done meanwhile: a working day, and no write while reading."""
LONGEST = dt.timedelta(hours=24)
"""From signing in, however often somebody asked to stay."""


def hash_of_token(token: str) -> bytes:
    """Tokens are 256 random bits, so a plain hash is enough to keep them out of the database."""
    return hashlib.sha256(token.encode()).digest()


def open_session(session: Session, user: User, now: dt.datetime) -> str:
    """The token that the browser keeps; only its hash is stored."""
    token = secrets.token_urlsafe(32)
    session.execute(
        delete(LoginSession).where(LoginSession.user_id == user.id, LoginSession.expires_at <= now)
    )
    session.add(
        LoginSession(
            token_hash=hash_of_token(token),
            user_id=user.id,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    user.signed_in_at = now
    session.flush()
    return token


def find_user(session: Session, token: str, now: dt.datetime) -> User | None:
    """Whose browser this is, and for whom they stand in: one query, for every page of an officer
    asks it. Where another's desk is open, a copy of the row that acts with that one's role."""
    rows = _SIGNED_IN.ask(
        session, {"token_hash": hash_of_token(token), "now": now, "today": wita_date(now)}
    )
    if not rows:
        return None
    office_name, *beside = rows[0][len(_USER.names) :]
    user, _ = _USER.object_of(session, rows[0])
    user.__dict__["_office"] = (user.opd_id, office_name)
    return _as_officer(session, user, *beside)


def find_officer(
    session: Session, user_id: int, substitution_id: int | None, now: dt.datetime
) -> User | None:
    """As `find_user`, for work that an officer asked for: with the desk that was open then, where
    they still stand in for its owner."""
    values = {"user_id": user_id, "chosen": substitution_id, "today": wita_date(now)}
    row = session.execute(_OFFICER, values).one_or_none()
    return _as_officer(session, *row) if row else None


def desks_of(session: Session, user_id: int, now: dt.datetime) -> list[User]:
    """The officer at their own desk, then at each of those whom they stand in for today: for what
    is told to them without their asking. Empty where the account is closed."""
    own = find_officer(session, user_id, None, now)
    if own is None:
        return []
    return [own, *(_at_the_desk_of(session, own, one) for one in own.stands_in_for)]


def _as_officer(
    session: Session,
    user: User,
    chosen: int | None,
    stand_ins: list[Any],
    under: list[int],
    above: list[int],
) -> User:
    user.__dict__["_line"] = Line(tuple(under), tuple(above))
    known = tuple(StandIn(id, who, name, Role(role), opd) for id, who, name, role, opd in stand_ins)
    user.__dict__["_stands_in_for"] = known
    acts_for = next((one for one in known if one.substitution_id == chosen), None)
    return _at_the_desk_of(session, user, acts_for) if acts_for else user


def _at_the_desk_of(session: Session, user: User, absent: StandIn) -> User:
    """In no session: what is changed of it, nobody writes."""
    acting = User(
        id=user.id,
        agency_id=user.agency_id,
        username=user.username,
        name=f"{user.name} (Plt. {absent.name})",
        role=absent.role,
        opd_id=absent.opd_id,
        active=True,
        shortcuts=user.shortcuts,
        created_at=user.created_at,
    )
    opd = session.get(Opd, absent.opd_id) if absent.opd_id else None
    set_committed_value(acting, "opd", opd)
    acting.__dict__ |= {
        "_stands_in_for": user.stands_in_for,
        "_own_opd_id": user.opd_id,
        "_acts_for": absent,
    }
    return acting


_ABSENT = aliased(User)
_STAND_INS = (
    select(
        func.coalesce(
            func.jsonb_agg(
                func.jsonb_build_array(
                    Substitution.id, _ABSENT.id, _ABSENT.name, _ABSENT.role, _ABSENT.opd_id
                )
            ),
            text("'[]'::jsonb"),
        )
    )
    .select_from(Substitution)
    .join(_ABSENT, _ABSENT.id == Substitution.absent_id)
    .where(
        Substitution.substitute_id == User.id,
        Substitution.ends_on >= bindparam("today", type_=Date),
        Substitution.starts_on <= bindparam("today", type_=Date),
        Substitution.ended_at.is_(None),
        _ABSENT.active,
    )
    .correlate(User)
    .scalar_subquery()
)

_LINE = line_around(User.opd_id)
# Built once: to put a statement together costs as much as to execute it.
_USER = LoadedColumns(User, *User.__table__.columns.keys())
_SIGNED_IN = KeptStatement(
    select(*_USER.asked, Opd.short_name, LoginSession.substitution_id, _STAND_INS, *_LINE)
    .join_from(User, LoginSession, LoginSession.user_id == User.id)
    .outerjoin(Opd, Opd.id == User.opd_id)
    .where(
        LoginSession.token_hash == bindparam("token_hash"),
        LoginSession.expires_at > bindparam("now"),
        User.active,
    )
)


_OFFICER = select(User, bindparam("chosen", type_=BigInteger), _STAND_INS, *_LINE).where(
    User.id == bindparam("user_id"), User.active
)


def prolong(session: Session, token: str, now: dt.datetime) -> dt.datetime | None:
    """Until when it lasts, after its officer asked to stay; None where there is none."""
    row = session.scalar(
        select(LoginSession)
        .where(LoginSession.token_hash == hash_of_token(token), LoginSession.expires_at > now)
        .with_for_update(of=LoginSession)
    )
    if row is None:
        return None
    row.expires_at = max(row.expires_at, min(now + LIFETIME, row.created_at + LONGEST))
    return row.expires_at


def list_sessions(session: Session, user: User, now: dt.datetime) -> list[LoginSession]:
    """Newest first."""
    return list(
        session.scalars(
            select(LoginSession)
            .where(LoginSession.user_id == user.id, LoginSession.expires_at > now)
            .order_by(LoginSession.created_at.desc(), LoginSession.token_hash)
        )
    )


def close_session(session: Session, token: str) -> None:
    session.execute(delete(LoginSession).where(LoginSession.token_hash == hash_of_token(token)))


def close_all_sessions(session: Session, user: User) -> None:
    """ "Keluar di semua perangkat": this browser too."""
    session.execute(delete(LoginSession).where(LoginSession.user_id == user.id))
