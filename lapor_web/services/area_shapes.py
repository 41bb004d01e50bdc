"""Puts the outlines of a file where the city's areas are; all of them, or none."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lapor_web.models import Agency, Area, AreaShape, utc_now
from lapor_web.services.area_file import SWAPPED, Shape, UnusableAreas

FAR = 1.0
"""Degrees from where the area is known to be; no city is as large."""


def store_shapes(session: Session, agency: Agency, shapes: Sequence[Shape]) -> int:
    """How many. What was there of these areas is replaced, so that a file may be loaded again.
    Raises UnusableAreas."""
    every = select(Area).where(Area.agency_id == agency.id)
    known = {area.code: area for area in session.scalars(every)}
    for shape in shapes:
        area = known.get(shape.code)
        if area is None:
            raise UnusableAreas(f"Kode {shape.code} bukan wilayah kota ini.")
        refuse_elsewhere(area, shape)
    now = utc_now()
    for shape in shapes:
        where = {
            "west": shape.west,
            "south": shape.south,
            "east": shape.east,
            "north": shape.north,
            "rings": shape.rings,
            "outline": shape.outline,
            "loaded_at": now,
        }
        session.execute(
            insert(AreaShape)
            .values(area_id=known[shape.code].id, **where)
            .on_conflict_do_update(index_elements=["area_id"], set_=where)
        )
    return len(shapes)


def refuse_elsewhere(area: Area, shape: Shape) -> None:
    """By the point that the reference data has of it, where it has one. Raises UnusableAreas."""
    if area.latitude is None or area.longitude is None:
        return
    if _near(shape, area.longitude, area.latitude):
        return
    if _near(shape, area.latitude, area.longitude):
        raise UnusableAreas(SWAPPED.format(code=shape.code))
    raise UnusableAreas(f"Batas wilayah {shape.code} jauh dari {area.name}. Periksa koordinatnya.")


def _near(shape: Shape, x: float, y: float) -> bool:
    return shape.west - FAR <= x <= shape.east + FAR and shape.south - FAR <= y <= shape.north + FAR
