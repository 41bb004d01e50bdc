"""Categories as the coordinator keeps them: two levels, renamed, moved, closed; never deleted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lapor_web.models import Category, Opd, Subject
from lapor_web.services.configuration import Configuring, NotThisWay


@dataclass(frozen=True, slots=True)
class Facts:
    """References by code."""

    name: str
    parent: str | None
    opd: str | None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Branch:
    main: Category
    below: Sequence[Category]


def find_subject(session: Session, agency_id: int, code: str) -> Category | None:
    return session.scalar(
        select(Category).where(Category.agency_id == agency_id, Category.code == code)
    )


def in_order(session: Session, agency_id: int) -> list[Branch]:
    """Main subjects with what lies under them; those in use first."""
    rows = session.scalars(
        select(Category)
        .where(Category.agency_id == agency_id)
        .order_by(Category.active.desc(), Category.name)
    ).all()
    return [
        Branch(main, [one for one in rows if one.parent_id == main.id])
        for main in rows
        if main.parent_id is None
    ]


def add_subject(act: Configuring, facts: Facts) -> Category:
    """Its code is made of its name. Raises NotThisWay."""
    one = Category(agency_id=act.agency.id, code=_free_code(act, facts.name), name=facts.name)
    _put_on(act, one, facts)
    act.session.add(one)
    act.session.flush()
    act.note(Subject.CATEGORY, one.code, one.name, {}, facts_of(act.session, one))
    return one


def change_subject(act: Configuring, one: Category, facts: Facts) -> None:
    """A closed one stays on the reports that have it. Raises NotThisWay."""
    before = facts_of(act.session, one)
    _put_on(act, one, facts)
    act.session.flush()
    act.note(Subject.CATEGORY, one.code, one.name, before, facts_of(act.session, one))


def _put_on(act: Configuring, one: Category, facts: Facts) -> None:
    parent = find_subject(act.session, act.agency.id, facts.parent) if facts.parent else None
    if facts.parent and (parent is None or parent.parent_id is not None or parent.id == one.id):
        raise NotThisWay("parent", "Pilih kategori utama")
    if parent is not None and one.id is not None and _has_below(act.session, one):
        raise NotThisWay("parent", "Kategori ini punya subkategori. Pindahkan dulu subkategorinya")
    if not facts.active and one.id is not None and _has_below(act.session, one, active=True):
        raise NotThisWay("active", "Masih ada subkategori yang dipakai. Tutup atau pindahkan dulu")
    if facts.active and parent is not None and not parent.active:
        raise NotThisWay("parent", "Kategori utama itu sudah ditutup. Pilih yang lain")
    if facts.active:
        _refuse_a_twin(act, one, facts.name, parent)
    one.name, one.active = facts.name, facts.active
    one.parent_id = parent.id if parent else None
    one.opd_id = _office(act, facts.opd)


def _refuse_a_twin(act: Configuring, one: Category, name: str, parent: Category | None) -> None:
    """Two of one name in one list, and nobody could tell which to choose."""
    others = select(Category.id).where(
        Category.agency_id == act.agency.id,
        Category.parent_id.is_not_distinct_from(parent.id if parent else None),
        func.lower(Category.name) == name.lower(),
        Category.active,
        Category.id.is_distinct_from(one.id),
    )
    if act.session.scalar(others.limit(1)) is not None:
        raise NotThisWay("name", "Kategori bernama ini sudah ada di sana. Pakai nama lain")


def _office(act: Configuring, code: str | None) -> int | None:
    if not code:
        return None
    opd_id = act.session.scalar(
        select(Opd.id).where(Opd.agency_id == act.agency.id, Opd.code == code)
    )
    if opd_id is None:
        raise NotThisWay("opd", "Pilih OPD yang ada di daftar")
    return opd_id


def _has_below(session: Session, one: Category, *, active: bool = False) -> bool:
    below = select(Category.id).where(Category.parent_id == one.id)
    below = below.where(Category.active) if active else below
    return session.scalar(below.limit(1)) is not None


def _free_code(act: Configuring, name: str) -> str:
    code = re.sub(r"[^A-Z0-9]+", "-", name.upper()).strip("-")[:40] or "KATEGORI"
    taken = set(
        act.session.scalars(select(Category.code).where(Category.agency_id == act.agency.id))
    )
    tries = [code, *(f"{code}-{number}" for number in range(2, len(taken) + 3))]
    return next(one for one in tries if one not in taken)


def facts_of(session: Session, one: Category) -> dict[str, Any]:
    parent = session.get(Category, one.parent_id) if one.parent_id else None
    opd = session.get(Opd, one.opd_id) if one.opd_id else None
    return {
        "name": one.name,
        "parent": parent.name if parent else None,
        "opd": opd.short_name if opd else None,
        "active": one.active,
    }
