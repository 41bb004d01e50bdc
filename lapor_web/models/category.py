"""The tree of subjects, two levels or more, after SP4N-LAPOR!'s own."""

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lapor_web.models.base import Base


class Category(Base):
    __tablename__ = "category"
    __table_args__ = (
        sa.UniqueConstraint("agency_id", "code"),
        sa.Index("uq_category_sp4n_id", "agency_id", "sp4n_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    code: Mapped[str]
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    sp4n_id: Mapped[int | None]
    opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())

    parent: Mapped["Category | None"] = relationship(remote_side=[id])
