import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lapor_web.models import LoginAttempt
from lapor_web.services.throttle import (
    LONGEST_DELAY,
    Gate,
    Limit,
    TooManyTries,
    forget_old,
    give_back,
    reserve,
)

NOW = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
GATE = Gate(b"account".ljust(32, b"."), Limit(tries=10))
OTHER = Gate(b"address".ljust(32, b"."), Limit(tries=60, first_delay=dt.timedelta(0)))


def wait(session, gate=GATE, now=NOW) -> dt.timedelta:
    """How long the next try must wait; where it need not, it is made."""
    try:
        reserve(session, [gate], now)
    except TooManyTries as refusal:
        return refusal.wait
    return dt.timedelta(0)


def guess_until_refused(session, now=NOW, gate=GATE) -> int:
    count = 0
    while not wait(session, gate, now):
        count += 1
    return count


def test_ten_tries_then_a_quarter_of_an_hour(db):
    session = db.session()

    assert guess_until_refused(session) == 10
    assert wait(session) == 15 * MINUTE
    assert wait(session, now=NOW + 14 * MINUTE) == MINUTE
    assert wait(session, now=NOW + 15 * MINUTE) == dt.timedelta(0)


def test_whoever_goes_on_waits_longer_each_time(db):
    session, now, waits = db.session(), NOW, []
    guess_until_refused(session)
    for _ in range(12):
        waits.append(wait(session, now=now))
        now += waits[-1]
        assert wait(session, now=now) == dt.timedelta(0)

    # Ten at once leave the window together, so that the delay shows from the next one on.
    assert waits[0] == 15 * MINUTE
    assert waits[1:7] == [minutes * MINUTE for minutes in (2, 4, 8, 16, 32, 60)]
    assert max(waits) == LONGEST_DELAY


def test_a_refused_try_is_not_counted(db):
    session = db.session()
    guess_until_refused(session)
    before = session.scalar(select(func.count()).select_from(LoginAttempt))
    wait(session)

    assert session.scalar(select(func.count()).select_from(LoginAttempt)) == before


def test_where_one_gate_is_closed_no_other_counts(db):
    session = db.session()
    guess_until_refused(session)

    with pytest.raises(TooManyTries):
        reserve(session, [GATE, OTHER], NOW)

    assert guess_until_refused(session, gate=OTHER) == 60


def test_a_right_guess_gives_back_its_own_try_only(db):
    session = db.session()
    for _ in range(9):
        reserve(session, [GATE], NOW)
    give_back(session, reserve(session, [GATE], NOW))

    assert guess_until_refused(session) == 1


def test_old_tries_are_forgotten_and_new_ones_kept(db):
    session = db.session()
    reserve(session, [GATE], NOW - dt.timedelta(days=1))
    reserve(session, [GATE], NOW - MINUTE)

    forget_old(session, NOW)

    assert session.scalars(select(LoginAttempt.at)).all() == [NOW - MINUTE]


def test_of_forty_guesses_at_once_ten_are_made(engine):
    together = Barrier(40)

    def guess(_: int) -> bool:
        with Session(engine) as session:
            together.wait()
            try:
                reserve(session, [GATE, OTHER], NOW)
            except TooManyTries:
                return False
            session.commit()
            return True

    with ThreadPoolExecutor(40) as guessers:
        made = list(guessers.map(guess, range(40)))

    assert sum(made) == 10
