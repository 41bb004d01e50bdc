"""A mail comes in: an answer to one of ours becomes the reporter's reply, any other a report.

Anybody can write anybody's name into From, so an address alone opens nothing: an answer must name
the Message-ID of a mail of ours, which only its receiver knows, and come from the address on file.
"""

import datetime as dt
from dataclasses import replace
from hashlib import sha256

from sqlalchemy import func, select, union_all
from sqlalchemy.dialects.postgresql import insert

from lapor_web.models import (
    Answer,
    Channel,
    Handled,
    InboundEvent,
    Medium,
    OutboxMessage,
    Report,
)
from lapor_web.services import answers, deliveries, senders
from lapor_web.services import inbound_texts as texts
from lapor_web.services.channels.phone import Delivery
from lapor_web.services.dialogues import lock_sender
from lapor_web.services.identity import Identity
from lapor_web.services.inbound_reports import (
    PLACE_UNKNOWN,
    Message,
    Result,
    Tools,
    add_to,
    submit_message,
    wrote_too_much,
)
from lapor_web.services.inbound_words import LONGEST_STORY, SHORTEST_STORY, boxes_in, place_in
from lapor_web.services.mail_reading import Bounce, Mail, read_mail
from lapor_web.services.sealing import decrypt, encrypt
from lapor_web.services.submission import Submission

TRIES = 8
"""At a mail that cannot be read."""
ANSWERS_A_DAY = 20
"""To one address. Whoever writes under another's name makes us write to them; not for long."""


def receive(raw: bytes, tools: Tools) -> Handled:
    """In the caller's transaction: once it is committed, whoever brought the mail may forget it.

    The same mail once more changes nothing.
    """
    mail = read_mail(raw)
    row_id = note(mail, tools)
    if row_id is None:
        return Handled.IGNORED
    row = tools.session.get_one(InboundEvent, row_id)
    result = react(mail, tools)
    row.outcome, row.handled_at = result.outcome, tools.now
    if result.answer and not answered_too_often(row, tools):
        answers.write(
            tools,
            Medium.EMAIL,
            mail.sender,
            result.answer,
            subject=texts.subject(tools.agency),
            report_id=result.report_id,
        )
    return result.outcome


# ---- mails that cannot be read ----


def set_aside(raw: bytes, error: Exception, tools: Tools) -> bool:
    """Whether it is with us now. At first it stays in its mailbox and comes again; after as many
    tries as a message has it is sealed, for an officer to have it read once more, and makes room
    there for others."""
    event_hash = tools.keys.hash_of_event(Channel.EMAIL, f"raw:{sha256(raw).hexdigest()}")
    row = tools.session.scalars(
        insert(InboundEvent)
        .values(
            agency_id=tools.agency.id,
            channel=Channel.EMAIL,
            event_hash=event_hash,
            outcome=Handled.LEFT_THERE,
            tries=1,
            reason=type(error).__name__,
            sent_at=tools.now,
            received_at=tools.now,
        )
        .on_conflict_do_update(
            index_elements=["agency_id", "event_hash"], set_={"tries": InboundEvent.tries + 1}
        )
        .returning(InboundEvent)
        .execution_options(populate_existing=True)
    ).one()
    if row.tries < TRIES:
        return False
    row.sealed = encrypt(tools.keys.message, raw, event_hash)
    row.outcome, row.handled_at = Handled.FAILED, tools.now
    return True


def read_again(row: InboundEvent, tools: Tools) -> Handled:
    """One that was set aside. Raises what was wrong with it, and InvalidTag under another secret."""
    return receive(decrypt(tools.keys.message, row.sealed or b"", row.event_hash), tools)


# ---- reading ----


