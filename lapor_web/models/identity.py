"""Who sent a report: a row of its own, sealed with the report's own key."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lapor_web.models.base import Base


class ReporterIdentity(Base):
    """Name and contact, AES-GCM under a key of this report.

    The key is stored wrapped by a key that is not in the database; destroying
    `wrapped_key` erases the person and leaves the report's skeleton (UU 27/2022).
    """

    __tablename__ = "reporter_identity"
    __table_args__ = (
        sa.Index(
            "ix_reporter_identity_phone_mark",
            "phone_mark",
            postgresql_where=sa.text("phone_mark IS NOT NULL"),
        ),
        sa.Index(
            "ix_reporter_identity_email_mark",
            "email_mark",
            postgresql_where=sa.text("email_mark IS NOT NULL"),
        ),
    )

    report_id: Mapped[int] = mapped_column(
        ForeignKey("report.id"), primary_key=True, autoincrement=False
    )
    wrapped_key: Mapped[bytes | None]
    sealed: Mapped[bytes | None]
    has_contact: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    phone_mark: Mapped[int | None] = mapped_column(sa.SmallInteger)
    email_mark: Mapped[int | None] = mapped_column(sa.SmallInteger)
    """One byte of a keyed hash: enough to find the few rows that may be a sender's, too little to
    say that two reports come from one person. See `services.senders`."""
    erased_at: Mapped[dt.datetime | None]
    news_stopped_at: Mapped[dt.datetime | None]
    """They asked to be told no more; a new contact starts it again."""
    contact_by_officer: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Mended by an officer: links sent there ask for the receipt code too."""


class IdentityReveal(Base):
    """Somebody looked behind an anonymous report: who, when, why. Never deleted."""

    __tablename__ = "identity_reveal"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str]
    at: Mapped[dt.datetime]
