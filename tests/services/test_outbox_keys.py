"""A key is forgotten only where no gateway can have seen it: else a repeat would be a second letter."""

import datetime as dt

import pytest
from small_city import KEYS, SmallCity
from sqlalchemy import select

from lapor_web.models import Medium, OutboxMessage
from lapor_web.services import outbox


@pytest.fixture
def message(db):
    city = SmallCity(db.session())
    report = city.send()
    db.session.flush()
    return db.session.scalars(
        select(OutboxMessage).where(OutboxMessage.report_id == report.id)
    ).one()


def take(db, message, now):
    taken = outbox.take(db.session(), now, keys=KEYS)
    assert taken is message
    return taken.key


def test_quiet_hours_leave_no_key_behind(db, message):
    now = message.not_before
    key = take(db, message, now)
    outbox.postpone(db.session(), message.id, key, now + dt.timedelta(hours=8))

    assert message.key is None


def test_what_a_dead_worker_may_have_sent_keeps_its_key_over_the_night(db, message):
    """The first taker sent it and died before it could say so; the second comes in quiet hours."""
    now = message.not_before
    first = take(db, message, now)
    later = now + outbox.HELD
    outbox.postpone(db.session(), message.id, take(db, message, later), later + outbox.HELD)

    assert take(db, message, later + outbox.HELD) == first


def test_whoever_was_too_slow_takes_nobodys_key_away(db, message):
    """The first one postpones while the second one sends."""
    now = message.not_before
    first = take(db, message, now)
    second = take(db, message, now + outbox.HELD)
    outbox.postpone(db.session(), message.id, first, now + dt.timedelta(hours=8))

    assert message.key == first == second


def test_a_letter_that_was_tried_keeps_its_key(db, message):
    now = message.not_before
    message.medium = Medium.EMAIL
    first = take(db, message, now)
    outbox.note_try(db.session(), message.id, first, "timeout", now)
    later = message.not_before
    outbox.postpone(db.session(), message.id, take(db, message, later), later + outbox.HELD)

    assert message.key == first


def test_what_may_have_left_says_under_which_key_though_it_has_become_idle(db, message):
    now = message.not_before
    first = take(db, message, now)
    later = now + outbox.HELD
    outbox.cancel(db.session(), message.id, take(db, message, later), "not_theirs", later)

    assert (message.key, message.cancelled_at) == (first, later)


def test_what_nobody_can_have_seen_has_no_key_when_it_is_idle(db, message):
    now = message.not_before
    outbox.cancel(db.session(), message.id, take(db, message, now), "not_theirs", now)

    assert message.key is None


def test_after_a_restore_the_same_letter_has_the_same_key_and_a_new_one_another(db, message):
    """The backup was made before it left: the gateway has its key, and the database no more."""
    now, hour = message.not_before, dt.timedelta(hours=1)
    left = take(db, message, now)
    message.key, message.not_before = None, now
    db.session.flush()

    assert take(db, message, now + hour) == left

    message.key, message.not_before = None, now
    message.created_at += dt.timedelta(microseconds=1)  # its number, given to another since
    db.session.flush()
    assert take(db, message, now + hour) != left


def test_another_address_makes_another_letter(db, message):
    now = message.not_before
    first = take(db, message, now)
    outbox.note_refused(db.session(), message.id, first, "unknown_number", now)
    outbox.send_anew(message, now)
    second = message.key
    outbox.send_anew(message, now)

    assert len({first, second, message.key}) == 3
