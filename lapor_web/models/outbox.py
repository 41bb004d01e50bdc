"""Messages to send, written in the transaction of the move they tell of."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lapor_web.models.base import Base, utc_now


class MessageKind(enum.StrEnum):
    # to the reporter
    RECEIVED = "received"
    FORWARDED = "forwarded"
    ANSWERED = "answered"
    NEEDS_COMPLETION = "needs_completion"
    OVERDUE = "overdue"
    COMPLETION_PROPOSED = "completion_proposed"
    FINISHED = "finished"
    REOPENED = "reopened"
    OUTSIDE_AUTHORITY = "outside_authority"
    ARCHIVED = "archived"
    MERGED = "merged"
    SPLIT = "split"
    MAY_CONSENT = "may_consent"
    """Late for so long that the Ombudsman may read it, where the reporter agrees."""
    LINK = "link"
    """A way back for whoever lost the receipt code."""
    # to an officer
    ASSIGNED = "assigned"
    DISPOSED = "disposed"
    MENTIONED = "mentioned"
    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    LATE = "late"
    ESCALATED = "escalated"
    DIGEST = "digest"
    INVITATION = "invitation"


class Medium(enum.StrEnum):
    """What kind of address a letter goes to; the gateway decides how it reaches a phone."""

    EMAIL = "email"
    PHONE = "phone"


STILL_WAITS = "sent_at IS NULL AND cancelled_at IS NULL AND parked_at IS NULL"


class OutboxMessage(Base):
    """Holds no address, no text and no link: all are made when it is sent.

    Without `user_id` it is for whoever sent the report. Where it stands is told by which of
    `sent_at`, `cancelled_at` and `parked_at` is set; none means that it waits.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        # One message a move and person, and one digest a day, whatever runs twice.
        sa.Index(
            "uq_outbox_reporter",
            "report_id",
            "sequence",
            "kind",
            unique=True,
            postgresql_where=sa.text("user_id IS NULL AND about_id IS NULL"),
        ),
        sa.Index(
            "uq_outbox_follower",
            "about_id",
            "sequence",
            "report_id",
            "kind",
            unique=True,
            postgresql_where=sa.text("about_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_outbox_officer",
            "user_id",
            "report_id",
            "sequence",
            "kind",
            unique=True,
            postgresql_where=sa.text("user_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_outbox_day",
            "user_id",
            "kind",
            "about_on",
            unique=True,
            postgresql_where=sa.text("about_on IS NOT NULL"),
        ),
        sa.Index("ix_outbox_due", "not_before", postgresql_where=sa.text(STILL_WAITS)),
        sa.Index(
            "ix_outbox_parked", "parked_at", postgresql_where=sa.text("parked_at IS NOT NULL")
        ),
        sa.Index("uq_outbox_key", "key", unique=True, postgresql_where=sa.text("key IS NOT NULL")),
        sa.Index(
            "ix_outbox_provider_id",
            "provider_id",
            postgresql_where=sa.text("provider_id IS NOT NULL"),
        ),
        sa.CheckConstraint("report_id IS NOT NULL OR user_id IS NOT NULL", name="is_for_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    sequence: Mapped[int | None]
    """The place in the report's history of the move it tells of."""
    about_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    """The report whose move that is, where it is another one: whoever joined a report hears of it,
    at the address and by the link of their own."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    """The officer it is for; None: the reporter."""
    about_on: Mapped[dt.date | None]
    """The day that a digest is of."""
    kind: Mapped[MessageKind]
    not_before: Mapped[dt.datetime]
    """It leaves after the undo window. Whoever takes it to send it moves this on by some minutes,
    so that it comes again where they never say what became of it."""
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)

    key: Mapped[str | None]
    """Made when it is first taken, the same at every try; another address makes another letter."""
    medium: Mapped[Medium | None]
    tries: Mapped[int] = mapped_column(sa.SmallInteger, default=0, server_default="0")
    reason: Mapped[str | None]
    """Why it did not leave at the last try, in a short code."""
    provider_id: Mapped[str | None]
    sent_at: Mapped[dt.datetime | None]
    delivered_at: Mapped[dt.datetime | None]
    """As the provider reports it, where it does."""
    parked_at: Mapped[dt.datetime | None]
    """Given up until an officer mends the address and sends it again."""
    cancelled_at: Mapped[dt.datetime | None]
    """It never leaves: undone, or nobody is there to be told."""


class ChannelRest(Base):
    """A gateway that is away: its letters wait without using up their tries."""

    __tablename__ = "channel_rest"

    medium: Mapped[Medium] = mapped_column(primary_key=True)
    since: Mapped[dt.datetime]
    until: Mapped[dt.datetime]
    """When it is tried again."""
    reason: Mapped[str]


class ReportLink(Base):
    """A link in a message, which opens one report for a while. Its token is stored nowhere."""

    __tablename__ = "report_link"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
    asks_code: Mapped[bool]
    """Sent to an address that an officer typed in: it opens nothing without the receipt code."""


class NoticeSettings(Base):
    """Where and when an officer is told. Apart from the account, which every page reads."""

    __tablename__ = "notice_settings"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    email: Mapped[str | None]
    phone: Mapped[str | None]
    digest: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    personal: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    """At once, of what is assigned to them or mentions them."""
    dispositions: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    """At once, of every report disposed to their office."""
    quiet_from: Mapped[int] = mapped_column(sa.SmallInteger, default=20, server_default="20")
    quiet_until: Mapped[int] = mapped_column(sa.SmallInteger, default=6, server_default="6")
    """Hours of WITA between which nothing is sent at once; equal: never quiet."""
