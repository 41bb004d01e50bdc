"""What a visitor of the published reports asks for: words, kecamatan, status, subject, office."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from lapor_web import city
from lapor_web.extensions import db
from lapor_web.services.published import (
    LAST_PAGE,
    STAGES,
    Asked,
    Choice,
    Place,
    list_kecamatan,
    list_offices,
    list_subjects,
)
from lapor_web.text import clean_line

LONGEST_SEARCH = 100

STAGE_WORDS = {"belum": "Belum ditindaklanjuti", "proses": "Proses", "selesai": "Selesai"}


@dataclass(frozen=True, slots=True)
class Filters:
    """What there is to choose from."""

    places: Sequence[Place]
    subjects: Sequence[Choice]
    offices: Sequence[Choice]

    @classmethod
    def of_city(cls) -> "Filters":
        session, agency = db.session(), city.current_agency()
        return cls(
            list_kecamatan(session, agency),
            list_subjects(session, agency),
            list_offices(session, agency),
        )

    def asked(self) -> Asked:
        """What the address says; what it says wrongly counts as not said."""
        return Asked(
            words=clean_line(request.args.get("cari"))[:LONGEST_SEARCH],
            kecamatan=_known("kecamatan", (one.code for one in self.places)),
            stage=_known("status", STAGES),
            category=_known("kategori", (one.code for one in self.subjects)),
            opd=_known("opd", (one.code for one in self.offices)),
            page=min(max(request.args.get("halaman", 1, int), 1), LAST_PAGE),
        )

    def words(self, asked: Asked) -> str:
        """ "Palaran, Proses": what is chosen, to be read."""
        named: list[Any] = [*self.places, *self.subjects, *self.offices]
        names = {one.code: one.name for one in named}
        chosen = [names.get(code, "") for code in (asked.kecamatan, asked.category, asked.opd)]
        words = f"“{asked.words}”" if asked.words else ""
        return ", ".join(filter(None, [words, *chosen, STAGE_WORDS.get(asked.stage, "")]))


def _known(name: str, codes: Iterable[str]) -> str:
    said = request.args.get(name, "")
    return said if said in set(codes) else ""


def address_of(asked: Asked) -> dict[str, Any]:
    said = {
        "cari": asked.words,
        "kecamatan": asked.kecamatan,
        "status": asked.stage,
        "kategori": asked.category,
        "opd": asked.opd,
    }
    return {name: value for name, value in said.items() if value}
