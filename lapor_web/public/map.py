"""The map of published reports: a page of its own, loaded by whoever asks for it."""

import math

from flask import (
    Response,
    abort,
    current_app,
    g,
    jsonify,
    make_response,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from lapor_web import city
from lapor_web.extensions import db
from lapor_web.public.blueprint import bp
from lapor_web.public.filters import Filters, address_of
from lapor_web.public.words import public_stage
from lapor_web.services.map_points import Box, Spot, spots, told_point
from lapor_web.services.places import Point, outlines
from lapor_web.services.published import find_published

SECONDS_KEPT = 3600
"""Outlines change when the city loads others."""


def map_is_there() -> bool:
    """Points on an empty sheet are no map: it needs outlines or tiles."""
    return bool(current_app.config.get("LAPOR_TILES")) or city.knows_areas()


@bp.get("/laporan/peta")
def show_map() -> ResponseReturnValue:
    if not map_is_there():
        abort(404)
    filters = Filters.of_city()
    asked = filters.asked()
    number = request.args.get("laporan", "")
    tiles = current_app.config.get("LAPOR_TILES")
    page = make_response(
        render_template(
            "public/map.html",
            filters=filters,
            asked=asked,
            arguments=address_of(asked),
            number=number if (start := start_of(number)) else "",
            start=start,
            outlines_address=url_for(".map_outlines") if city.knows_areas() else "",
            tiles=tiles,
        )
    )
    if tiles:
        g.image_origin = tiles.origin
        # Who draws the tiles may know which site asks, and no more.
        page.headers["Referrer-Policy"] = "strict-origin"
    return page


def start_of(number: str) -> Point | None:
    """Where the report of that number is told to be, where it is published and has a place."""
    agency = city.current_agency()
    report = find_published(db.session(), agency, number)
    return told_point(db.session(), report) if report else None


@bp.get("/laporan/peta.json")
def map_points() -> ResponseReturnValue:
    """GeoJSON of what lies in `kotak` (west,south,east,north) at the zoom of `zum`."""
    asked = Filters.of_city().asked()
    found = spots(db.session(), city.current_agency(), asked, box_asked(), zoom_asked())
    features = [feature(one) for one in found]
    return jsonify(type="FeatureCollection", features=features)


def box_asked() -> Box:
    try:
        west, south, east, north = (
            float(edge) for edge in request.args.get("kotak", "").split(",")
        )
    except ValueError:
        abort(400)
    if not all(math.isfinite(edge) and abs(edge) <= 360 for edge in (west, south, east, north)):
        abort(400)
    return Box(west, south, east, north)


def zoom_asked() -> int:
    return min(max(request.args.get("zum", 12, int), 0), 30)


def feature(spot: Spot) -> dict[str, object]:
    geometry = {"type": "Point", "coordinates": [spot.longitude, spot.latitude]}
    properties: dict[str, object] = {"count": spot.count}
    if spot.status is not None:
        words, band = public_stage(spot.status)
        properties |= {
            "title": spot.title or spot.number,
            "words": words,
            "band": band,
            "address": url_for(".read_report", number=spot.number),
        }
    return {"type": "Feature", "geometry": geometry, "properties": properties}


@bp.get("/laporan/wilayah.json")
def map_outlines() -> ResponseReturnValue:
    """Where the kecamatan lie, to be drawn where there are no tiles."""
    found = outlines(db.session(), city.current_agency())
    if not found:
        abort(404)
    answer: Response = jsonify(type="FeatureCollection", features=found)
    answer.headers["Cache-Control"] = f"public, max-age={SECONDS_KEPT}"
    return answer
