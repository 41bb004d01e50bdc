"""What an office works with: the steps it noted for one report, and answers written beforehand."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lapor_web.models.base import Base, utc_now


class ChecklistItem(Base):
    """A step on the way to an answer. No row of history: it overtakes nobody, and says nothing to
    the reporter."""

    __tablename__ = "checklist_item"
    __table_args__ = (
        sa.CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    text: Mapped[str]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    done_at: Mapped[dt.datetime | None]


class CannedText(Base):
    """An answer written beforehand; what stands in square brackets is edited before it is sent."""

    __tablename__ = "canned_text"
    __table_args__ = (
        sa.UniqueConstraint("agency_id", "opd_id", "title", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    """Whose it is; None: the whole city's."""
    title: Mapped[str]
    text: Mapped[str]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    changed_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
