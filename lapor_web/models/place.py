"""Where things are: the outlines of areas, and the point of a report."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from lapor_web.models.base import Base, utc_now


class AreaShape(Base):
    """The polygons of one area, in degrees of WGS84, longitude first as GeoJSON has it."""

    __tablename__ = "area_shape"

    area_id: Mapped[int] = mapped_column(
        ForeignKey("area.id"), primary_key=True, autoincrement=False
    )
    west: Mapped[float]
    south: Mapped[float]
    east: Mapped[float]
    north: Mapped[float]
    rings: Mapped[list[Any]] = mapped_column(JSONB)
    """Every ring of every polygon, holes too: a point lies inside when it is inside an odd number."""
    outline: Mapped[list[Any]] = mapped_column(JSONB)
    """The same with fewer corners, to be drawn."""
    loaded_at: Mapped[dt.datetime] = mapped_column(default=utc_now)


class ReportPoint(Base):
    """Where the reporter's phone said it was. Apart from the report, which most pages read."""

    __tablename__ = "report_point"
    __table_args__ = (sa.Index("ix_report_point_place", "latitude", "longitude"),)

    report_id: Mapped[int] = mapped_column(
        ForeignKey("report.id"), primary_key=True, autoincrement=False
    )
    latitude: Mapped[float]
    longitude: Mapped[float]
    accuracy: Mapped[int | None]
    """Metres, as the phone said."""
    outside: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """In none of the city's areas: for the verifier to look at, no fault of the reporter."""
