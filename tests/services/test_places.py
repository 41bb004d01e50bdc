"""Points and polygons: exact where it can be, and never more told than may be known."""

import pytest
import shapely
from areas import IN_EAST, IN_THE_LAKE, IN_WEST, OUTSIDE, load_areas
from hypothesis import given
from hypothesis import strategies as st
from small_city import SmallCity

from lapor_web.models import Area, AreaKind
from lapor_web.services.places import (
    NotAPlace,
    Point,
    covers,
    find_area,
    has_shapes,
    outlines,
    read_point,
    rounded,
)


@pytest.fixture
def city(db, tmp_path) -> SmallCity:
    city = SmallCity(db.session())
    for code, name in (("64.72.01", "Barat"), ("64.72.02", "Timur")):
        area = Area(agency_id=city.agency.id, code=code, name=name, kind=AreaKind.KECAMATAN)
        db.session.add(area)
    db.session.flush()
    assert not has_shapes(db.session(), city.agency)
    load_areas(db.session(), city.agency, tmp_path)
    return city


@pytest.mark.parametrize(
    ("where", "name", "kecamatan"),
    [
        (IN_WEST, "Rawa Baru", "Barat"),
        ((-0.51, 117.05), "Barat", "Barat"),  # in no kelurahan that is known
        (IN_EAST, "Timur", "Timur"),
        (IN_THE_LAKE, None, None),
        (OUTSIDE, None, None),
        ((117.05, -0.55), None, None),
    ],
)
def test_a_point_lies_in_the_smallest_area_that_is_known(city, where, name, kecamatan):
    found = find_area(city.session, city.agency, Point(*where))

    assert (found and found.name, found and found.kecamatan) == (name, kecamatan)


def test_outlines_are_of_the_kecamatan(city):
    drawn = outlines(city.session, city.agency)

    assert [one["properties"]["name"] for one in drawn] == ["Barat", "Timur"]
    assert [len(one["geometry"]["coordinates"]) for one in drawn] == [1, 2]


corners = st.tuples(st.integers(-20, 20), st.integers(-20, 20))


@given(
    st.lists(st.lists(corners, min_size=3, max_size=8, unique=True), min_size=1, max_size=3),
    st.tuples(st.integers(-21, 21), st.integers(-21, 21)),
)
def test_inside_is_what_a_well_known_library_calls_inside(parts, where):
    """Of any areas with holes and several parts. Half a step beside the corners, for on a border
    both answers are right."""
    whole = shapely.unary_union([shapely.Polygon(part).buffer(0) for part in parts])
    x, y = where[0] + 0.5, where[1] + 0.5
    polygons = getattr(whole, "geoms", [whole])
    rings = [
        list(ring.coords)
        for polygon in polygons
        if not polygon.is_empty
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    point = shapely.Point(x, y)
    if not whole.is_empty and whole.boundary.distance(point) > 1e-9:
        assert covers(rings, Point(y, x)) == whole.contains(point)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        *(("NaN", "117"), ("1e309", "117"), ("-1e309", "117"), ("inf", "117")),
        *(("117", "-0.5"), ("a", "117"), ("-0.5", ""), ("", "117"), ("-0.5", "181"), ("0x1", "1")),
    ],
)
def test_what_is_no_place_is_refused(latitude, longitude):
    with pytest.raises(NotAPlace):
        read_point(latitude, longitude)


def test_a_place_is_read_and_its_accuracy_where_it_is_one():
    assert read_point("-0.5", "117.1", "17.6") == Point(-0.5, 117.1, 18)
    assert read_point("", "") is None
    for accuracy in ("", "NaN", "-1", "inf", "x", "1e9"):
        assert read_point("-0.5", "117.1", accuracy) == Point(-0.5, 117.1, None)


degrees = st.floats(-1, 118, allow_nan=False)


@given(degrees, degrees)
def test_what_is_told_of_a_point_is_near_and_always_the_same(latitude, longitude):
    for coarse, size in ((True, 0.002), (False, 0.0002)):
        told = rounded(Point(latitude, longitude, 5), coarse=coarse)
        assert abs(told.latitude - latitude) <= size / 2 + 1e-6
        assert told.accuracy is None
        # Asked about what was told, the same is told: no number of questions comes nearer.
        assert rounded(told, coarse=coarse) == told
