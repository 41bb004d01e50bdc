"""Kecamatan and kelurahan, by their Kemendagri codes (64.72.01.1001)."""

import enum

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lapor_web.models.base import Base


class AreaKind(enum.StrEnum):
    CITY = "city"
    KECAMATAN = "kecamatan"
    KELURAHAN = "kelurahan"


class Area(Base):
    __tablename__ = "area"
    __table_args__ = (sa.UniqueConstraint("agency_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[AreaKind]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]

    parent: Mapped["Area | None"] = relationship(remote_side=[id])
