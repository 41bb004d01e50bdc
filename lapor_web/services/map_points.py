"""What a map shows of the published reports: single ones, and how many lie close together.

Of a reporter who must not be known the place is told to some 220 m. Whatever is asked (which
part of the map, how close) is asked of the place that is told, never of the true one: else a
thousand small questions would find it out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from lapor_web.models import Agency, Report, ReportPoint, Status
from lapor_web.services.places import COARSE, Point, told_latitude, told_longitude
from lapor_web.services.published import Asked, narrow
from lapor_web.services.search import search_ids

AT_MOST = 2000
"""The newest of what is on the map; nobody tells more apart, and a city has a million."""
LOOKED_AT = 10_000
"""Points, the newest of that part of the map, of which those that are asked for are shown: who asks
for a rare thing must not make the database look at all of them."""
CLOSEST_ZOOM, FARTHEST_ZOOM = 18, 8
CLUSTERS_ACROSS_TILE = 4
"""A tile is 256 pixels wide."""
UNCLUSTERED_FROM = 17


@dataclass(frozen=True, slots=True)
class Box:
    """In degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Spot:
    """One report, or several that lie close together; then only `count` tells of them."""

    latitude: float
    longitude: float
    count: int
    number: str = ""
    title: str = ""
    status: Status | None = None


def spots(session: Session, agency: Agency, asked: Asked, box: Box, zoom: int) -> Iterator[Spot]:
    newest = _newest(session, agency, asked, box).subquery()
    if min(zoom, CLOSEST_ZOOM) >= UNCLUSTERED_FROM:
        size = COARSE / 100  # only what is told to lie at the same place
    else:
        size = 360 / 2 ** max(zoom, FARTHEST_ZOOM) / CLUSTERS_ACROSS_TILE
    row, column = func.floor(newest.c.latitude / size), func.floor(newest.c.longitude / size)
    rows = session.execute(
        select(
            func.avg(newest.c.latitude).label("latitude"),
            func.avg(newest.c.longitude).label("longitude"),
            func.count().label("n"),
            func.max(newest.c.number).label("number"),
            func.max(newest.c.title).label("title"),
            func.max(newest.c.status).label("status"),
        ).group_by(row, column)
    )
    return (_spot(one) for one in rows)


def _spot(row: Row[Any]) -> Spot:
    where = round(float(row.latitude), 5), round(float(row.longitude), 5)
    if row.n > 1:
        return Spot(*where, row.n)
    return Spot(*where, 1, row.number, row.title, Status(row.status))


def _newest(session: Session, agency: Agency, asked: Asked, box: Box) -> Any:
    latitude, longitude = told_latitude(), told_longitude()
    narrowed = narrow(session, agency, asked)
    # By the index, and a little more; then by what is told.
    newest = (
        select(ReportPoint.report_id)
        .where(
            ReportPoint.latitude.between(box.south - COARSE, box.north + COARSE),
            ReportPoint.longitude.between(box.west - COARSE, box.east + COARSE),
            ~ReportPoint.outside,
        )
        .order_by(ReportPoint.report_id.desc())
        .limit(LOOKED_AT)
        .cte("newest")
        .prefix_with("MATERIALIZED")
    )
    found = (
        select(
            latitude.label("latitude"),
            longitude.label("longitude"),
            Report.number,
            func.coalesce(Report.title, "").label("title"),
            Report.status,
        )
        .select_from(newest)
        .join(ReportPoint, ReportPoint.report_id == newest.c.report_id)
        .join(Report, Report.id == ReportPoint.report_id)
        .where(
            Report.agency_id == agency.id,
            narrowed.scope,
            latitude.between(box.south, box.north),
            longitude.between(box.west, box.east),
        )
        .order_by(ReportPoint.report_id.desc())
        .limit(AT_MOST)
    )
    if not asked.words:
        return found
    ids = search_ids(
        session,
        agency.id,
        asked.words,
        narrowed.scope,
        prefix=agency.prefixes,
        limit=AT_MOST,
        public=True,
        marks=narrowed.marks,
    )
    return found.where(ReportPoint.report_id.in_(ids))


def told_point(session: Session, report: Report) -> Point | None:
    """Where the public is told that it is."""
    row = session.execute(
        select(told_latitude(), told_longitude())
        .select_from(ReportPoint)
        .join(Report, Report.id == ReportPoint.report_id)
        .where(ReportPoint.report_id == report.id, ~ReportPoint.outside)
    ).first()
    return Point(*row) if row else None
