"""The filters of a list as its address has them: ?status=&klasifikasi=&wilayah=&dari=&…

A word that means nothing here narrows nothing, so that an old link still opens an inbox.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select

from lapor_web import labels
from lapor_web.dates import full_day
from lapor_web.extensions import db
from lapor_web.inbox.words import FLAG
from lapor_web.models import Area, Category, Channel, Classification, Opd, Status, User
from lapor_web.services.desk import Desk
from lapor_web.services.inbox_filters import (
    NOTHING,
    Assignee,
    Filters,
    Flag,
    area_and_under,
    category_and_under,
    opd_of,
)
from lapor_web.text import clean_line

NAMES = (
    *("status", "klasifikasi", "kategori", "opd", "wilayah", "kanal"),
    *("dari", "sampai", "lewat", "tanda", "petugas"),
)
Word = TypeVar("Word", Status, Classification, Channel, Flag)


def read_filters(desk: Desk, sent: Mapping[str, str]) -> tuple[Filters, dict[str, str]]:
    """What is asked, and those of its words that an address has to repeat."""
    filters, kept = NOTHING, {}
    for name in NAMES:
        value = clean_line(sent.get(name))
        if not value or (narrowed := READERS[name](desk, filters, value)) in {None, filters}:
            continue
        filters, kept[name] = narrowed or filters, value
    return filters, kept


Reader = Callable[[Desk, Filters, str], Filters | None]


def with_one(filters: Filters, field: str, value: Any) -> Filters:
    return replace(filters, **{field: value})


def _word(kind: type[Word], field: str) -> Reader:
    def read(desk: Desk, filters: Filters, value: str) -> Filters | None:
        return with_one(filters, field, kind(value)) if value in list(kind) else None

    return read


def _day(field: str) -> Reader:
    def read(desk: Desk, filters: Filters, value: str) -> Filters | None:
        try:
            return with_one(filters, field, dt.date.fromisoformat(value))
        except ValueError:
            return None

    return read


def _category(desk: Desk, filters: Filters, value: str) -> Filters | None:
    return replace(filters, category_ids=category_and_under(db.session(), desk.agency.id, value))


def _area(desk: Desk, filters: Filters, value: str) -> Filters | None:
    return replace(filters, area_ids=area_and_under(db.session(), desk.agency.id, value))


def _opd(desk: Desk, filters: Filters, value: str) -> Filters | None:
    return replace(filters, holder_id=opd_of(db.session(), desk.agency.id, value))


def _late(desk: Desk, filters: Filters, value: str) -> Filters | None:
    return replace(filters, late=True) if value == "ya" else None


def _assignee(desk: Desk, filters: Filters, value: str) -> Filters | None:
    if value == Assignee.NOBODY:
        return replace(filters, unassigned=True)
    if value == Assignee.ME:
        return replace(filters, assignee_id=desk.user.id)
    known = db.session.scalar(select(User.id).where(colleagues_of(desk), User.username == value))
    return replace(filters, assignee_id=known) if known else None


def colleagues_of(desk: Desk) -> ColumnElement[bool]:
    """Those of whom one may ask what is assigned to them."""
    if desk.sees_city:
        return User.agency_id == desk.agency.id
    return User.opd_id.in_(desk.units)


READERS: Mapping[str, Reader] = {
    "status": _word(Status, "status"),
    "klasifikasi": _word(Classification, "classification"),
    "kategori": _category,
    "opd": _opd,
    "wilayah": _area,
    "kanal": _word(Channel, "channel"),
    "dari": _day("since"),
    "sampai": _day("until"),
    "lewat": _late,
    "tanda": _word(Flag, "flag"),
    "petugas": _assignee,
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter as the list says it."""

    name: str
    words: str


def chips_of(kept: Mapping[str, str], agency_id: int) -> list[Chip]:
    return [Chip(name, WORDS[name](value, agency_id)) for name, value in kept.items()]


def _named(kind: type[Category] | type[Area] | type[Opd], prefix: str) -> Callable[[str, int], str]:
    def words(value: str, agency_id: int) -> str:
        named = select(kind.name).where(kind.agency_id == agency_id, kind.code == value)
        return f"{prefix}{db.session.scalar(named) or value}"

    return words


def _of_day(prefix: str) -> Callable[[str, int], str]:
    return lambda value, _: f"{prefix} {full_day(dt.date.fromisoformat(value))}"


def _of_person(value: str, agency_id: int) -> str:
    if value == Assignee.NOBODY:
        return "belum ditugaskan"
    if value == Assignee.ME:
        return "ditugaskan ke saya"
    name = select(User.name).where(User.agency_id == agency_id, User.username == value)
    return f"ditugaskan ke {db.session.scalar(name) or value}"


WORDS: Mapping[str, Callable[[str, int], str]] = {
    "status": lambda value, _: labels.STATUS[Status(value)],
    "klasifikasi": lambda value, _: labels.CLASSIFICATION[Classification(value)],
    "kategori": _named(Category, ""),
    "opd": _named(Opd, ""),
    "wilayah": _named(Area, ""),
    "kanal": lambda value, _: f"lewat {labels.CHANNEL[Channel(value)]}",
    "dari": _of_day("masuk sejak"),
    "sampai": _of_day("masuk sampai"),
    "lewat": lambda value, _: "lewat tenggat",
    "tanda": lambda value, _: FLAG[Flag(value)],
    "petugas": _of_person,
}
