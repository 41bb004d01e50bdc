"""Events of a gateway: taken once, sealed, and read by the worker one sender at a time."""

import datetime as dt
import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, replace

from cryptography.exceptions import InvalidTag
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lapor_web.models import Agency, Channel, Handled, InboundEvent, Medium
from lapor_web.services import answers, deliveries, dialogues, inbound, inbound_mail, jobs
from lapor_web.services.channels.phone import OLDEST_EVENT, Delivery, Incoming
from lapor_web.services.dialogues import Talk, lock_sender, open_talk
from lapor_web.services.inbound_reports import ONLY_PHOTOS, Message, Result, Tools, make_report
from lapor_web.services.inbound_words import SHORTEST_STORY
from lapor_web.services.jobs import Job
from lapor_web.services.keys import Keys
from lapor_web.services.sealing import decrypt, encrypt

logger = logging.getLogger(__name__)

SETTLES = dt.timedelta(seconds=2)
"""Photos of one message come as several events, and not always in order."""
TRIES = 8
FIRST_WAIT = dt.timedelta(seconds=30)
"""Each next one twice as long: an hour in all."""
ANSWERS_AN_HOUR = 30
"""To one sender. Two machines that answer each other stop here."""
KEPT = dt.timedelta(days=30)
"""That an event was taken; longer than any provider repeats one."""
UNREADABLE = "unreadable"
"""The reason of what was sealed under another secret."""
KEPT_SENDER = dt.timedelta(days=1)


# ---- taking ----


def take(
    session: Session,
    agency: Agency,
    events: Iterable[Incoming | Delivery],
    *,
    keys: Keys,
    now: dt.datetime,
) -> int:
    """How many were new. Quick: the gateway waits for our answer."""
    taken = 0
    for event in events:
        if event_time(event) < now - OLDEST_EVENT:
            continue
        event_hash = keys.hash_of_event(event.channel, event.event_id)
        sender = event.sender if isinstance(event, Incoming) else ""
        event_id = session.execute(
            insert(InboundEvent)
            .values(
                agency_id=agency.id,
                channel=event.channel,
                event_hash=event_hash,
                sender_hash=keys.hash_of_address(sender) if sender else None,
                sealed=seal(event, event_hash, keys),
                outcome=Handled.WAITING,
                sent_at=min(event_time(event), now),
                received_at=now,
            )
            .on_conflict_do_nothing(index_elements=["agency_id", "event_hash"])
            .returning(InboundEvent.id)
        ).scalar()
        if event_id is not None:
            ask_to_read(session, event_id, now)
            taken += 1
    return taken


def ask_to_read(session: Session, event_id: int, now: dt.datetime) -> None:
    jobs.defer(session, Job.READ_EVENT, not_before=now + SETTLES, event_id=event_id)


def event_time(event: Incoming | Delivery) -> dt.datetime:
    return event.sent_at if isinstance(event, Incoming) else event.at


def seal(event: Incoming | Delivery, event_hash: bytes, keys: Keys) -> bytes:
    words = asdict(event) | {"kind": type(event).__name__}
    return encrypt(keys.message, json.dumps(words, default=str).encode(), event_hash)


def recall_sender(row: InboundEvent, keys: Keys) -> None:
    """For one that is read so late that its sender was forgotten."""
    event = None if row.channel is Channel.EMAIL else unseal(row, keys)
    if isinstance(event, Incoming):
        row.sender_hash = keys.hash_of_address(event.sender)


def unseal(row: InboundEvent, keys: Keys) -> Incoming | Delivery | None:
    """None where it was sealed under another secret."""
    try:
        found = json.loads(decrypt(keys.message, row.sealed or b"", row.event_hash))
    except InvalidTag:
        return None
    found["channel"] = Channel(found["channel"])
    if found.pop("kind") == "Delivery":
        return Delivery(**found | {"at": dt.datetime.fromisoformat(found["at"])})
    sent_at = dt.datetime.fromisoformat(found["sent_at"])
    return Incoming(**found | {"sent_at": sent_at, "media": tuple(found["media"])})


# ---- reading, in the worker ----


def read(event_id: int, tools: Tools) -> None:
    """That event, and whatever else of its sender waits and was sent before it or after."""
    session = tools.session
    row = session.get(InboundEvent, event_id)
    if row is None or row.outcome is not Handled.WAITING:
        return
    if row.sender_hash is None:
        rows = list(
            session.scalars(
                select(InboundEvent)
                .where(InboundEvent.id == event_id)
                .with_for_update()
                .execution_options(populate_existing=True)
            )
        )
    else:
        lock_sender(session, row.sender_hash)
        rows = list(
            session.scalars(
                select(InboundEvent)
                .where(
                    InboundEvent.sender_hash == row.sender_hash,
                    InboundEvent.outcome == Handled.WAITING,
                )
                .order_by(InboundEvent.sent_at, InboundEvent.id)
                .execution_options(populate_existing=True)
            )
        )
    for one in rows:
        if one.outcome is Handled.WAITING and not read_one(one, tools):
            break  # what came after it waits, or they would be read out of order


