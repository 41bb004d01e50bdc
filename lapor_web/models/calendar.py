"""Days off, in versions, and the limits of each step, with the days on which they hold."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lapor_web.models.base import Base, utc_now
from lapor_web.models.report import Classification


class HolidayKind(enum.StrEnum):
    NATIONAL = "national"
    COLLECTIVE_LEAVE = "collective_leave"
    ELECTION = "election"


class CalendarVersion(Base):
    """A whole calendar. An edit makes a new one; clocks remember which one they used."""

    __tablename__ = "calendar_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    note: Mapped[str] = mapped_column(default="")

    holidays: Mapped[list["Holiday"]] = relationship(
        order_by="Holiday.date", cascade="all, delete-orphan"
    )


class Holiday(Base):
    __tablename__ = "holiday"

    calendar_id: Mapped[int] = mapped_column(
        ForeignKey("calendar_version.id", ondelete="CASCADE"), primary_key=True
    )
    date: Mapped[dt.date] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[HolidayKind]


class Step(enum.StrEnum):
    VERIFICATION = "verification"
    FIRST_FOLLOW_UP = "first_follow_up"
    FINISH = "finish"
    REPORTER_SILENCE = "reporter_silence"
    HOLD = "hold"
    OMBUDSMAN = "ombudsman"


class Limit(Base):
    """How long a step may take, from a day on; the newest that holds on the day counts."""

    __tablename__ = "limit"
    __table_args__ = (
        sa.Index(
            "uq_limit_step",
            "agency_id",
            "step",
            "classification",
            "valid_from",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        sa.CheckConstraint("days > 0", name="days_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    step: Mapped[Step]
    classification: Mapped[Classification | None]
    days: Mapped[int]
    """Working days (hari kerja); calendar days for the Ombudsman's step."""
    amber_days: Mapped[int | None]
    valid_from: Mapped[dt.date]
    source: Mapped[str] = mapped_column(default="")
