"""What came in by message or mail, the talk it belongs to, and what we answer.

Nobody is named here in the clear: senders are keyed hashes that live a day, words are sealed and
destroyed once they are where they belong.
"""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lapor_web.models.base import Base, utc_now
from lapor_web.models.report import Channel


class Handled(enum.StrEnum):
    WAITING = "waiting"
    NEW_REPORT = "new_report"
    REPLY = "reply"
    ANSWERED = "answered"
    """Asked back, or told what to do; nothing was added to any report."""
    IGNORED = "ignored"
    """By a machine, or about nothing of ours."""
    FAILED = "failed"
    """Given up after as many tries as a job has; what it said is still sealed in it, until an officer
    has it read again or lets it go."""
    LEFT_THERE = "left_there"
    """A mail that could not be read, and lies in its mailbox until it is tried again."""


class InboundEvent(Base):
    """One event of a provider, taken once: a message, or word of what became of one of ours."""

    __tablename__ = "inbound_event"
    __table_args__ = (
        sa.UniqueConstraint("agency_id", "event_hash"),
        sa.Index(
            "ix_inbound_event_waiting",
            "received_at",
            postgresql_where=sa.text("outcome = 'waiting'"),
        ),
        sa.Index(
            "ix_inbound_event_sender",
            "sender_hash",
            "sent_at",
            postgresql_where=sa.text("sender_hash IS NOT NULL"),
        ),
        sa.Index("ix_inbound_event_received_at", "received_at"),
        sa.Index(
            "ix_inbound_event_failed",
            "received_at",
            postgresql_where=sa.text("outcome = 'failed'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    channel: Mapped[Channel]
    event_hash: Mapped[bytes]
    """Keyed, of the provider's own id: those of WhatsApp hold the sender's number."""
    sender_hash: Mapped[bytes | None]
    """Of a message, for a day: to keep its sender's messages in order and to count a flood."""
    sealed: Mapped[bytes | None]
    outcome: Mapped[Handled] = mapped_column(default=Handled.WAITING)
    tries: Mapped[int] = mapped_column(sa.SmallInteger, default=0, server_default="0")
    reason: Mapped[str | None]
    """Of what went wrong the kind alone: its words may be the sender's."""
    sent_at: Mapped[dt.datetime]
    """By the provider's clock."""
    received_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    handled_at: Mapped[dt.datetime | None]


class Question(enum.StrEnum):
    """What we asked last, and wait to be told."""

    STORY = "story"
    PLACE = "place"
    WHICH = "which"
    """Of several reports, which one a message is about."""


class Dialogue(Base):
    """A talk with one phone, for a day after its last message."""

    __tablename__ = "dialogue"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    sender_hash: Mapped[bytes] = mapped_column(primary_key=True)
    last_at: Mapped[dt.datetime] = mapped_column(index=True)
    asks: Mapped[Question | None]
    sealed: Mapped[bytes | None]
    """What was said so far and is in no report yet."""


class Answer(Base):
    """What is sent back to whoever wrote to us. Like the outbox, but for words that cannot be made
    anew from a report, since its receipt code is kept nowhere."""

    __tablename__ = "answer"
    __table_args__ = (
        sa.Index(
            "ix_answer_waiting",
            "not_before",
            postgresql_where=sa.text("sent_at IS NULL AND parked_at IS NULL"),
        ),
        sa.Index(
            "ix_answer_provider_id",
            "provider_id",
            postgresql_where=sa.text("provider_id IS NOT NULL"),
        ),
        sa.Index("ix_answer_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    """The one that it is about, so that an answer to this answer finds its way."""
    key: Mapped[str] = mapped_column(unique=True)
    """The same at every try."""
    sealed: Mapped[bytes | None]
    """Address and words, until they are sent."""
    tries: Mapped[int] = mapped_column(sa.SmallInteger, default=0, server_default="0")
    reason: Mapped[str | None]
    provider_id: Mapped[str | None]
    not_before: Mapped[dt.datetime]
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    sent_at: Mapped[dt.datetime | None]
    parked_at: Mapped[dt.datetime | None]
