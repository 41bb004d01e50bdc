"""Pictures and papers of a report; the bytes lie sealed in the storage, not here."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lapor_web.models.base import Base, utc_now


class AttachmentState(enum.StrEnum):
    RECEIVED = "received"
    """A picture of which only the original is there; nobody is served it until it was redrawn."""
    READY = "ready"
    REFUSED = "refused"
    """It could not be decoded, or was erased; nobody is served anything."""


class Attachment(Base):
    __tablename__ = "attachment"
    __table_args__ = (
        sa.CheckConstraint("report_id IS NOT NULL OR key_hash IS NOT NULL", name="belongs"),
        # What the cleaning up asks for, every hour.
        sa.Index(
            "ix_attachment_waiting", "created_at", postgresql_where=sa.text("report_id IS NULL")
        ),
        sa.Index(
            "ix_attachment_received",
            "created_at",
            postgresql_where=sa.text("state = 'received'"),
        ),
        sa.Index(
            "ix_attachment_erased",
            "id",
            postgresql_where=sa.text("wrapped_key IS NULL AND original_blob IS NOT NULL"),
        ),
        # What tells a blob that nobody owns.
        sa.Index("ix_attachment_original_blob", "original_blob"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    history_sequence: Mapped[int | None]
    """The history row it came with; none means it came with the report itself."""
    key_hash: Mapped[bytes | None] = mapped_column(index=True)
    """The form it came with, so that it waits for a report that is not yet sent."""
    address_hash: Mapped[bytes | None]
    """Keyed, of where it came from, while it waits for its report; then it is forgotten."""
    content_hash: Mapped[bytes | None]
    """Keyed hash of the original: the same file is not taken twice."""
    by_reporter: Mapped[bool]
    media_type: Mapped[str]
    """Of the original; what is served of a picture is always a JPEG."""
    original_name: Mapped[str]
    """As its sender calls it: text to show, and nothing else."""
    alt_text: Mapped[str] = mapped_column(default="", server_default="")
    size: Mapped[int]
    """Bytes of the original."""
    state: Mapped[AttachmentState] = mapped_column(default=AttachmentState.RECEIVED)
    wrapped_key: Mapped[bytes | None]
    """Its own key, wrapped by ours; without it the bytes are noise."""
    original_blob: Mapped[str | None]
    clean_blob: Mapped[str | None]
    thumbnail_blob: Mapped[str | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    """Of the picture as it is served, once it is ready."""
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")
