"""What is done with messages and mails that came in, and with our answers to them."""

import logging

from flask import current_app
from sqlalchemy.exc import OperationalError

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.gateways import mailbox, phone_gateway
from lapor_web.post_office import channels
from lapor_web.services import answers, inbound_events, inbound_mail, senders
from lapor_web.services.channels import Away
from lapor_web.services.channels.phone import MediaGone
from lapor_web.services.inbound_reports import Tools

logger = logging.getLogger(__name__)


def tools() -> Tools:
    return Tools(
        session=db.session(),
        agency=city.current_agency(),
        keys=city.keys(),
        storage=city.storage(),
        now=clock.now(),
        base_url=current_app.config.get("LAPOR_BASE_URL", "").rstrip("/"),
        fetch=fetch,
    )


def fetch(media: str) -> bytes:
    gateway = phone_gateway()
    if gateway is None:  # it was taken out of the settings since
        raise MediaGone
    return gateway.fetch(media)


def read_event(event_id: int) -> None:
    inbound_events.read(event_id, tools())


def send_answer(answer_id: int) -> None:
    answers.send(
        db.session(),
        answer_id,
        channels(),
        keys=city.keys(),
        now=clock.now(),
        reply_to=current_app.config.get("LAPOR_MAIL_REPLY_TO", ""),
    )


def look_after_talks() -> None:
    """Every few minutes: what nobody answered, and what lost its job."""
    at_hand = tools()
    inbound_events.close_silent_talks(at_hand)
    inbound_events.ask_again(at_hand.session, at_hand.now)
    answers.ask_again(at_hand.session, at_hand.now)


def forget_talks() -> None:
    inbound_events.forget_old(db.session(), clock.now())


def mark_senders() -> None:
    """At night; in transactions of their own, so that nobody waits long for a row."""
    last: int | None = 0
    while last is not None:
        last = senders.mark_some(db.session(), keys=city.keys(), after=last)
        db.session.commit()


# ---- mail ----


def receive_mail(raw: bytes) -> None:
    """Committed when it returns."""
    inbound_mail.receive(raw, tools())
    db.session.commit()


def empty_mailbox() -> None:
    """One mail that cannot be read holds up no other."""
    box = mailbox(current_app)
    if box is None:
        return
    try:
        taken = box.empty_into(take_mail)
    except Away as away:
        logger.warning("mailbox is away: %s", away.reason)
        return
    if taken:
        logger.info("mails taken: %d", taken)


def take_mail(raw: bytes) -> bool:
    try:
        receive_mail(raw)
    except OperationalError:
        raise  # the next one would fare no better
    except Exception as problem:  # nobody else's mail must suffer from this one
        db.session.rollback()
        logger.error("mail not read: %s", type(problem).__name__)
        ours = inbound_mail.set_aside(raw, problem, tools())
        db.session.commit()
        return ours
    return True
