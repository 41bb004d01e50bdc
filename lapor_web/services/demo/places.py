"""Where the invented reports lie, and outlines for a map: invented too, around the real names."""

from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lapor_web.models import Agency, Area, AreaKind, Channel, Report, ReportPoint
from lapor_web.services.area_file import Shape
from lapor_web.services.area_shapes import store_shapes

TELL_THEIR_PLACE = 0.6
"""Of those who report from a phone."""
SPREAD = 0.004
"""Degrees, some 450 m around the middle of an area."""
MARGIN = 0.05
DECIMALS = 5


def put_on_the_map(session: Session, agency: Agency) -> None:
    draw_outlines(session, agency)
    rows = session.execute(
        select(Report.id, Report.number, Area.latitude, Area.longitude)
        .join(Area, Area.id == Report.area_id)
        .where(Report.agency_id == agency.id, Report.channel == Channel.WEB)
        .order_by(Report.id)
    )
    points = []
    for report_id, number, latitude, longitude in rows:
        rng = Random(number)  # noqa: S311  the same number, the same place
        if latitude and longitude and rng.random() < TELL_THEIR_PLACE:
            place = {
                "report_id": report_id,
                "latitude": latitude + rng.gauss(0, SPREAD),
                "longitude": longitude + rng.gauss(0, SPREAD),
                "accuracy": rng.choice((8, 14, 22, 35, 60)),
                "outside": False,
            }
            points.append(place)
    if points:
        session.execute(insert(ReportPoint), points)


def draw_outlines(session: Session, agency: Agency) -> None:
    """To each kelurahan what is nearest to its middle, to each kecamatan its kelurahan: no border
    runs there, but a map has something to show. `lapor load-areas` replaces them."""
    import shapely  # large, and only here

    areas = session.scalars(
        select(Area).where(Area.agency_id == agency.id, Area.kind == AreaKind.KELURAHAN)
    )
    middles = {
        shapely.Point(one.longitude, one.latitude): one
        for one in areas
        if one.longitude is not None
    }
    if len(middles) < 3:
        return
    everywhere = shapely.MultiPoint(list(middles)).convex_hull.buffer(MARGIN)
    cells = shapely.voronoi_polygons(shapely.MultiPoint(list(middles)), extend_to=everywhere)
    parts: dict[str, list[Any]] = {}
    for cell in cells.geoms:
        area = next(one for middle, one in middles.items() if cell.contains(middle))
        for code in (area.code, area.parent.code if area.parent else ""):
            parts.setdefault(code, []).append(cell.intersection(everywhere))
    parts.pop("", None)
    store_shapes(
        session, agency, [_shape(code, shapely.unary_union(of)) for code, of in parts.items()]
    )


def _shape(code: str, whole: Any) -> Shape:
    polygons = getattr(whole, "geoms", [whole])
    rings = [
        [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring.coords]
        for polygon in polygons
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    west, south, east, north = whole.bounds
    return Shape(code, west, south, east, north, rings, rings)
