"""A unit of an agency: dinas, badan, kecamatan, kelurahan, puskesmas …"""

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lapor_web.models.base import Base

INSPECTORATE = "inspectorate"


class Opd(Base):
    __tablename__ = "opd"
    __table_args__ = (
        sa.UniqueConstraint("agency_id", "code"),
        sa.Index("uq_opd_sp4n_id", "agency_id", "sp4n_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    code: Mapped[str]
    name: Mapped[str]
    short_name: Mapped[str]
    kind: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    reports_as_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    """The OPD whose line in a recap counts this one's reports; None means itself."""
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    sp4n_id: Mapped[int | None]
    sp4n_name: Mapped[str | None]
    keywords: Mapped[str] = mapped_column(default="", server_default="")
    needs_approval: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    """Whether completion waits for a supervisor; off where an OPD has no such account."""
    active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    """Closed, and its work went there; it then stands under that one (`services.office_merge`)."""

    parent: Mapped["Opd | None"] = relationship(foreign_keys=[parent_id], remote_side=[id])
