"""Reports by what they are about, where, and how they came: the lines of a breakdown.

A trait's name and value stand in the address (`?menurut=kanal&nilai=web`), so they are Indonesian
and stay. What a line counts, `condition` lists.
"""

import enum
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.orm import Session

from lapor_web.models import Agency, Area, AreaKind, Category, Channel, Classification, Report
from lapor_web.services.figure_rows import Counts, by_trait
from lapor_web.services.periods import Period
from lapor_web.services.recap import percent
from lapor_web.services.usages import Usage


class Trait(enum.StrEnum):
    """The value is its word in the address."""

    CATEGORY = "kategori"
    AREA = "wilayah"
    CHANNEL = "kanal"
    CLASSIFICATION = "klasifikasi"


UNKNOWN = "tanpa"
"""Stands for the line of those of which it is not known."""

_DIMENSION = {
    Trait.CATEGORY: "category",
    Trait.AREA: "area",
    Trait.CHANNEL: "channel",
    Trait.CLASSIFICATION: "classification",
}
_COLUMN: dict[Trait, Any] = {
    Trait.CATEGORY: Report.category_id,
    Trait.AREA: Report.area_id,
    Trait.CHANNEL: Report.channel,
    Trait.CLASSIFICATION: Report.classification,
}
_ENUM: dict[Trait, type[enum.StrEnum]] = {
    Trait.CHANNEL: Channel,
    Trait.CLASSIFICATION: Classification,
}


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of one line; `received` is D, in the usage that was asked for."""

    entered: int
    received: int
    finished: int
    in_process: int
    not_acted_on: int

    @classmethod
    def of(cls, counts: Counts, usage: Usage = Usage.LETTER) -> "Tally":
        standing = [counts[name] for name in ("finished", "in_process", "not_acted_on")]
        received = sum(standing)
        if usage is Usage.WIDE:
            received += counts["on_hold"] + counts["archived"]
        return cls(counts["entered"], received, *standing)

    @property
    def finished_percent(self) -> Decimal | None:
        return percent(self.finished, self.received)


@dataclass(frozen=True, slots=True)
class Line:
    value: str
    """In the address; of a channel or class also that of the enum."""
    name: str | None
    """None where its word is the label of an enum, or it is not known."""
    tally: Tally
    under: list["Line"] = field(default_factory=list)
    """Parts of it: kelurahan of a kecamatan, subjects of a wider one."""


def breakdown(
    session: Session, agency: Agency, period: Period, trait: Trait, usage: Usage
) -> list[Line]:
    """The lines of a trait; together they are all that came in. What is not known comes last."""
    counts = by_trait(session, agency, period, _DIMENSION[trait])
    unknown = counts.pop(None, Counter())
    if trait in _ENUM:
        lines = [
            Line(one.value, None, Tally.of(counts[one.value], usage))
            for one in _ENUM[trait]
            if one.value in counts
        ]
    else:
        lines = _tree(_nodes(session, agency.id, trait), counts, usage)
    if unknown["entered"]:
        lines.append(Line(UNKNOWN, None, Tally.of(unknown, usage)))
    return lines


@dataclass(frozen=True, slots=True)
class _Node:
    id: int
    code: str
    name: str
    parent_id: int | None


def _nodes(session: Session, agency_id: int, trait: Trait) -> dict[int, _Node]:
    table: Any = Area if trait is Trait.AREA else Category
    rows = session.execute(
        select(table.id, table.code, table.name, table.parent_id)
        .where(table.agency_id == agency_id)
        .order_by(table.code if trait is Trait.AREA else table.name)
    )
    nodes = {row.id: _Node(*row) for row in rows}
    if trait is Trait.AREA:
        # The city itself is where no kecamatan is known, and nothing lies under it.
        city = set(session.scalars(_CITY.where(Area.agency_id == agency_id)))
        nodes = {
            one.id: _Node(one.id, one.code, one.name, None) if one.parent_id in city else one
            for one in nodes.values()
        }
    return nodes


_CITY = select(Area.id).where(Area.kind == AreaKind.CITY)


def _tree(nodes: dict[int, _Node], counts: dict[str | None, Counts], usage: Usage) -> list[Line]:
    """Two levels: what lies deeper is counted with the second."""
    whole: dict[int, Counts] = {}
    parts: dict[int, dict[int, Counts]] = {}
    for key, own in counts.items():
        way = _way(nodes, int(key or 0))
        whole.setdefault(way[0], Counter()).update(own)
        if len(way) > 1:
            parts.setdefault(way[0], {}).setdefault(way[1], Counter()).update(own)
    return [
        _line(node, whole[node.id], usage, _under(nodes, parts.get(node.id, {}), usage))
        for node in nodes.values()
        if node.id in whole
    ]


def _way(nodes: dict[int, _Node], node_id: int) -> list[int]:
    """From the top down to it."""
    way = [node_id]
    while (parent := nodes[way[0]].parent_id) is not None:
        way.insert(0, parent)
    return way


def _under(nodes: dict[int, _Node], parts: dict[int, Counts], usage: Usage) -> list[Line]:
    return [_line(node, parts[node.id], usage) for node in nodes.values() if node.id in parts]


def _line(node: _Node, counts: Counts, usage: Usage, under: Iterable[Line] = ()) -> Line:
    return Line(node.code, node.name, Tally.of(counts, usage), list(under))


_NAMES = text("""
    SELECT (SELECT sum(xmin::text::bigint) FROM category), (SELECT sum(xmin::text::bigint) FROM area)
""")


def names_stamp(session: Session) -> tuple[object, ...]:
    """Equal stamps mean equal names and trees; what was counted has a stamp of its own."""
    return tuple(session.execute(_NAMES).one())


@dataclass(frozen=True, slots=True)
class Chosen:
    """One line of a breakdown, opened."""

    trait: Trait
    value: str
    name: str | None
    condition: ColumnElement[bool]


def choose(session: Session, agency_id: int, trait: str, value: str) -> Chosen | None:
    """The line of that name and value; None where there is none."""
    if trait not in set(Trait):
        return None
    kind = Trait(trait)
    column = _COLUMN[kind]
    if value == UNKNOWN:
        return Chosen(kind, value, None, column.is_(None))
    if kind in _ENUM:
        known = value in set(_ENUM[kind])
        return Chosen(kind, value, None, column == value) if known else None
    nodes = _nodes(session, agency_id, kind)
    node = next((one for one in nodes.values() if one.code == value), None)
    if node is None:
        return None
    ids = [one for one in nodes if node.id in _way(nodes, one)]
    return Chosen(kind, value, node.name, column.in_(ids))
