"""Messages to send, written in the transaction of the move they tell of."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lapor_web.models.base import Base, utc_now


class MessageKind(enum.StrEnum):
    RECEIVED = "received"
    FORWARDED = "forwarded"
    ANSWERED = "answered"
    NEEDS_COMPLETION = "needs_completion"
    COMPLETION_PROPOSED = "completion_proposed"
    FINISHED = "finished"
    REOPENED = "reopened"
    OUTSIDE_AUTHORITY = "outside_authority"
    ARCHIVED = "archived"
    MERGED = "merged"


class OutboxMessage(Base):
    """Holds no address and no text: both are made from the report when it is sent."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.UniqueConstraint("report_id", "sequence", "kind"),
        sa.Index(
            "ix_outbox_waiting",
            "not_before",
            postgresql_where=sa.text("sent_at IS NULL AND cancelled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    sequence: Mapped[int]
    kind: Mapped[MessageKind]
    not_before: Mapped[dt.datetime]
    """It leaves after the undo window."""
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    sent_at: Mapped[dt.datetime | None]
    cancelled_at: Mapped[dt.datetime | None]
