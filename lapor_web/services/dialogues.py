"""The talk with one phone: what we asked last, and what was told so far, sealed."""

import datetime as dt
import json
from dataclasses import asdict, dataclass, replace

from cryptography.exceptions import InvalidTag
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lapor_web.models import Agency, Channel, Dialogue, Question
from lapor_web.services.inbound_words import LONGEST_STORY
from lapor_web.services.keys import Keys
from lapor_web.services.sealing import decrypt, encrypt

LASTS = dt.timedelta(hours=24)
"""As long as WhatsApp's session, which it is the memory of."""
PATIENCE = dt.timedelta(hours=2)
"""Whoever has not answered by then will not; what they told becomes a report as it is."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was told and is in no report yet."""

    key: str
    channel: Channel
    sender: str
    text: str = ""
    media: tuple[str, ...] = ()
    place: str = ""
    anonymous: bool = False
    confidential: bool = False

    def say(self, more: str) -> "Draft":
        return replace(self, text=f"{self.text}\n{more}".strip()[:LONGEST_STORY])


class Talk:
    """Held by the one worker that reads this sender's messages."""

    def __init__(self, row: Dialogue, keys: Keys, *, silent: bool = False):
        self.row, self.keys = row, keys
        self.silent = silent
        """They were asked too long ago for what comes now to be the answer."""

    @property
    def asks(self) -> Question | None:
        return self.row.asks

    @property
    def draft(self) -> Draft | None:
        """None where there is none, or where it was sealed under another secret."""
        return None if self.row.sealed is None else _open(self.row, self.keys)

    def ask(self, question: Question, draft: Draft) -> None:
        words = json.dumps(asdict(draft)).encode()
        self.row.asks = question
        self.row.sealed = encrypt(self.keys.message, words, _bound(self.row.sender_hash))

    def end(self) -> None:
        self.row.asks = self.row.sealed = None


def open_talk(
    session: Session, agency: Agency, sender_hash: bytes, *, keys: Keys, now: dt.datetime
) -> Talk:
    """The caller holds the sender's lock."""
    values = {"agency_id": agency.id, "sender_hash": sender_hash, "last_at": now}
    session.execute(insert(Dialogue).values(**values).on_conflict_do_nothing())
    row = session.get_one(Dialogue, (agency.id, sender_hash), populate_existing=True)
    silent = row.asks is not None and row.last_at <= now - PATIENCE
    row.last_at = max(row.last_at, now)
    return Talk(row, keys, silent=silent)


def lock_sender(session: Session, sender_hash: bytes) -> None:
    """Their messages are read one after the other, until the transaction ends."""
    session.execute(
        select(func.pg_advisory_xact_lock(int.from_bytes(sender_hash[:8], signed=True)))
    )


def wrote_lately(
    session: Session, agency: Agency, phone: str, *, keys: Keys, now: dt.datetime
) -> bool:
    """Whether that phone wrote to us within a day, so that anything may be written to it."""
    row = session.get(Dialogue, (agency.id, keys.hash_of_address(phone)))
    return row is not None and row.last_at > now - LASTS


def find_silent(session: Session, agency: Agency, now: dt.datetime) -> list[bytes]:
    """Who was asked and did not answer."""
    return list(
        session.scalars(
            select(Dialogue.sender_hash)
            .where(
                Dialogue.agency_id == agency.id,
                Dialogue.asks.is_not(None),
                Dialogue.last_at <= now - PATIENCE,
            )
            .limit(100)
        )
    )


def still_silent(
    session: Session, agency: Agency, sender_hash: bytes, now: dt.datetime
) -> Dialogue | None:
    """Asked again once the sender's lock is held."""
    row = session.get(Dialogue, (agency.id, sender_hash), populate_existing=True)
    waits = row is not None and row.asks is not None and row.last_at <= now - PATIENCE
    return row if waits else None


def forget_old(session: Session, now: dt.datetime) -> None:
    """That somebody wrote to us at all is nothing to keep."""
    session.execute(
        delete(Dialogue).where(Dialogue.asks.is_(None), Dialogue.last_at <= now - LASTS)
    )


def _open(row: Dialogue, keys: Keys) -> Draft | None:
    assert row.sealed is not None  # noqa: S101  asked before
    try:
        found = json.loads(decrypt(keys.message, row.sealed, _bound(row.sender_hash)))
    except InvalidTag:
        return None
    found["channel"], found["media"] = Channel(found["channel"]), tuple(found["media"])
    return Draft(**found)


def _bound(sender_hash: bytes) -> bytes:
    return b"lapor/dialogue/" + sender_hash
