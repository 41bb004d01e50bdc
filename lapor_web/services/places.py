"""Points: whether one is a place at all, in which area it lies, and how much of it is told."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from lapor_web.models import Agency, Area, AreaKind, AreaShape, Report, ReportPoint

Position = Sequence[float]
"""Longitude, then latitude, as GeoJSON has them."""
Ring = Sequence[Position]

COARSE = 0.002
"""Degrees, some 220 m: what is told of where somebody was who must not be known."""
FINE = 0.0002
"""Some 22 m: the same side of the street."""
LEAST_ACCURATE = 100_000
"""Metres; beyond it the phone knows no more than the words do."""


@dataclass(frozen=True, slots=True)
class Point:
    """In degrees of WGS84; `accuracy` in metres, as the phone said."""

    latitude: float
    longitude: float
    accuracy: int | None = None


class NotAPlace(ValueError):
    """No number, no degrees, or degrees that are not on Earth (S-10)."""


def read_point(latitude: str, longitude: str, accuracy: str = "") -> Point | None:
    """What a form sent; None where it sent nothing. Raises NotAPlace."""
    if not latitude and not longitude:
        return None
    try:
        lat, lon = float(latitude), float(longitude)
    except ValueError:
        raise NotAPlace from None
    # (NaN is within nothing.)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise NotAPlace
    return Point(lat, lon, _metres(accuracy))


def _metres(text: str) -> int | None:
    try:
        metres = float(text)
    except ValueError:
        return None
    return round(metres) if 0 <= metres <= LEAST_ACCURATE else None


@dataclass(frozen=True, slots=True)
class Found:
    """The smallest area known that a point lies in, and the kecamatan around it."""

    area_id: int
    name: str
    kecamatan_id: int | None
    kecamatan: str

    @property
    def names(self) -> list[str]:
        return [name for name in (self.name, self.kecamatan) if name]


def find_area(session: Session, agency: Agency, point: Point) -> Found | None:
    """None outside the city's areas, and where the city has loaded none."""
    boxes = (
        select(Area, AreaShape.rings)
        .join(AreaShape, AreaShape.area_id == Area.id)
        .where(
            Area.agency_id == agency.id,
            AreaShape.west <= point.longitude,
            AreaShape.east >= point.longitude,
            AreaShape.south <= point.latitude,
            AreaShape.north >= point.latitude,
        )
        .order_by(Area.code)
    )
    inside = [area for area, rings in session.execute(boxes) if covers(rings, point)]
    by_kind = {area.kind: area for area in reversed(inside)}
    kelurahan = by_kind.get(AreaKind.KELURAHAN)
    kecamatan = kelurahan.parent if kelurahan else by_kind.get(AreaKind.KECAMATAN)
    area = kelurahan or kecamatan or by_kind.get(AreaKind.CITY)
    if area is None:
        return None
    return Found(
        area.id,
        area.name,
        kecamatan.id if kecamatan else None,
        kecamatan.name if kecamatan else "",
    )


def covers(rings: Iterable[Ring], point: Point) -> bool:
    """Whether a line from the point to the east crosses the rings an odd number of times: so holes
    are outside, and so is what lies between the parts of an area."""
    return sum(_crossings(ring, point.longitude, point.latitude) for ring in rings) % 2 == 1


def _crossings(ring: Ring, x: float, y: float) -> int:
    count = 0
    for (x1, y1, *_), (x2, y2, *_) in pairwise(ring):
        # Of a corner's two sides only the one below it counts, so that it is not crossed twice.
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            count += 1
    return count


def has_shapes(session: Session, agency: Agency) -> bool:
    """Whether the city has told where its areas are."""
    shape = select(AreaShape.area_id).join(Area).where(Area.agency_id == agency.id).limit(1)
    return session.scalar(shape) is not None


def outlines(session: Session, agency: Agency) -> list[dict[str, Any]]:
    """GeoJSON features of the largest parts that are known: kecamatan, else kelurahan."""
    for kind in (AreaKind.KECAMATAN, AreaKind.KELURAHAN, AreaKind.CITY):
        shapes = session.execute(
            select(Area.code, Area.name, AreaShape.outline)
            .join(AreaShape)
            .where(Area.agency_id == agency.id, Area.kind == kind)
            .order_by(Area.code)
        ).all()
        if shapes:
            return [_feature(*row) for row in shapes]
    return []


def _feature(code: str, name: str, outline: list[Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name},
        "geometry": {"type": "MultiLineString", "coordinates": outline},
    }


def rounded(point: Point, *, coarse: bool) -> Point:
    """The middle of the square it lies in. Always the same one for the same place, so that asking
    again and again tells no more."""
    size = COARSE if coarse else FINE

    def middle(degrees: float) -> float:
        return round((math.floor(degrees / size) + 0.5) * size, 6)

    return Point(middle(point.latitude), middle(point.longitude))


def coarsen(session: Session, report_id: int) -> None:
    """For good: where somebody's phone was is a part of who they are."""
    if row := session.get(ReportPoint, report_id):
        told = rounded(Point(row.latitude, row.longitude), coarse=True)
        row.latitude, row.longitude, row.accuracy = told.latitude, told.longitude, None


def told_latitude() -> ColumnElement[float]:
    """`rounded` as the database does it, for the public: what it asks of a place, it asks of this."""
    return _told(ReportPoint.latitude)


def told_longitude() -> ColumnElement[float]:
    return _told(ReportPoint.longitude)


def _told(degrees: Any) -> ColumnElement[float]:
    size = case((Report.anonymous, COARSE), else_=FINE)
    return (func.floor(degrees / size) + 0.5) * size
