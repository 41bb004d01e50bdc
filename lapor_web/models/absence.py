"""Who stands in for whom (Plt.), and from when to when."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lapor_web.models.base import Base, utc_now
from lapor_web.models.user import User


class Substitution(Base):
    """Both days included, in WITA. Never rewritten: who ends it early is noted."""

    __tablename__ = "substitution"
    __table_args__ = (
        sa.CheckConstraint("absent_id <> substitute_id", name="of_another"),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        sa.Index("ix_substitution_substitute", "substitute_id", "ends_on"),
        sa.Index("ix_substitution_absent", "absent_id", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    absent_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    substitute_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    set_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    ended_at: Mapped[dt.datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    absent: Mapped[User] = relationship(foreign_keys=[absent_id])
    substitute: Mapped[User] = relationship(foreign_keys=[substitute_id])
