"""The outbox: taken by one at a time, tried with growing patience, parked when there is no more.

Whoever takes a message gives it a key and moves its `not_before` on, and commits, before anything
is sent: killed in between, it comes again under the same key. Every step is one short transaction
of the caller's.
"""

import datetime as dt
import secrets
from collections.abc import Collection

from sqlalchemy import Select, and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lapor_web.models import ChannelRest, Medium, MessageKind, OutboxMessage
from lapor_web.services.keys import Keys

TRIES = 8
FIRST_WAIT = dt.timedelta(minutes=1)
FACTOR = 4
LONGEST_WAIT = dt.timedelta(hours=8)
"""1, 4, 16 minutes, 1, 4, 8 and 8 hours: a full mailbox or a greylist has a day to change its mind."""
HELD = dt.timedelta(minutes=5)
"""How long whoever took a message has it to themselves: longer than any channel takes to send."""
REST = dt.timedelta(seconds=30)
"""Of a channel that is away. What waited for it then leaves within minutes (promise 19)."""
TAKEN_AGAIN = "taken_again"
"""The reason of one whose taker never said what became of it, and may have sent it."""
ANSWERED = "answered"
"""The reason of one that says what its reader was just answered by message or mail."""
TOO_OLD = dt.timedelta(days=3)
"""News that waited so long for a channel to be set up is none any more."""

WAITING = and_(
    OutboxMessage.sent_at.is_(None),
    OutboxMessage.cancelled_at.is_(None),
    OutboxMessage.parked_at.is_(None),
)


