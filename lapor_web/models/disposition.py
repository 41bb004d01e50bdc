"""Which OPD held a report, from when to when: one responsible at a time, any tembusan."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lapor_web.models.base import Base
from lapor_web.models.opd import Opd
from lapor_web.models.report import Report


class DispositionKind(enum.StrEnum):
    RESPONSIBLE = "responsible"
    TEMBUSAN = "tembusan"


class EndReason(enum.StrEnum):
    RETURNED = "returned"
    REASSIGNED = "reassigned"
    CLOSED = "closed"
    UNDONE = "undone"


class Disposition(Base):
    __tablename__ = "disposition"
    __table_args__ = (
        sa.Index(
            "uq_disposition_responsible",
            "report_id",
            unique=True,
            postgresql_where=sa.text("kind = 'responsible' AND ended_at IS NULL"),
        ),
        sa.Index(
            "uq_disposition_opd",
            "report_id",
            "opd_id",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="end_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    opd_id: Mapped[int] = mapped_column(ForeignKey("opd.id"), index=True)
    kind: Mapped[DispositionKind]
    received_on: Mapped[dt.date]
    """The report's own, so that a recap by date received need not join."""
    started_at: Mapped[dt.datetime]
    started_sequence: Mapped[int]
    ended_at: Mapped[dt.datetime | None]
    ended_sequence: Mapped[int | None]
    end_reason: Mapped[EndReason | None]
    first_read_at: Mapped[dt.datetime | None]
    """When somebody of the responsible office first opened it: read is not acted on."""
    first_read_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    first_follow_up_at: Mapped[dt.datetime | None]
    waiting: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Responsible, in status `forwarded`, no follow-up yet: its age runs."""
    waiting_from: Mapped[dt.date | None]
    follow_up_due_on: Mapped[dt.date | None]
    pace_days: Mapped[int | None] = mapped_column(sa.SmallInteger)
    """Working days from this disposition to this holder's first follow-up, pauses taken out."""
    in_time: Mapped[bool | None]
    says_nothing: Mapped[bool | None]
    """Of this holder's first answer, by `services.first_answers`; None where there is none yet."""

    report: Mapped[Report] = relationship(back_populates="dispositions")
    opd: Mapped[Opd] = relationship()

    @property
    def is_responsible_now(self) -> bool:
        return self.kind is DispositionKind.RESPONSIBLE and self.ended_at is None
