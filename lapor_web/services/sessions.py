"""Signed-in browsers: each is a row, and without its row a cookie is worthless.

Rows also go by themselves: a trigger (migration 0003) deletes them whenever an account's role,
OPD, password or `active` changes, whoever changes it.
"""

import datetime as dt
import hashlib
import secrets

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from lapor_web.models import LoginSession, User

LIFETIME = dt.timedelta(hours=12)
"""From signing in, whatever is done meanwhile: a working day, and no write while reading."""


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
    """Whose browser this is: one query, for every page of an officer asks it."""
    return session.scalars(
        _SIGNED_IN, {"token_hash": hash_of_token(token), "now": now}
    ).one_or_none()


# Built once: to put a statement together costs as much as to execute it.
_SIGNED_IN = (
    select(User)
    .join(LoginSession, LoginSession.user_id == User.id)
    .where(
        LoginSession.token_hash == bindparam("token_hash"),
        LoginSession.expires_at > bindparam("now"),
        User.active,
    )
)


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
