"""Files on their way in pieces (tus 1.0); what has come so far lies sealed beside them."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lapor_web.models.base import Base, utc_now


class FileUpload(Base):
    """One file that a reporter's browser is sending; a row of one day."""

    __tablename__ = "file_upload"
    __table_args__ = (
        sa.CheckConstraint("received >= 0 AND received <= size", name="received"),
        sa.UniqueConstraint("report_id", "sender_name"),
        # What one address brought in a day, and what the cleaning up asks for.
        sa.Index("ix_file_upload_address_hash", "address_hash", "created_at"),
        sa.Index("ix_file_upload_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    history_sequence: Mapped[int | None]
    """The history row it belongs to; none means that it belongs to the report itself."""
    sender_name: Mapped[str | None]
    """What the sender calls this upload, so that asking for it twice makes one."""
    original_name: Mapped[str]
    size: Mapped[int]
    """Bytes that are to come."""
    received: Mapped[int] = mapped_column(default=0, server_default="0")
    wrapped_key: Mapped[bytes | None]
    """Of its pieces, wrapped by ours."""
    attachment_id: Mapped[int | None] = mapped_column(
        ForeignKey("attachment.id", ondelete="SET NULL"), index=True
    )
    """What became of it once it was whole."""
    address_hash: Mapped[bytes]
    """Keyed; gone with the row, so that a report is never bound to an address for long."""
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[dt.datetime]


class UploadPiece(Base):
    """Some bytes of it, from `start` on, sealed."""

    __tablename__ = "upload_piece"

    upload_id: Mapped[int] = mapped_column(
        ForeignKey("file_upload.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    start: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed: Mapped[bytes]