def read_one(row: InboundEvent, tools: Tools) -> bool:
    """Whether it is done with. What fails is tried again later, and given up in the end."""
    tools = replace(tools, patient=row.tries + 1 < TRIES)
    try:
        with tools.session.begin_nested():
            result = react(row, tools)
            finish(row, result.outcome, tools.now)
    except Exception as error:  # whatever it is, the next sender must not suffer from it
        # Its text may hold the message; what it is called does not.
        logger.warning("event %d not read: %s", row.id, type(error).__name__)
        row.reason = type(error).__name__
        return put_off(row, tools)
    return True


def react(row: InboundEvent, tools: Tools) -> Result:
    if row.channel is Channel.EMAIL:
        return Result(inbound_mail.read_again(row, tools))
    event = unseal(row, tools.keys)
    if event is None:
        row.reason = UNREADABLE
        return Result(Handled.FAILED)
    if isinstance(event, Delivery):
        if deliveries.note(tools.session, event):
            return Result(Handled.ANSWERED)
        # It may have come before we noted what the message is called; ours is soon noted.
        if row.tries < 3:
            raise LookupError
        return Result(Handled.IGNORED)
    assert row.sender_hash is not None  # noqa: S101  written by `take`
    talk = open_talk(tools.session, tools.agency, row.sender_hash, keys=tools.keys, now=tools.now)
    if talk.silent:
        close(talk, tools)
    result = inbound.respond(tools, message_of(event, tools.keys), talk)
    if result.answer and not answered_too_often(row, tools):
        answers.write(tools, Medium.PHONE, event.sender, result.answer, report_id=result.report_id)
    return result


def message_of(event: Incoming, keys: Keys) -> Message:
    return Message(
        channel=event.channel,
        sender=event.sender,
        key=keys.form_of_event(event.channel, event.event_id),
        text=event.text,
        media=event.media,
        place=event.place,
        quotes=event.quotes,
        unreadable=event.unreadable,
    )


def answered_too_often(row: InboundEvent, tools: Tools) -> bool:
    lately = (
        select(InboundEvent.id)
        .where(
            InboundEvent.sender_hash == row.sender_hash,
            InboundEvent.handled_at > tools.now - dt.timedelta(hours=1),
        )
        .limit(ANSWERS_AN_HOUR)
    )
    return len(tools.session.scalars(lately).all()) >= ANSWERS_AN_HOUR


def finish(row: InboundEvent, outcome: Handled, now: dt.datetime) -> None:
    row.outcome, row.handled_at = outcome, now
    if outcome is not Handled.FAILED:
        row.sealed = row.reason = None


def put_off(row: InboundEvent, tools: Tools) -> bool:
    row.tries += 1
    if row.tries >= TRIES:
        logger.error("event %d given up", row.id)
        finish(row, Handled.FAILED, tools.now)
        return True
    again = tools.now + FIRST_WAIT * 2 ** (row.tries - 1)
    jobs.defer(tools.session, Job.READ_EVENT, not_before=again, event_id=row.id)
    return False


# ---- by the clock ----


def ask_again(session: Session, now: dt.datetime) -> None:
    """For events whose job is lost: all tries together take an hour."""
    late = session.scalars(
        select(InboundEvent.id)
        .where(
            InboundEvent.outcome == Handled.WAITING,
            InboundEvent.received_at < now - dt.timedelta(hours=2),
        )
        .limit(200)
    )
    for event_id in late:
        jobs.defer(session, Job.READ_EVENT, event_id=event_id)


def close_silent_talks(tools: Tools) -> None:
    """Whoever told a story and not its place, or sent photos and no story, gets a report all the
    same: nothing is ever lost."""
    for sender_hash in dialogues.find_silent(tools.session, tools.agency, tools.now):
        lock_sender(tools.session, sender_hash)
        row = dialogues.still_silent(tools.session, tools.agency, sender_hash, tools.now)
        if row is None:
            continue
        try:
            with tools.session.begin_nested():
                close(Talk(row, tools.keys), tools)
        except Exception as error:  # the next one must not suffer from it
            logger.warning("talk not closed: %s", type(error).__name__)


def close(talk: Talk, tools: Tools) -> None:
    draft = talk.draft
    talk.end()
    if draft is None or not (len(draft.text) >= SHORTEST_STORY or draft.media):
        return
    told = replace(draft, text=draft.text or ONLY_PHOTOS)
    result = make_report(replace(tools, patient=False), told)
    answers.write(tools, Medium.PHONE, draft.sender, result.answer, report_id=result.report_id)


def forget_old(session: Session, now: dt.datetime) -> None:
    """Senders after a day, events after a month; those given up wait for an officer."""
    session.execute(
        update(InboundEvent)
        .where(
            InboundEvent.sender_hash.is_not(None),
            InboundEvent.outcome != Handled.WAITING,
            InboundEvent.received_at < now - KEPT_SENDER,
        )
        .values(sender_hash=None)
    )
    session.execute(
        delete(InboundEvent).where(
            InboundEvent.received_at < now - KEPT, InboundEvent.outcome != Handled.FAILED
        )
    )
    dialogues.forget_old(session, now)
    answers.forget_old(session, now)
