"""Officers' accounts. Whatever changes what one may do also ends one's sessions (migration 0003)."""

import datetime as dt
import re
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lapor_web.models import Agency, Invitation, Opd, Role, User
from lapor_web.models.user import ACCOUNT_ROLES, UNIT_ROLES
from lapor_web.services import inspectors
from lapor_web.services.sessions import hash_of_token

RESET_LIFETIME = dt.timedelta(minutes=30)
"""Of a link for an account that has a password already (S-38)."""

_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?")


class AccountRefused(Exception):
    """`code` says why: username, taken, role, opd_missing, opd_unknown."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a typed password is compared with; nothing of it for a name that nobody has."""

    user_id: int | None = None
    password_hash: str | None = None


def normal_username(typed: str) -> str:
    return typed.strip().casefold()


def create_user(
    session: Session,
    agency: Agency,
    *,
    username: str,
    name: str,
    role: Role,
    opd_code: str | None,
    now: dt.datetime,
) -> User:
    """An account without a password, which `invite` lets its owner set. Raises AccountRefused."""
    username = normal_username(username)
    if not _USERNAME.fullmatch(username):
        raise AccountRefused("username")
    if session.scalar(select(User.id).where(User.username == username)) is not None:
        raise AccountRefused("taken")
    user = User(agency_id=agency.id, username=username, name=name, created_at=now)
    _place(session, user, role, opd_code)
    session.add(user)
    session.flush()
    return user


def change_role(session: Session, user: User, role: Role, opd_code: str | None) -> None:
    """Raises AccountRefused."""
    _place(session, user, role, opd_code)
    session.flush()


def _place(session: Session, user: User, role: Role, opd_code: str | None) -> None:
    if role not in ACCOUNT_ROLES:
        raise AccountRefused("role")
    if role in UNIT_ROLES and not opd_code:
        raise AccountRefused("opd_missing")
    user.role, user.opd = role, _find_opd(session, user.agency_id, opd_code) if opd_code else None


def _find_opd(session: Session, agency_id: int, code: str) -> Opd:
    opd = session.scalar(
        select(Opd).where(Opd.agency_id == agency_id, Opd.code == code.upper(), Opd.active)
    )
    if opd is None:
        raise AccountRefused("opd_unknown")
    return opd


def disable(session: Session, user: User) -> None:
    user.active = False
    session.execute(delete(Invitation).where(Invitation.user_id == user.id))
    session.flush()


def enable(session: Session, user: User) -> None:
    user.active = True
    session.flush()


def invite(session: Session, user: User, *, lifetime: dt.timedelta, now: dt.datetime) -> str:
    """The token of a link that sets the password once; an older link is worthless from now on.
    `lifetime` is that of a first invitation."""
    session.execute(delete(Invitation).where(Invitation.user_id == user.id))
    token = secrets.token_urlsafe(32)
    expires_at = now + (lifetime if user.password_hash is None else RESET_LIFETIME)
    session.add(Invitation(token_hash=hash_of_token(token), user_id=user.id, expires_at=expires_at))
    session.flush()
    return token


def find_invited(session: Session, token_hash: bytes, now: dt.datetime) -> User | None:
    """Locked, so that two browsers with the same link set one password."""
    return session.scalars(
        select(User)
        .join(Invitation, Invitation.user_id == User.id)
        .where(Invitation.token_hash == token_hash, Invitation.expires_at > now, User.active)
        .with_for_update(of=Invitation)
    ).one_or_none()


def set_password(session: Session, user: User, password_hash: str) -> None:
    """Ends every session and every link of the account; of the first inspector, those of the others."""
    is_first = user.role is Role.INSPECTOR and not inspectors.keep_their_own(
        session, user.agency_id
    )
    user.password_hash = password_hash
    session.execute(delete(Invitation).where(Invitation.user_id == user.id))
    session.flush()
    if is_first:
        inspectors.begin_to_keep(session, user)


def find_credentials(session: Session, username: str) -> Credentials:
    row = session.execute(
        select(User.id, User.password_hash).where(
            User.username == normal_username(username), User.active
        )
    ).one_or_none()
    return Credentials(*row) if row else Credentials()


def confirm(session: Session, credentials: Credentials) -> User | None:
    """The user, unless account or password changed while the typed one was being hashed."""
    if credentials.password_hash is None:
        return None
    return session.scalars(
        select(User)
        .where(
            User.id == credentials.user_id,
            User.password_hash == credentials.password_hash,
            User.active,
        )
        .with_for_update(of=User)
    ).one_or_none()


def guessable_names(session: Session, user: User) -> list[str]:
    """What a guesser would try as this officer's password."""
    rows = session.execute(
        select(Opd.code, Opd.name, Opd.short_name).where(Opd.agency_id == user.agency_id)
    )
    return [user.username, user.name, *(name for row in rows for name in row)]
