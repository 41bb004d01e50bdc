"""A GeoJSON file of areas, read with suspicion: what is wrong with it is one sentence."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LARGEST = 64 * 1024 * 1024
CODE_NAMES = ("code", "kode")
WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326")
SIMPLIFIED_TO = 0.0004
"""Degrees, some 45 m: what a drawing of the whole city cannot show."""
DECIMALS = 6


class UnusableAreas(Exception):
    """The text says what to do, to whoever runs the command."""


@dataclass(frozen=True, slots=True)
class Shape:
    code: str
    west: float
    south: float
    east: float
    north: float
    rings: list[Any]
    outline: list[Any]


def read_shapes(path: Path) -> list[Shape]:
    """Every area of the file, checked. Raises UnusableAreas."""
    content = _load(path)
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        raise UnusableAreas(f"{path.name} bukan GeoJSON FeatureCollection.")
    _refuse_other_crs(content)
    features = content.get("features")
    if not isinstance(features, list) or not features:
        raise UnusableAreas(f"{path.name} tidak berisi wilayah.")
    shapes = [_shape(feature, place) for place, feature in enumerate(features, 1)]
    codes = [shape.code for shape in shapes]
    for code in codes:
        if codes.count(code) > 1:
            raise UnusableAreas(f"Kode {code} ada lebih dari satu kali dalam {path.name}.")
    return shapes


def _load(path: Path) -> Any:
    try:
        if path.stat().st_size > LARGEST:
            raise UnusableAreas(f"{path.name} lebih besar dari 64 MB. Sederhanakan dulu batasnya.")
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError:
        raise UnusableAreas(f"{path} tidak dapat dibaca. Periksa nama dan izinnya.") from None
    except (ValueError, RecursionError):
        raise UnusableAreas(f"{path.name} bukan JSON yang utuh. Unduh berkasnya lagi.") from None


def _refuse_other_crs(content: dict[str, Any]) -> None:
    crs = content.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if name and not name.endswith(WGS84):
        raise UnusableAreas(
            f"Koordinat berkas ini memakai {name[:60]}. Ubah dulu ke WGS84 (EPSG:4326)."
        )


def _shape(feature: Any, place: int) -> Shape:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise UnusableAreas(f"Wilayah ke-{place} tidak punya properties.")
    code = next((str(properties[name]) for name in CODE_NAMES if properties.get(name)), "")
    if not code:
        raise UnusableAreas(f"Wilayah ke-{place} tidak punya kode (properties: code atau kode).")
    geometry = feature.get("geometry")
    geometry = geometry if isinstance(geometry, dict) else {}
    rings = list(_rings(code, geometry))
    if not rings:
        raise UnusableAreas(f"Batas wilayah {code} tidak tertutup.")
    return _checked(code, geometry["type"], geometry["coordinates"], rings)


def _rings(code: str, geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon") or not coordinates:
        raise UnusableAreas(f"Wilayah {code} bukan Polygon atau MultiPolygon.")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    try:
        for polygon in polygons:
            for ring in polygon:
                positions = [_position(code, position) for position in ring]
                if len(positions) < 4 or positions[0] != positions[-1]:
                    raise UnusableAreas(f"Batas wilayah {code} tidak tertutup.")
                yield positions
    except (TypeError, ValueError, IndexError, KeyError):
        raise UnusableAreas(f"Koordinat wilayah {code} bukan pasangan angka.") from None


def _position(code: str, position: Any) -> list[float]:
    x, y = float(position[0]), float(position[1])
    if not (math.isfinite(x) and math.isfinite(y)):
        raise UnusableAreas(f"Koordinat wilayah {code} bukan pasangan angka.")
    if abs(x) > 180 or abs(y) > 180:
        raise UnusableAreas(
            f"Koordinat wilayah {code} bukan derajat. Ubah dulu ke WGS84 (EPSG:4326)."
        )
    if abs(y) > 90:
        raise UnusableAreas(SWAPPED.format(code=code))
    return [round(x, DECIMALS), round(y, DECIMALS)]


SWAPPED = "Koordinat wilayah {code} terbalik. GeoJSON menulis bujur dulu, lalu lintang."


def _checked(code: str, kind: str, coordinates: Any, rings: list[Any]) -> Shape:
    # Only here, for the one command that needs it: it is large, and no page waits for it.
    import shapely
    from shapely.geometry import shape
    from shapely.validation import explain_validity

    try:
        whole = shapely.force_2d(shape({"type": kind, "coordinates": coordinates}))
    except (TypeError, ValueError):
        raise UnusableAreas(f"Koordinat wilayah {code} bukan pasangan angka.") from None
    if not whole.is_valid:
        problem = explain_validity(whole)
        where = problem[problem.find("[") :] if "[" in problem else ""
        raise UnusableAreas(f"Batas wilayah {code} berpotongan dengan dirinya sendiri {where}.")
    west, south, east, north = whole.bounds
    simple = whole.simplify(SIMPLIFIED_TO)
    parts = [simple] if simple.geom_type == "Polygon" else list(simple.geoms)
    outline = [
        [[round(x, 5), round(y, 5)] for x, y, *_ in ring.coords]
        for part in parts
        for ring in (part.exterior, *part.interiors)
    ]
    return Shape(code, west, south, east, north, rings, outline)
