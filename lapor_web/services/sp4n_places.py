"""Finds the city's own offices, subjects and areas under the names of the national system."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from lapor_web.models import Agency, Area, AreaKind, Category, Opd
from lapor_web.services import sp4n_file as file
from lapor_web.services.sp4n_row import RowRefused

V = TypeVar("V")

UNKNOWN_PLACE = "Tidak disebutkan"


@dataclass(frozen=True, slots=True)
class Office:
    """Where a report was disposed to. `id` is None for the agency itself, which is no OPD."""

    id: int | None
    name: str


class Places:
    """Read once an import, looked up for each of its rows."""

    def __init__(self, session: Session, agency: Agency):
        opds = session.scalars(select(Opd).where(Opd.agency_id == agency.id)).all()
        areas = session.scalars(select(Area).where(Area.agency_id == agency.id)).all()
        categories = session.scalars(select(Category).where(Category.agency_id == agency.id)).all()

        self._city = {plain(area.name) for area in areas if area.kind is AreaKind.CITY}
        itself = Office(None, agency.name)
        offices = {opd: Office(opd.id, opd.name) for opd in opds}
        self._office_by_id: dict[int | None, Office] = {
            opd.sp4n_id: offices[opd] for opd in opds if opd.sp4n_id
        }
        if agency.sp4n_id:
            self._office_by_id[agency.sp4n_id] = itself
        self._office_by_name = only_once(
            (self._without_city(name), office)
            for opd, office in offices.items()
            for name in {opd.name, opd.sp4n_name or opd.name}
        ) | {self._without_city(agency.name): itself}

        self._category_by_id: dict[int | None, int] = {
            one.sp4n_id: one.id for one in categories if one.sp4n_id
        }
        self._category_by_name = only_once((plain(one.name), one.id) for one in categories)
        self._kecamatan = {
            plain(one.name): one.id for one in areas if one.kind is AreaKind.KECAMATAN
        }
        self._kelurahan = only_once(
            (plain(one.name), one.id) for one in areas if one.kind is AreaKind.KELURAHAN
        )

    def office(self, cells: dict[str, str]) -> Office | None:
        """By id, else by name; None where it was disposed to nobody. Raises RowRefused."""
        sp4n_id, name = cells[file.OFFICE_ID].strip("- "), cells[file.OFFICE].strip("- ")
        if not sp4n_id and not name:
            return None
        found = self._office_by_id.get(_number(sp4n_id))
        found = found or self._office_by_name.get(self._without_city(name))
        if found is None:
            named = f"{name} (ID {sp4n_id})" if sp4n_id else name
            raise RowRefused(f"{file.OFFICE} tidak dikenal: {' '.join(named.split())[:80]}")
        return found

    def category_id(self, cells: dict[str, str]) -> int | None:
        by_id = self._category_by_id.get(_number(cells[file.CATEGORY_ID]))
        return by_id or self._category_by_name.get(plain(cells[file.CATEGORY]))

    def area_id(self, cells: dict[str, str]) -> int | None:
        """The kelurahan, else the kecamatan of that name, which may be one of the six of before
        2010 and larger than today's; None elsewhere than in this city."""
        city, kecamatan = plain(cells[file.CITY]), plain(cells[file.KECAMATAN])
        if (city and city not in self._city) or (kecamatan and kecamatan not in self._kecamatan):
            return None
        # Kelurahan moved to the new kecamatan of 2010, so only their own name tells.
        return self._kelurahan.get(plain(cells[file.KELURAHAN])) or self._kecamatan.get(kecamatan)

    def _without_city(self, name: str) -> str:
        words = plain(name)
        for city in self._city:
            words = words.removesuffix(f" {city}")
        return words


def place_in_words(cells: dict[str, str]) -> str:
    """All that the file tells of the place: it has no street and no point."""
    kelurahan, kecamatan = cells[file.KELURAHAN], cells[file.KECAMATAN]
    parts = (
        f"Kelurahan {_capital(kelurahan)}" if kelurahan else "",
        f"Kecamatan {_capital(kecamatan)}" if kecamatan else "",
        cells[file.CITY],
    )
    return ", ".join(part for part in parts if part) or cells[file.PROVINCE] or UNKNOWN_PLACE


def plain(name: str) -> str:
    """SATUAN POLISI PAMONG PRAJA and Satuan Polisi Pamong  Praja are the same to us."""
    return " ".join(re.sub(r"[^\w]+", " ", name.casefold()).split())


def only_once(pairs: Iterable[tuple[str, V]]) -> dict[str, V]:
    """Without the names that could mean two things."""
    distinct = set(pairs)
    times = Counter(name for name, _ in distinct)
    return {name: value for name, value in distinct if name and times[name] == 1}


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def _capital(name: str) -> str:
    return name.title() if name.isupper() else name
