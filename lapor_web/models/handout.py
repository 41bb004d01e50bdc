"""What leaves the house about one report, and who took it out."""

import datetime as dt
import enum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lapor_web.models.base import Base, utc_now
from lapor_web.models.user import User


class BundleBasis(enum.StrEnum):
    """Why the Ombudsman may have it."""

    CONSENT = "consent"
    """The reporter agreed."""
    ESCALATED = "escalated"
    """So long late that the ladder came to its last rung."""


class OmbudsmanBundle(Base):
    """Somebody had the file of one report made for the Ombudsman. Never deleted."""

    __tablename__ = "ombudsman_bundle"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    basis: Mapped[BundleBasis]
    at: Mapped[dt.datetime] = mapped_column(default=utc_now)

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