def take(session: Session, now: dt.datetime, *, keys: Keys) -> OutboxMessage | None:
    """The next that is due, locked and with its key; None where nothing is. Commit, then send.

    Those of a channel that rests are left alone, unless nobody yet knows their channel.
    """
    resting = select(ChannelRest.medium).where(ChannelRest.until > now)
    message = session.scalar(
        select(OutboxMessage)
        .where(
            WAITING,
            OutboxMessage.not_before <= now,
            or_(OutboxMessage.medium.is_(None), OutboxMessage.medium.not_in(resting)),
        )
        .order_by(OutboxMessage.not_before, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if message is None:
        return None
    if message.key is not None and message.reason is None:
        message.reason = TAKEN_AGAIN
    message.key = message.key or keys.key_of_letter(message.id, message.created_at)
    message.not_before = now + HELD
    session.flush()
    return message


def is_resting(session: Session, medium: Medium, now: dt.datetime) -> bool:
    rests = select(ChannelRest.medium).where(ChannelRest.medium == medium, ChannelRest.until > now)
    return session.scalar(rests) is not None


# ---- what became of it: each asks for the key, so that whoever came too late changes nothing ----


def note_sent(
    session: Session, message_id: int, key: str, provider_id: str, now: dt.datetime
) -> None:
    """Whoever sent it after its time was up says so too: it has left, whoever has it now."""
    if message := _with_key(session, message_id, key):
        message.sent_at, message.provider_id = now, provider_id or None
        message.reason = None
        end_rest(session, message.medium)


def note_try(session: Session, message_id: int, key: str, reason: str, now: dt.datetime) -> None:
    """This letter did not leave; the eighth time it is given up."""
    message = _with_key(session, message_id, key)
    if message is None:
        return
    message.tries += 1
    message.reason = reason
    if message.tries >= TRIES:
        give_up(message, reason, now)
    else:
        message.not_before = now + wait_after(message.tries)


def wait_after(tries: int) -> dt.timedelta:
    return min(FIRST_WAIT * FACTOR ** (tries - 1), LONGEST_WAIT)


def note_refused(
    session: Session, message_id: int, key: str, reason: str, now: dt.datetime
) -> None:
    if message := _with_key(session, message_id, key):
        message.tries += 1
        give_up(message, reason, now)


def note_away(session: Session, message_id: int, key: str, reason: str, now: dt.datetime) -> None:
    """No letter leaves by this channel now: all of its letters wait, and this one lost no try."""
    message = _with_key(session, message_id, key)
    if message is None or message.medium is None:
        return
    message.not_before, message.reason = now + REST, reason
    begin_rest(session, message.medium, reason, now)


def begin_rest(session: Session, medium: Medium, reason: str, now: dt.datetime) -> None:
    rest = insert(ChannelRest).values(medium=medium, since=now, until=now + REST, reason=reason)
    session.execute(
        rest.on_conflict_do_update(
            index_elements=["medium"],
            set_={"until": rest.excluded.until, "reason": rest.excluded.reason},
        )
    )


def end_rest(session: Session, medium: Medium | None) -> None:
    session.execute(delete(ChannelRest).where(ChannelRest.medium == medium))


def postpone(
    session: Session,
    message_id: int,
    key: str,
    until: dt.datetime,
    *,
    has_channel: bool = True,
) -> None:
    """Quiet hours, a channel that rests, or one that nobody set up yet. Where no gateway can have
    seen it, it can still be undone; else whatever leaves later bears the same key."""
    if message := _with_key(session, message_id, key):
        message.key = None if message.reason is None else message.key
        message.medium = message.medium if has_channel else None
        message.not_before = until


def cancel(session: Session, message_id: int, key: str, reason: str, now: dt.datetime) -> None:
    """Nobody is there to be told, or they may not know it any more. One that may have left all the
    same, since its taker died, keeps the key it left under."""
    if message := _with_key(session, message_id, key):
        message.key = None if message.reason is None else message.key
        message.cancelled_at, message.reason = now, reason


def _with_key(session: Session, message_id: int, key: str) -> OutboxMessage | None:
    return session.scalar(
        select(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.key == key, WAITING)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def give_up(message: OutboxMessage, reason: str, now: dt.datetime) -> None:
    """To the other address of a reporter who left two; else onto the screen of parked messages."""
    message.reason = reason
    if message.medium is Medium.PHONE and message.user_id is None:
        send_anew(message, now, medium=Medium.EMAIL)
    else:
        message.parked_at = now


def send_anew(message: OutboxMessage, now: dt.datetime, *, medium: Medium | None = None) -> None:
    """As another letter, since it goes to another address: under a new key, with all its tries."""
    message.key, message.provider_id = secrets.token_urlsafe(18), None
    message.sent_at = message.parked_at = message.delivered_at = None
    message.medium, message.tries, message.not_before = medium, 0, now


# ---- a report that came by message or mail, and is answered there ----


def leave_to_answer(session: Session, report_id: int, now: dt.datetime) -> None:
    """That it was received, and more, is said by the answer that its sender gets."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.report_id == report_id, OutboxMessage.kind == MessageKind.RECEIVED)
        .values(cancelled_at=now, reason=ANSWERED)
    )


def say_after_all(session: Session, report_id: int, now: dt.datetime) -> None:
    """That answer did not arrive. What is here is tried longer, and in the end an officer sees it."""
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.report_id == report_id,
            OutboxMessage.kind == MessageKind.RECEIVED,
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.reason == ANSWERED,
        )
        .values(cancelled_at=None, reason=None, not_before=now)
    )


# ---- housekeeping ----


def cancel_what_is_too_old(session: Session, now: dt.datetime) -> None:
    """What no channel was ever there for. What waits for one that is away leaves when it is back,
    however long that takes."""
    session.execute(
        update(OutboxMessage)
        .where(WAITING, OutboxMessage.medium.is_(None), OutboxMessage.not_before <= now)
        .where(OutboxMessage.created_at < now - TOO_OLD, OutboxMessage.reason.is_(None))
        .values(cancelled_at=now, reason="no_channel")
        .execution_options(synchronize_session=False)
    )


def list_rests(session: Session) -> Collection[ChannelRest]:
    """Channels that are away, for whoever looks after them."""
    asked: Select[ChannelRest] = select(ChannelRest).order_by(ChannelRest.medium)
    return session.scalars(asked).all()
