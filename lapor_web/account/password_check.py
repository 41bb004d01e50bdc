"""The one way a typed password is compared: counted first, hashed with nothing held."""

import datetime as dt
from collections.abc import Iterable

from flask import Response, make_response

from lapor_web import clock
from lapor_web.dates import clock_time
from lapor_web.extensions import db
from lapor_web.models import User
from lapor_web.services import accounts, passwords, throttle

BUSY_SECONDS = 2
BUSY = "Sedang ramai. Coba lagi beberapa detik lagi"


def check_password(username: str, password: str, gates: Iterable[throttle.Gate]) -> User | None:
    """The officer, or None for any reason. Raises TooManyTries and TooBusy.

    Commits the count before the hash is made: a refusal that rolls back would not have counted,
    and no connection waits for a hash.
    """
    session = db.session()
    credentials = accounts.find_credentials(session, username)
    tries = throttle.reserve(session, gates, clock.now())
    db.session.commit()
    try:
        right = passwords.matches(password, credentials.password_hash)
    except passwords.TooBusy:
        throttle.give_back(session, tries)
        db.session.commit()
        raise
    if not right:
        return None
    throttle.give_back(session, tries)
    return accounts.confirm(session, credentials)


def when_to_retry(refusal: throttle.TooManyTries | passwords.TooBusy) -> tuple[str, int]:
    """The sentence for the page, and the seconds for Retry-After."""
    if isinstance(refusal, passwords.TooBusy):
        return BUSY, BUSY_SECONDS
    # In whole minutes, as on the clock that one looks at, and never too early.
    at = clock_time(clock.now() + refusal.wait + dt.timedelta(seconds=59))
    seconds = int(refusal.wait.total_seconds()) + 1
    return f"Terlalu banyak percobaan. Coba lagi setelah pukul {at} WITA", seconds


def too_often(page: str, seconds: int) -> Response:
    response = make_response(page, 429)
    response.headers["Retry-After"] = str(seconds)
    return response
