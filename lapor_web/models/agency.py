"""A member of the national system (instansi): the city is one among many."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from lapor_web.models.base import Base


class Agency(Base):
    """With all that a city calls its own: every process keeps a copy of the row, and pages ask for
    nothing more (`lapor_web.city`)."""

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    service_name: Mapped[str]
    number_prefix: Mapped[str] = mapped_column(unique=True)
    timezone: Mapped[str]
    sp4n_id: Mapped[int | None]
    city_name: Mapped[str] = mapped_column(default="", server_default="")
    """In a sentence: "di Kota Samarinda"."""
    former_prefixes: Mapped[list[str]] = mapped_column(
        ARRAY(sa.Text), default=list, server_default="{}"
    )
    """Numbers that bear one of them are found for ever."""
    colours: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default="{}")
    """By their names in `lapor_web.palette`; those that are not there are the usual ones."""
    archive_reasons: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, default=list, server_default="[]"
    )
    """What the city says for a reason, and reasons of its own, in their order: `code`, `words`,
    `active`. What is not there has the words of `lapor_web.labels`."""

    answer_words: Mapped[int] = mapped_column(sa.SmallInteger, default=2, server_default="2")
    """Fewer words of its own, and a first answer says nothing (`services.first_answers`)."""

    @property
    def prefixes(self) -> tuple[str, ...]:
        """Of its numbers: the one of today first."""
        return (self.number_prefix, *(self.former_prefixes or ()))
