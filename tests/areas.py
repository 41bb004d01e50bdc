"""Two invented kecamatan side by side, each with a kelurahan, as the file of a city has them."""

import json
from typing import Any

from sqlalchemy.orm import Session

from lapor_web.models import Agency, Area, AreaKind
from lapor_web.services.area_file import read_shapes
from lapor_web.services.area_shapes import store_shapes

WEST, EAST = "64.72.01", "64.72.02"
IN_WEST, IN_EAST, IN_THE_LAKE, OUTSIDE = (
    (-0.55, 117.05),
    (-0.55, 117.15),
    (-0.53, 117.13),
    (-0.70, 117.05),
)
"""Latitude, longitude. The lake is a hole of the east."""


def square(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(code: str, *rings: list[list[float]], **more: Any) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": list(rings)}
    return {"type": "Feature", "properties": {"kode": code}, "geometry": geometry, **more}


def city_file() -> dict[str, Any]:
    lake = square(117.12, -0.54, 117.14, -0.52)
    return {
        "type": "FeatureCollection",
        "features": [
            feature(WEST, square(117.0, -0.6, 117.1, -0.5)),
            feature(EAST, square(117.1, -0.6, 117.2, -0.5), lake),
            feature(f"{WEST}.1001", square(117.0, -0.6, 117.1, -0.52)),
        ],
    }


def load_areas(session: Session, agency: Agency, folder: Any, content: Any = None) -> None:
    """The kecamatan must be there; the kelurahan is made."""
    west = session.query(Area).filter_by(agency_id=agency.id, code=WEST).one()
    session.add(
        Area(
            agency_id=agency.id,
            code=f"{WEST}.1001",
            name="Rawa Baru",
            kind=AreaKind.KELURAHAN,
            parent=west,
        )
    )
    session.flush()
    path = folder / "wilayah.geojson"
    path.write_text(json.dumps(content or city_file()))
    store_shapes(session, agency, read_shapes(path))
