"""What was changed of the city's own rules and names: who, when, what stood there before."""

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from lapor_web.models.base import Base, utc_now


class Subject(enum.StrEnum):
    """What can be changed on screen."""

    USER = "user"
    OPD = "opd"
    CATEGORY = "category"
    AREA = "area"
    CALENDAR = "calendar"
    LIMIT = "limit"
    ARCHIVE_REASON = "archive_reason"
    CITY = "city"
    CANNED_TEXT = "canned_text"


class ConfigurationChange(Base):
    """One change, for ever: the database refuses to rewrite a row (migration 0019).

    Values are words as they were then, so that a name that changes later changes no past.
    """

    __tablename__ = "configuration_change"
    __table_args__ = (sa.Index("ix_configuration_change_of", "agency_id", "subject", "key", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    subject: Mapped[Subject]
    key: Mapped[str]
    """Which of them: a code, a user name, a year."""
    name: Mapped[str]
    """What it was called."""
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Of what changed only; empty for what is new."""
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """None for whoever runs a command on the server."""
    doer_name: Mapped[str]
    at: Mapped[dt.datetime] = mapped_column(default=utc_now)
