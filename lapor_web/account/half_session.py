"""Between password and code: a browser that may type a code, and nothing else (S-39).

It stands in the browser's signed cookie and not in the table of sessions, so no page of an officer
takes it for one. It dies after ten minutes, and with the password it was opened by.
"""

import datetime as dt
from dataclasses import dataclass

from flask import current_app, session

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.models import User

HELD = "half"
LIFETIME = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class HalfSession:
    user: User
    wanted: str
    """Where one was going."""


def begin(user: User, wanted: str) -> None:
    """Nothing of before lives on, as when a whole session begins (S-34)."""
    session.clear()
    session[HELD] = [user.id, fingerprint(user), clock.now().timestamp(), wanted]


def find() -> HalfSession | None:
    if HELD not in session:
        return None
    user_id, known_by, begun, wanted = session[HELD]
    user = db.session.get(User, user_id)
    age = clock.now().timestamp() - begun
    if user is None or not user.active or known_by != fingerprint(user):
        return None
    return HalfSession(user, wanted) if 0 <= age < LIFETIME.total_seconds() else None


def fingerprint(user: User) -> str:
    """Another password makes another one; of neither can anything be read from it."""
    return city.keys().hash_of_subject("half", f"{user.id}:{user.password_hash}").hex()[:32]


def must_have_codes(user: User) -> bool:
    """By the setting LAPOR_SECOND_FACTOR; everybody else may."""
    return user.role in current_app.config.get("LAPOR_SECOND_FACTOR", frozenset())
