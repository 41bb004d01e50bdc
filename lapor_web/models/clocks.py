"""What the clock did: the rungs of the ladder that were climbed, and what was erased when."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lapor_web.models.base import Base


class Rung(enum.StrEnum):
    """Of the escalation ladder, from the bottom up (domain.md, Clocks)."""

    SOON = "soon"
    """Whose turn it is, is reminded some working days before."""
    TODAY = "today"
    """And once more on the last day."""
    SUPERVISOR = "supervisor"
    LEADERS = "leaders"
    OMBUDSMAN_READY = "ombudsman_ready"
    """The reporter may let the Ombudsman read it."""
    OMBUDSMAN = "ombudsman"
    """They did, and the Ombudsman is told."""


class Escalation(Base):
    """One rung, climbed once for one deadline of one holder: the database refuses a second."""

    __tablename__ = "escalation"
    __table_args__ = (
        sa.Index(
            "uq_escalation_rung",
            "report_id",
            "rung",
            "due_on",
            "opd_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    rung: Mapped[Rung]
    due_on: Mapped[dt.date | None]
    """The deadline it was about; none for the Ombudsman's rungs, which come once in a life."""
    opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    """Who held the report then."""
    sequence: Mapped[int]
    """Its row of history."""
    at: Mapped[dt.datetime]


class Erased(enum.StrEnum):
    IDENTITY = "identity"
    ATTACHMENTS = "attachments"


class Erasure(Base):
    """A key that was destroyed because its time was up: of what, and when. Never deleted.

    No row of history: nothing was done to the report, and an import stays as it was imported.
    """

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    what: Mapped[Erased]
    files: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    """How many, where attachments were erased."""
    closed_at: Mapped[dt.datetime]
    """From when the time was counted."""
    at: Mapped[dt.datetime]
