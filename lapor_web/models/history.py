"""Every move of a report, in a chain without gaps that is never rewritten."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lapor_web.models.base import Base, utc_now
from lapor_web.models.report import Report, Status
from lapor_web.models.user import Role
from lapor_web.models.workflow import Action


class HistoryEntry(Base):
    """Who did what, when, and to which status it led. Answers and replies are its `text`.

    Names are kept as they were then, so that a renamed office or person does not
    change what the reporter was once told.
    """

    __tablename__ = "history"
    __table_args__ = (
        sa.UniqueConstraint("report_id", "sequence", "to_status"),
        sa.ForeignKeyConstraint(
            ["report_id", "previous"],
            ["history.report_id", "history.sequence"],
            name="fk_history_previous",
        ),
        sa.CheckConstraint(
            "sequence = 1 AND previous IS NULL OR previous = sequence - 1", name="no_gap"
        ),
        sa.CheckConstraint(
            "role IN ('reporter', 'system') OR user_id IS NOT NULL", name="officer_is_known"
        ),
    )

    report_id: Mapped[int] = mapped_column(
        ForeignKey("report.id"), primary_key=True, autoincrement=False
    )
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    previous: Mapped[int | None]
    action: Mapped[Action]
    from_status: Mapped[Status | None]
    to_status: Mapped[Status]
    role: Mapped[Role]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    doer_name: Mapped[str] = mapped_column(default="")
    opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    """The OPD this row is about: the one disposed to, or the one that answered."""
    opd_name: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    visible: Mapped[bool] = mapped_column(default=False)
    """Whether the reporter (and, of a published report, the public) may read `text`."""
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    undoes: Mapped[int | None]
    undone: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    at: Mapped[dt.datetime] = mapped_column(default=utc_now)

    report: Mapped[Report] = relationship(back_populates="history", foreign_keys=[report_id])
