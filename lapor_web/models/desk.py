"""What lies on an officer's desk beside reports: views they keep, and who reads what just now."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lapor_web.models.base import Base, utc_now


class SavedView(Base):
    """A list of the inbox that somebody gave a name; it is an address and nothing more."""

    __tablename__ = "saved_view"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "name"),
        sa.Index("ix_saved_view_shared", "opd_id", postgresql_where=sa.text("opd_id IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    """The office whose people all have it; None where it is its maker's alone."""
    name: Mapped[str]
    query: Mapped[str]
    """Of the address, without its question mark. Whoever opens it sees what they may see."""
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)


class Presence(Base):
    """An officer has a report open. Written every 20 seconds, so it is in no log and no backup, and
    has no foreign key: one to `report` would wait for whoever acts on it."""

    __tablename__ = "presence"
    __table_args__ = ({"prefixes": ["UNLOGGED"], "postgresql_with": {"fillfactor": 50}},)

    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    report_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[dt.datetime]
    active_at: Mapped[dt.datetime]
    """When a hand last moved on it."""
    seen_at: Mapped[dt.datetime]
    """When its page was last heard of; see `services.presence.EXPIRES`."""
    writing: Mapped[bool]
