"""Answers to whoever wrote to us: sealed until they are sent, and sent once however often tried."""

import datetime as dt
import json
import logging
import secrets

from cryptography.exceptions import InvalidTag
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lapor_web.models import Answer, Medium
from lapor_web.services import jobs, outbox
from lapor_web.services.channels import Away, Channels, Letter, Refused, TryAgain
from lapor_web.services.inbound_reports import Tools
from lapor_web.services.jobs import Job
from lapor_web.services.keys import Keys
from lapor_web.services.sealing import decrypt, encrypt

logger = logging.getLogger(__name__)

TRIES = 8
FIRST_WAIT = dt.timedelta(minutes=1)
"""Each next one twice as long."""
WORTH_SENDING = dt.timedelta(days=2)
"""Afterwards nobody waits for it any more; the report is there, and the reporter's page too."""
KEPT = dt.timedelta(days=30)


def write(
    tools: Tools, medium: Medium, to: str, text: str, *, subject: str = "", report_id: int | None
) -> None:
    """In the transaction of what it tells of."""
    key = secrets.token_urlsafe(16)
    words = {"medium": medium, "to": to, "text": text, "subject": subject}
    row = Answer(
        agency_id=tools.agency.id,
        report_id=report_id,
        key=key,
        sealed=encrypt(tools.keys.message, json.dumps(words).encode(), key.encode()),
        not_before=tools.now,
        created_at=tools.now,
    )
    tools.session.add(row)
    tools.session.flush()
    jobs.defer(tools.session, Job.SEND_ANSWER, answer_id=row.id)


def send(
    session: Session,
    answer_id: int,
    channels: Channels,
    *,
    keys: Keys,
    now: dt.datetime,
    reply_to: str = "",
) -> None:
    """Or put it off, or park it. The same key at every try."""
    row = session.scalar(
        select(Answer).where(Answer.id == answer_id).with_for_update(skip_locked=True)
    )
    if row is None or row.sent_at is not None or row.parked_at is not None:
        return
    try:
        letter = open_letter(row, keys, reply_to)
        sent = deliver(session, letter, channels, now)
    except Refused as refused:
        park(session, row, refused.reason, now)
    except TryAgain as later:
        put_off(session, row, later, now)
    else:
        row.sent_at, row.reason, row.sealed = now, None, None
        row.provider_id = sent or None


def open_letter(row: Answer, keys: Keys, reply_to: str) -> Letter:
    try:
        found = json.loads(decrypt(keys.message, row.sealed or b"", row.key.encode()))
    except InvalidTag:
        raise Refused("unreadable") from None
    found["medium"] = Medium(found["medium"])
    return Letter(key=row.key, reply_to=reply_to or None, **found)


def deliver(session: Session, letter: Letter, channels: Channels, now: dt.datetime) -> str:
    """A channel that is away rests, for these letters as for those of the outbox: one that is
    slow would otherwise keep every hand of the worker busy."""
    channel = channels.get(letter.medium)
    if channel is None:
        raise Away("no_gateway")
    if outbox.is_resting(session, letter.medium, now):
        raise Away("resting")
    try:
        sent = channel.send(letter)
    except Away as away:
        outbox.begin_rest(session, letter.medium, away.reason, now)
        raise
    outbox.end_rest(session, letter.medium)
    return sent.provider_id


def put_off(session: Session, row: Answer, later: TryAgain, now: dt.datetime) -> None:
    row.reason = later.reason
    if isinstance(later, Away):
        row.not_before = now + outbox.REST  # and costs no try
    else:
        row.tries += 1
        row.not_before = now + FIRST_WAIT * 2 ** (row.tries - 1)
    if row.tries >= TRIES or now - row.created_at > WORTH_SENDING:
        park(session, row, later.reason, now)
    else:
        jobs.defer(session, Job.SEND_ANSWER, not_before=row.not_before, answer_id=row.id)


def park(session: Session, row: Answer, reason: str, now: dt.datetime) -> None:
    """Its words go: the receipt code among them is nothing to leave lying about."""
    logger.warning("answer %d parked: %s", row.id, reason)
    row.parked_at, row.reason, row.sealed = now, reason, None
    say_it_otherwise(session, row, now)


def say_it_otherwise(session: Session, row: Answer, now: dt.datetime) -> None:
    """Whoever does not get number and code of their report is told of it as all others are."""
    if row.report_id is None:
        return
    first = select(func.min(Answer.id)).where(Answer.report_id == row.report_id)
    if session.scalar(first) == row.id:
        outbox.say_after_all(session, row.report_id, now)


def ask_again(session: Session, now: dt.datetime) -> None:
    """For answers whose job is lost."""
    late = session.scalars(
        select(Answer.id)
        .where(
            Answer.sent_at.is_(None),
            Answer.parked_at.is_(None),
            Answer.not_before < now - dt.timedelta(minutes=10),
        )
        .order_by(Answer.not_before)
        .limit(200)
    )
    for answer_id in late:
        jobs.defer(session, Job.SEND_ANSWER, answer_id=answer_id)


def forget_old(session: Session, now: dt.datetime) -> None:
    session.execute(delete(Answer).where(Answer.created_at < now - KEPT))
