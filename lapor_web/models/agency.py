"""A member of the national system (instansi): the city is one among many."""

from sqlalchemy.orm import Mapped, mapped_column

from lapor_web.models.base import Base


class Agency(Base):
    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    service_name: Mapped[str]
    number_prefix: Mapped[str] = mapped_column(unique=True)
    timezone: Mapped[str]
    sp4n_id: Mapped[int | None]
