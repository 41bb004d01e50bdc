"""The coordination meeting (rakor): its agenda, who came, what was promised, and its walls."""

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lapor_web.models.base import Base, utc_now
from lapor_web.models.opd import Opd
from lapor_web.models.report import Report
from lapor_web.models.user import User


class Meeting(Base):
    """Planned until it is opened, and over when it is closed."""

    __tablename__ = "meeting"
    __table_args__ = (
        sa.CheckConstraint("period_end >= period_start", name="period"),
        sa.CheckConstraint(
            "closed_at IS NULL OR opened_at IS NOT NULL", name="closed_after_opened"
        ),
        sa.Index("ix_meeting_held", "agency_id", "held_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    name: Mapped[str]
    place: Mapped[str]
    held_on: Mapped[dt.date]
    period_start: Mapped[dt.date]
    period_end: Mapped[dt.date]
    """The reports it is about: those received in these days (WITA), both included."""
    chair: Mapped[str] = mapped_column(default="")
    note_taker: Mapped[str] = mapped_column(default="")
    minutes: Mapped[str] = mapped_column(default="")
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    opened_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    figures_at_opening: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    figures_at_closing: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """Recaps of its period, as `Recap.to_json` writes them."""

    agenda: Mapped[list["AgendaItem"]] = relationship(
        order_by="AgendaItem.position", cascade="all, delete-orphan", back_populates="meeting"
    )
    steering: Mapped["Steering"] = relationship(back_populates="meeting")

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None


class AgendaItem(Base):
    """An office whose late reports are gone through."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "opd_id"),
        sa.UniqueConstraint(
            "meeting_id", "position", deferrable=True, initially="DEFERRED"
        ),  # two change places in two statements
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    opd_id: Mapped[int] = mapped_column(ForeignKey("opd.id"))
    position: Mapped[int]
    begun_at: Mapped[dt.datetime | None]
    """When the meeting first came to it."""

    meeting: Mapped[Meeting] = relationship(back_populates="agenda")
    opd: Mapped[Opd] = relationship()
    cases: Mapped[list["AgendaCase"]] = relationship(
        order_by="AgendaCase.position", cascade="all, delete-orphan", back_populates="item"
    )


class AgendaCase(Base):
    """A late report as it stood when the meeting came to its office: the list does not shrink or
    jump under the hands of whoever leads through it."""

    __tablename__ = "agenda_case"
    __table_args__ = (sa.UniqueConstraint("item_id", "report_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(
        ForeignKey("agenda_item.id", ondelete="CASCADE"), index=True
    )
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    position: Mapped[int]
    due_on: Mapped[dt.date]
    """The deadline that had passed."""
    discussed_at: Mapped[dt.datetime | None]

    item: Mapped[AgendaItem] = relationship(back_populates="cases")
    report: Mapped[Report] = relationship()


class Attendance(Base):
    """Who came, for an office or as a guest."""

    __tablename__ = "attendance"
    __table_args__ = (
        sa.Index(
            "uq_attendance_opd",
            "meeting_id",
            "opd_id",
            unique=True,
            postgresql_where=sa.text("opd_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meeting.id", ondelete="CASCADE"), index=True
    )
    opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    name: Mapped[str] = mapped_column(default="")
    """Of the person and their position; of a guest, of their institution too."""

    opd: Mapped[Opd | None] = relationship()


class Commitment(Base):
    """What an office promised in a meeting: this report done by that day.

    Nothing here says whether it was kept: `services.commitments` derives that from the report. It
    holds while the deed that recorded it was not undone, and while the same meeting has no newer
    one about the same report.
    """

    __tablename__ = "commitment"
    __table_args__ = (
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_commitment_report"),
        sa.ForeignKeyConstraint(
            ["report_id", "sequence"],
            ["history.report_id", "history.sequence"],
            name="fk_commitment_recorded_by",
        ),
        sa.UniqueConstraint("report_id", "sequence"),
        sa.Index("ix_commitment_meeting", "meeting_id", "id"),
        sa.Index("ix_commitment_of_opd", "opd_id", "report_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    report_id: Mapped[int] = mapped_column()
    sequence: Mapped[int]
    """The row of history that recorded it."""
    opd_id: Mapped[int] = mapped_column(ForeignKey("opd.id"))
    """The office that held the report then, and that promised."""
    due_on: Mapped[dt.date]
    responsible: Mapped[str]
    """A person's position, as it was said: "Kabid Sumber Daya Air"."""
    made_at: Mapped[dt.datetime] = mapped_column(default=utc_now)

    meeting: Mapped[Meeting] = relationship()
    report: Mapped[Report] = relationship(foreign_keys=[report_id])
    opd: Mapped[Opd] = relationship()


class WallMode(enum.StrEnum):
    """What a wall shows. The value is its word in the address."""

    OVERVIEW = "ikhtisar"
    AGENDA = "agenda"
    NOT_ACTED_ON = "belum"
    COMMITMENTS = "komitmen"
    RECAP = "rekap"
    PAUSE = "jeda"


class Steering(Base):
    """Where the meeting stands: what its walls show, and who said so last."""

    __tablename__ = "steering"

    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True
    )
    mode: Mapped[WallMode] = mapped_column(default=WallMode.PAUSE)
    page: Mapped[int] = mapped_column(default=1)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_item.id", ondelete="SET NULL"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_case.id", ondelete="SET NULL"))
    draft_on: Mapped[dt.date | None]
    """A day that is being noted for the case, and not recorded yet."""
    larger: Mapped[int] = mapped_column(sa.SmallInteger, default=0, server_default="0")
    """By so many steps its walls are written larger than their own screen needs it."""
    blank: Mapped[bool] = mapped_column(default=False)
    frozen: Mapped[bool] = mapped_column(default=False)
    """Updates wait: what is on the wall is being talked about."""
    version: Mapped[int] = mapped_column(default=1)
    """Grows with everything that the walls of the meeting might show differently."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    steered_at: Mapped[dt.datetime | None]

    meeting: Mapped[Meeting] = relationship(back_populates="steering")
    item: Mapped[AgendaItem | None] = relationship()
    case: Mapped[AgendaCase | None] = relationship()
    user: Mapped[User | None] = relationship()


class Wall(Base):
    """A screen that shows a code, and once the code was entered a meeting. Nobody signs in at it:
    its code opens what the meeting shows, and nothing else."""

    __tablename__ = "wall"
    __table_args__ = (
        sa.CheckConstraint("code ~ '^[0-9]{6}$'", name="six_digits"),
        sa.Index(
            "uq_wall_code", "code", unique=True, postgresql_where=sa.text("revoked_at IS NULL")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    meeting_id: Mapped[int | None] = mapped_column(
        ForeignKey("meeting.id", ondelete="CASCADE"), index=True
    )
    bound_at: Mapped[dt.datetime | None]
    seen_at: Mapped[dt.datetime]
    """When it last looked, as exactly as `services.wall` cares to write it down."""
    revoked_at: Mapped[dt.datetime | None]

    meeting: Mapped[Meeting | None] = relationship()
