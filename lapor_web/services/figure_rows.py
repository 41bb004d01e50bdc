"""The SQL of every indicator: what was counted in a period, by office or by another trait.

One statement each, and so one instant: whole years and months come from the kept counters, single
days at the edges from the rows themselves.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from lapor_web.models import COUNTERS, Agency, Opd
from lapor_web.services.periods import Days, Parts, Period, parts_of

Counts = Counter[str]
Histogram = Counter[int]

_VALUES_OF_REPORT = {
    "completion": True,
    "rating": True,
    "pace": False,
    "waiting": False,
    "due": False,
}
"""Whether it is the office's that holds the report now; else the city's as a whole."""
_VALUES_OF_HOLDER = ("pace", "waiting", "due", "in_time", "returned")

_kept_counts = sa.table(
    "kept_counts",
    *map(sa.column, ("agency_id", "dimension", "span", "starts_on", "key", *COUNTERS)),
)
_kept_values = sa.table(
    "kept_values",
    *map(sa.column, ("agency_id", "span", "starts_on", "measure", "opd_id", "value", "count")),
)
_reports = sa.table(
    "report_figures",
    *map(
        sa.column,
        (
            *("sign", "agency_id", "received_on"),
            *("opd_id", "category_id", "area_id", "channel", "classification"),
            *(name for name in COUNTERS if name != "entered"),
            *_VALUES_OF_REPORT,
        ),
    ),
)
_dispositions = sa.table(
    "disposition_figures",
    *map(sa.column, ("agency_id", "received_on", "opd_id", *_VALUES_OF_HOLDER)),
)

SIGNS = (1, -1)
"""What is added, what is taken away: the order of the pairs in `Parts`."""

LINE = func.coalesce(Opd.reports_as_id, Opd.id)
"""The office in whose line of the recap another one's reports are counted."""

DIMENSIONS = {
    "opd": "opd_id",
    "category": "category_id",
    "area": "area_id",
    "channel": "channel",
    "classification": "classification",
}
"""The traits that reports are counted by, and their columns."""


@dataclass(slots=True)
class OfficeRows:
    """What was counted for one office; `values` by measure, each value with how often it occurs."""

    counts: Counts = field(default_factory=Counter)
    values: dict[str, Histogram] = field(default_factory=dict)


@dataclass(slots=True)
class Month:
    counts: Counts = field(default_factory=Counter)
    pace: Histogram = field(default_factory=Counter)
    """The city's, from the first disposition on."""


def by_office(session: Session, agency: Agency, period: Period) -> dict[int | None, OfficeRows]:
    """By the id of the office whose line counts it; None is what no office holds, and holds the
    city's own measures too (`pace`, `waiting`, `due`)."""
    parts = parts_of(period)
    edges = _edges(agency.id, parts)
    counted = _counted(agency.id, parts, "opd", edges)
    counts = (
        select(
            LINE.label("line"),
            null().label("measure"),
            func.jsonb_build_object(
                *(item for name in COUNTERS for item in (literal(name), func.sum(counted.c[name])))
            ),
        )
        .select_from(counted.outerjoin(Opd, Opd.id == cast(counted.c.key, sa.BigInteger)))
        .group_by(LINE)
    )
    rows = session.execute(union_all(counts, _histograms(agency.id, parts, edges)))
    offices: dict[int | None, OfficeRows] = {}
    for line, measure, numbers in rows:
        office = offices.setdefault(line, OfficeRows())
        if measure is None:
            office.counts = Counter(numbers)
        else:
            office.values[measure] = Counter({int(value): n for value, n in numbers.items()})
    return offices


def by_trait(
    session: Session, agency: Agency, period: Period, trait: str
) -> dict[str | None, Counts]:
    """Reports by a key of DIMENSIONS; None is where it is not known."""
    parts = parts_of(period)
    counted = _counted(agency.id, parts, trait, _edges(agency.id, parts))
    sums = [func.sum(counted.c[name]).label(name) for name in COUNTERS]
    rows = session.execute(select(counted.c.key, *sums).group_by(counted.c.key))
    found = {row.key: Counter({name: int(getattr(row, name)) for name in COUNTERS}) for row in rows}
    return {key: counts for key, counts in found.items() if counts["entered"]}


def by_month(session: Session, agency: Agency, months: Sequence[dt.date]) -> dict[dt.date, Month]:
    """Whole months, by their first days; those without a report too."""
    asked = {"agency_id": agency.id, "months": list(months)}
    found = {month: Month() for month in months}
    for month, *sums in session.execute(_MONTHS, asked):
        found[month].counts.update(dict(zip(COUNTERS, map(int, sums), strict=True)))
    for month, value, count in session.execute(_PACES, asked):
        found[month].pace[value] = int(count)
    return found


