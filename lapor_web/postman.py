"""Takes the messages of the outbox out, one by one; what goes wrong with one holds up no other.

Short transactions: a message is taken (with its key), it is written (which may make a link), and
what became of it is noted. Nothing is held while a gateway takes its time.
"""

import datetime as dt
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from flask import Flask, current_app

from lapor_web import city, clock, letters
from lapor_web.extensions import db
from lapor_web.letters.to_officer import address_of
from lapor_web.letters.to_reporter import choose_medium, contact_of
from lapor_web.models import Medium, MessageKind, OutboxMessage, User
from lapor_web.post_office import channels
from lapor_web.services import outbox
from lapor_web.services.channels import Away, Channels, Letter, Refused, TryAgain
from lapor_web.services.news import NobodyToTell
from lapor_web.services.notifications import end_of_quiet, end_of_quiet_hours, settings_of

logger = logging.getLogger(__name__)

SENDERS = 4
"""At once: at half a second a letter some 5,000 in ten minutes (promise 19)."""
NIGHT = (21, 6)
"""Hours of WITA in which no phone of a citizen rings, but for what they just asked for."""
ASKED_FOR = frozenset({MessageKind.RECEIVED, MessageKind.LINK, MessageKind.INVITATION})
UNTIL_SOMEBODY_SETS_IT_UP = dt.timedelta(hours=1)

told_to_stop = threading.Event()
"""The worker leaves: what is in somebody's hands goes out, nothing more is taken."""
_going_round = threading.Lock()


class Later(Exception):
    """Not now, and not for anything that is wrong."""

    def __init__(self, until: dt.datetime):
        super().__init__(until)
        self.until = until


def deliver_due() -> int:
    """All that is due, by several senders at once; how many were taken. One round a process."""
    flask: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    ways = channels()
    if not ways or not _going_round.acquire(blocking=False):
        return 0
    try:
        if not deliver_one(ways):
            return 0
        with ThreadPoolExecutor(SENDERS) as pool:
            rounds = [pool.submit(deliver_all, flask, ways) for _ in range(SENDERS)]
            return 1 + sum(one.result() for one in rounds)
    finally:
        _going_round.release()


def deliver_all(flask: Flask, ways: Channels) -> int:
    taken = 0
    with flask.app_context():
        while not told_to_stop.is_set() and deliver_one(ways):
            taken += 1
    return taken


@dataclass(frozen=True, slots=True)
class Taken:
    """What is known of a message without its row."""

    id: int
    key: str


def deliver_one(ways: Channels) -> bool:
    """Whether there was one to deliver. Commits after each step."""
    session = db.session()
    message = outbox.take(session, clock.now(), keys=city.keys())
    if message is None:
        session.rollback()
        return False
    assert message.key is not None  # noqa: S101  it was just given one
    taken = Taken(message.id, message.key)
    session.commit()
    become = written_and_sent(message, taken, ways)
    session.rollback()
    become()
    session.commit()
    return True


def written_and_sent(message: OutboxMessage, taken: Taken, ways: Channels) -> Callable[[], None]:
    """Sends it, and gives back how to note what became of it."""
    try:
        letter = write(message, ways)
        db.session.commit()
        sent = ways[letter.medium].send(letter)
    except NobodyToTell as told:
        if told.reason == "no_channel":
            until = clock.now() + UNTIL_SOMEBODY_SETS_IT_UP
            return lambda: outbox.postpone(
                db.session(), taken.id, taken.key, until, has_channel=False
            )
        return noting(outbox.cancel, taken, told.reason)
    except Later as later:
        until = later.until
        return lambda: outbox.postpone(db.session(), taken.id, taken.key, until)
    except Refused as refused:
        return noting(outbox.note_refused, taken, refused.reason)
    except Away as away:
        return noting(outbox.note_away, taken, away.reason)
    except TryAgain as failed:
        return noting(outbox.note_try, taken, failed.reason)
    except Exception as error:
        # Neither its words nor its values: they may be a reporter's.
        logger.error("message %d: %s", taken.id, type(error).__name__)
        return noting(outbox.note_try, taken, "error")
    return noting(outbox.note_sent, taken, sent.provider_id)


def noting(note: Callable[..., None], taken: Taken, word: str) -> Callable[[], None]:
    if note is not outbox.note_sent:
        logger.info("message %d: %s, %s", taken.id, note.__name__, word)
    return lambda: note(db.session(), taken.id, taken.key, word, clock.now())


def write(message: OutboxMessage, ways: Channels) -> Letter:
    """The letter, for whom and where its channel can take it now.

    Raises NobodyToTell, Later, Refused, and Away where the channel rests.
    """
    session, now = db.session(), clock.now()
    if message.user_id is None:
        who = contact_of(message)
        medium = choose_medium(message, who, set(ways))
        remember_medium(message, medium)
        wait_for(medium, now)
        wait_for_morning(message, medium, now)
        return letters.write_to_reporter(message, who, medium, now)
    user = session.get_one(User, message.user_id)
    settings = settings_of(session, user.id)
    medium, to = address_of(settings, message.kind, set(ways))
    remember_medium(message, medium)
    wait_for(medium, now)
    if message.kind not in {MessageKind.DIGEST, MessageKind.INVITATION}:
        wait_until(end_of_quiet(settings, now), now)
    return letters.write_to_officer(message, user, medium, to, now)


def remember_medium(message: OutboxMessage, medium: Medium) -> None:
    """So that it is left alone while its channel rests."""
    message.medium = medium
    db.session.commit()


def wait_for(medium: Medium, now: dt.datetime) -> None:
    if outbox.is_resting(db.session(), medium, now):
        raise Later(now + outbox.REST)


def wait_for_morning(message: OutboxMessage, medium: Medium, now: dt.datetime) -> None:
    if medium is Medium.PHONE and message.kind not in ASKED_FOR:
        wait_until(end_of_quiet_hours(*NIGHT, now), now)


def wait_until(instant: dt.datetime, now: dt.datetime) -> None:
    if instant > now:
        raise Later(instant)
