"""How often something secret may be guessed at (promise 13).

A try is counted before it is made, under a lock, and the caller commits that count before it looks
whether the guess was right: forty guesses at once are counted forty times. What succeeded is given
back. A refused try is not counted, so nobody is kept out for ever by others.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lapor_web.models import LoginAttempt

REMEMBERED = dt.timedelta(days=1)
LONGEST_DELAY = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """`tries` in any `window`; after as many within a day, each next one waits twice as long."""

    tries: int
    window: dt.timedelta = dt.timedelta(minutes=15)
    first_delay: dt.timedelta = dt.timedelta(minutes=1)


ACCOUNT = Limit(tries=10)
"""Per user name by strangers, and, counted apart, per browser that has signed in to it before."""

ADDRESS = Limit(tries=60, first_delay=dt.timedelta(0))
"""Over all accounts (S-32). High, and without growing delay: a whole office, or a whole network
of telephones, comes from one address."""

RECEIPT = Limit(tries=5)
"""Codes per report number (S-68)."""


@dataclass(frozen=True, slots=True)
class Gate:
    subject: bytes
    """From `Keys.hash_of_subject`."""
    limit: Limit


class TooManyTries(Exception):
    def __init__(self, wait: dt.timedelta):
        super().__init__(wait)
        self.wait = wait
        """Until the next try will be let through, if nobody else makes one."""


def reserve(session: Session, gates: Iterable[Gate], now: dt.datetime) -> list[int]:
    """Counts one try at every gate, or raises TooManyTries and counts none. Commit before the
    guess is checked; the answer is for `give_back`."""
    # Always in the same order, or two tries at the same two gates wait for each other.
    gates = sorted(gates, key=lambda gate: gate.subject)
    for gate in gates:
        lock = int.from_bytes(gate.subject[:8], signed=True)
        session.execute(select(func.pg_advisory_xact_lock(lock)))
    waits = [time_to_wait(gate.limit, recent(session, gate, now), now) for gate in gates]
    if wait := max(waits, default=dt.timedelta(0)):
        raise TooManyTries(wait)
    attempts = [LoginAttempt(subject=gate.subject, at=now) for gate in gates]
    session.add_all(attempts)
    session.flush()
    return [attempt.id for attempt in attempts]


def give_back(session: Session, tries: Iterable[int]) -> None:
    """The guess was right. Others' tries stay, or an owner who signs in would give a guesser
    ten more."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.id.in_(list(tries))))


def forget(session: Session, subject: bytes) -> None:
    """All tries at one account that only its owner can come to: a guess that was right clears it."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.subject == subject))


def forget_old(session: Session, now: dt.datetime) -> None:
    """For the worker: what slows nobody any more."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.at <= now - REMEMBERED))


def recent(session: Session, gate: Gate, now: dt.datetime) -> Sequence[dt.datetime]:
    """The tries of the last day, newest first; more than a hundred make no difference."""
    return session.scalars(
        select(LoginAttempt.at)
        .where(LoginAttempt.subject == gate.subject, LoginAttempt.at > now - REMEMBERED)
        .order_by(LoginAttempt.at.desc(), LoginAttempt.id.desc())
        .limit(100)
    ).all()


def time_to_wait(limit: Limit, tries: Sequence[dt.datetime], now: dt.datetime) -> dt.timedelta:
    """Zero where the next try may come at once. `tries` are newest first."""
    if len(tries) < limit.tries:
        return dt.timedelta(0)
    window_opens = tries[limit.tries - 1] + limit.window
    doublings = min(len(tries) - limit.tries, 10)
    delay = min(limit.first_delay * 2**doublings, LONGEST_DELAY)
    return max(window_opens - now, tries[0] + delay - now, dt.timedelta(0))
