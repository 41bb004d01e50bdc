"""Pictures and papers of a report; the bytes lie sealed in the storage, not here."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lapor_web.models.base import Base, utc_now


class AttachmentState(enum.StrEnum):
    RECEIVED = "received"
    """Only the original is there; nobody is served it until it was re-encoded."""
    READY = "ready"
    REFUSED = "refused"


class Attachment(Base):
    __tablename__ = "attachment"
    __table_args__ = (
        sa.CheckConstraint("report_id IS NOT NULL OR key_hash IS NOT NULL", name="belongs"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    history_sequence: Mapped[int | None]
    """The history row it came with; none means it came with the report itself."""
    key_hash: Mapped[bytes | None] = mapped_column(index=True)
    """The form it waits for, while the report is not yet sent."""
    by_reporter: Mapped[bool]
    media_type: Mapped[str]
    original_name: Mapped[str]
    alt_text: Mapped[str] = mapped_column(default="", server_default="")
    size: Mapped[int]
    """Bytes of the original."""
    state: Mapped[AttachmentState] = mapped_column(default=AttachmentState.RECEIVED)
    wrapped_key: Mapped[bytes | None]
    original_blob: Mapped[str | None]
    clean_blob: Mapped[str | None]
    thumbnail_blob: Mapped[str | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