_MONTHS = (
    select(_kept_counts.c.starts_on, *(func.sum(_kept_counts.c[name]) for name in COUNTERS))
    .where(
        _kept_counts.c.agency_id == bindparam("agency_id"),
        _kept_counts.c.dimension == "opd",
        _kept_counts.c.span == "month",
        _kept_counts.c.starts_on.in_(bindparam("months", expanding=True)),
    )
    .group_by(_kept_counts.c.starts_on)
)
_PACES = (
    select(_kept_values.c.starts_on, _kept_values.c.value, func.sum(_kept_values.c["count"]))
    .where(
        _kept_values.c.agency_id == bindparam("agency_id"),
        _kept_values.c.span == "month",
        _kept_values.c.measure == "pace",
        _kept_values.c.starts_on.in_(bindparam("months", expanding=True)),
    )
    .group_by(_kept_values.c.starts_on, _kept_values.c.value)
    .having(func.sum(_kept_values.c["count"]) != 0)
)


@dataclass(frozen=True, slots=True)
class _Edge:
    """The rows of single days, read once a statement however often they are counted."""

    sign: int
    reports: sa.CTE[Any]
    dispositions: sa.CTE[Any]


def _edges(agency_id: int, parts: Parts) -> list[_Edge]:
    return [
        _Edge(
            sign,
            select(_reports).where(_on_days(_reports.c, agency_id, days)).cte(),
            select(_dispositions).where(_on_days(_dispositions.c, agency_id, days)).cte(),
        )
        for sign, days in zip(SIGNS, parts.days, strict=True)
        if days
    ]


def _counted(agency_id: int, parts: Parts, trait: str, edges: list[_Edge]) -> sa.Subquery:
    kept = _kept_counts.c
    whole = (
        select(kept.key, *((sign * kept[name]).label(name) for name in COUNTERS)).where(
            kept.agency_id == agency_id, kept.dimension == trait, spans
        )
        for sign, spans in _spans(kept, parts)
    )
    return union_all(*whole, *(_edge_counts(edge, trait) for edge in edges)).subquery()


def _edge_counts(edge: _Edge, trait: str) -> sa.Select[Any]:
    key, count = edge.reports.c[DIMENSIONS[trait]], edge.sign * func.count()
    columns: list[ColumnElement[Any]] = [cast(key, sa.Text).label("key"), count.label("entered")]
    for name in COUNTERS:
        if name != "entered":
            columns.append((edge.sign * func.count().filter(edge.reports.c[name])).label(name))
    return select(*columns).group_by(key)


def _histograms(agency_id: int, parts: Parts, edges: list[_Edge]) -> sa.Select[Any]:
    kept = _kept_values.c
    whole = (
        select(kept.measure, kept.opd_id, kept.value, (sign * kept["count"]).label("n")).where(
            kept.agency_id == agency_id, spans
        )
        for sign, spans in _spans(kept, parts)
    )
    of_edges = (values for edge in edges for values in _edge_values(edge))
    each = union_all(*whole, *of_edges).subquery()
    summed = (
        select(LINE.label("line"), each.c.measure, each.c.value, func.sum(each.c.n).label("n"))
        .select_from(each.outerjoin(Opd, Opd.id == each.c.opd_id))
        .group_by(LINE, each.c.measure, each.c.value)
        .having(func.sum(each.c.n) != 0)
        .subquery()
    )
    return select(
        summed.c.line, summed.c.measure, func.jsonb_object_agg(summed.c.value, summed.c.n)
    ).group_by(summed.c.line, summed.c.measure)


def _edge_values(edge: _Edge) -> Iterator[sa.Select[Any]]:
    reports, holders = edge.reports.c, edge.dispositions.c
    for name, by_holder in _VALUES_OF_REPORT.items():
        opd_id = reports.opd_id if by_holder else cast(null(), sa.BigInteger)
        yield _edge_value(name, opd_id, reports[name], edge.sign)
    for name in _VALUES_OF_HOLDER:
        yield _edge_value(f"holder_{name}", holders.opd_id, holders[name], edge.sign)


def _edge_value(
    measure: str, opd_id: ColumnElement[Any], value: ColumnElement[Any], sign: int
) -> sa.Select[Any]:
    return (
        select(
            literal(measure).label("measure"),
            opd_id.label("opd_id"),
            cast(value, sa.Integer).label("value"),
            (sign * func.count()).label("n"),
        )
        .where(value.is_not(None))
        .group_by(opd_id, value)
    )


def _spans(kept: Any, parts: Parts) -> Iterator[tuple[int, ColumnElement[bool]]]:
    """The whole years and months, those to be added, then those to be taken away."""
    years = and_(kept.span == "year", kept.starts_on.in_(parts.years))
    for sign, starts in zip(SIGNS, parts.months, strict=True):
        months = and_(kept.span == "month", kept.starts_on.in_(starts))
        yield sign, or_(years, months) if sign > 0 else months


def _on_days(rows: Any, agency_id: int, days: list[Days]) -> ColumnElement[bool]:
    return and_(
        rows.agency_id == agency_id,
        or_(*(rows.received_on.between(first, last) for first, last in days)),
    )