def note(mail: Mail, tools: Tools) -> int | None:
    """The event's id, or None where it was taken before. Waits for whoever takes it right now."""
    sender_hash = tools.keys.hash_of_address(mail.sender) if mail.sender else None
    if sender_hash:
        lock_sender(tools.session, sender_hash)
    return tools.session.execute(
        insert(InboundEvent)
        .values(
            agency_id=tools.agency.id,
            channel=Channel.EMAIL,
            event_hash=tools.keys.hash_of_event(Channel.EMAIL, mail.event_id),
            sender_hash=sender_hash,
            outcome=Handled.IGNORED,
            sent_at=tools.now,
            received_at=tools.now,
        )
        .on_conflict_do_nothing(index_elements=["agency_id", "event_hash"])
        .returning(InboundEvent.id)
    ).scalar()


def react(mail: Mail, tools: Tools) -> Result:
    if mail.bounce is not None:
        came_back(mail.bounce, tools)
        return Result(Handled.IGNORED)
    if mail.automatic or not mail.sender:
        return Result(Handled.IGNORED)
    if senders.told_an_officer(tools.session, mail.answers):
        return Result(Handled.ANSWERED, texts.WRITE_IT_THERE)
    message = Message(
        channel=Channel.EMAIL,
        sender=mail.sender,
        key=tools.keys.form_of_event(Channel.EMAIL, mail.event_id),
        text=mail.text[:LONGEST_STORY],
        uploads=mail.uploads,
    )
    report = answered_report(mail, tools)
    if report is None:
        return new_report(mail, message, tools)
    return add_to(tools, report, message)


def came_back(bounce: Bounce, tools: Tools) -> None:
    for message_id in bounce.message_ids if bounce.for_ever else ():
        deliveries.note(
            tools.session,
            Delivery(
                event_id="",
                channel=Channel.EMAIL,
                provider_id=message_id,
                delivered=False,
                at=tools.now,
                reason=bounce.status,
            ),
        )


def answered_report(mail: Mail, tools: Tools) -> Report | None:
    """By a Message-ID of ours, and only if the sender's address is on file there."""
    if not mail.answers:
        return None
    about = set(
        tools.session.scalars(
            union_all(
                select(OutboxMessage.report_id).where(
                    OutboxMessage.provider_id.in_(mail.answers), OutboxMessage.user_id.is_(None)
                ),
                select(Answer.report_id).where(Answer.provider_id.in_(mail.answers)),
            )
        )
    )
    if not about:
        return None
    theirs = senders.reports_of(
        tools.session, tools.agency, Medium.EMAIL, mail.sender, keys=tools.keys, now=tools.now
    )
    return next((one for one in reversed(theirs) if one.id in about), None)


def new_report(mail: Mail, message: Message, tools: Tools) -> Result:
    """Subject and text are the story: a mail is not asked back for its place before it counts."""
    boxes, text = boxes_in(message.text)
    story = text if mail.subject.lower() in text.lower() else f"{mail.subject}\n\n{text}".strip()
    if len(story) < SHORTEST_STORY:
        return Result(Handled.ANSWERED, texts.help_text(tools.agency))
    place = place_in(text)
    result = submit_message(
        tools,
        message,
        Submission(
            key=message.key,
            channel=Channel.EMAIL,
            story=story[:LONGEST_STORY],
            place=place or PLACE_UNKNOWN,
            anonymous=boxes.anonymous,
            confidential=boxes.confidential,
            identity=Identity(email=mail.sender),
            quarantined=wrote_too_much(tools, mail.sender),
        ),
    )
    if place:
        return result
    return replace(result, answer=f"{result.answer}\n\n{texts.ASK_PLACE_BY_MAIL}")


def answered_too_often(row: InboundEvent, tools: Tools) -> bool:
    lately = tools.session.scalar(
        select(func.count())
        .select_from(InboundEvent)
        .where(
            InboundEvent.sender_hash == row.sender_hash,
            InboundEvent.sent_at > tools.now - dt.timedelta(days=1),
            InboundEvent.id != row.id,
        )
    )
    return (lately or 0) >= ANSWERS_A_DAY
