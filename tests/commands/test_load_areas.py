import json

import pytest
from areas import EAST, WEST, city_file, feature, square
from sqlalchemy import func, select

from lapor_web.cli import make_parser
from lapor_web.commands import CommandRefused
from lapor_web.models import AreaShape
from lapor_web.services.seed import seed

PALARAN = "64.72.01"


@pytest.fixture
def load(app, db, tmp_path, capsys):
    """Runs the command on a file of that content; gives what it printed."""
    seed(db.session(), "samarinda")
    db.session.commit()

    def load(content) -> str:
        path = tmp_path / "wilayah.geojson"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        chosen = make_parser().parse_args(["load-areas", str(path)])
        assert chosen.command.run(app, chosen) in {None, 0}
        return capsys.readouterr().out

    return load


def count(db) -> int:
    return db.session.scalar(select(func.count()).select_from(AreaShape))


def collection(*features, **more):
    return {"type": "FeatureCollection", "features": list(features), **more}


def shaped(geometry):
    return feature(PALARAN) | {"geometry": geometry}


def test_it_may_be_repeated(db, load):
    assert load(city_file()) == "Batas 3 wilayah dimuat.\n"
    assert load(city_file()) == "Batas 3 wilayah dimuat.\n"
    assert count(db) == 3


def test_several_polygons_and_a_third_dimension_are_read(db, load):
    flat, high = square(117.0, -0.6, 117.1, -0.5), square(117.2, -0.6, 117.3, -0.5)
    parts = [[flat], [[[*corner, 0.0] for corner in high]]]
    several = feature(PALARAN)
    several["geometry"] = {"type": "MultiPolygon", "coordinates": parts}
    load(collection(several))
    rings = db.session.scalars(select(AreaShape.rings)).one()

    assert rings == [flat, high]


SQUARE = square(117.0, -0.6, 117.1, -0.5)
SOME_HIGH = [[*SQUARE[0], 0.0], *SQUARE[1:-1], [*SQUARE[-1], 0.0]]
BOWTIE = [[117.0, -0.6], [117.1, -0.5], [117.1, -0.6], [117.0, -0.5], [117.0, -0.6]]
PROJECTED = {"properties": {"name": "urn:ogc:def:crs:EPSG::32750"}}

BROKEN = {
    "geometry in words": (collection(shaped("x")), "bukan Polygon atau MultiPolygon"),
    "no rings": (
        collection(shaped({"type": "MultiPolygon", "coordinates": [[]]})),
        "tidak tertutup",
    ),
    "some with height": (
        collection(shaped({"type": "Polygon", "coordinates": [SOME_HIGH]})),
        "bukan pasangan angka",
    ),
    "a crs of nothing": (collection(crs={"properties": None}), "tidak berisi"),
    "cut off": (json.dumps(city_file()).encode()[:-20], "bukan JSON yang utuh"),
    "not text": (b"\xff\xfe\x00", "bukan JSON yang utuh"),
    "deep": (b"[" * 100_000, "bukan JSON yang utuh"),
    "something else": ([1, 2], "bukan GeoJSON FeatureCollection"),
    "nothing": (collection(), "tidak berisi wilayah"),
    "another CRS": (collection(feature(WEST, SQUARE), crs=PROJECTED), "EPSG::32750"),
    "metres": (
        collection(feature(WEST, square(510000, 9.9e6, 511000, 9.91e6))),
        "bukan derajat",
    ),
    "swapped": (
        collection(feature(WEST, [[y, x] for x, y in SQUARE])),
        "terbalik. GeoJSON menulis bujur dulu, lalu lintang",
    ),
    "elsewhere": (collection(feature(WEST, square(106, -7, 107, -6))), "jauh dari Palaran"),
    "no code": (collection(feature("", SQUARE)), "tidak punya kode"),
    "unknown code": (collection(feature("31.71.01", SQUARE)), "31.71.01 bukan wilayah kota ini"),
    "twice": (collection(*[feature(WEST, SQUARE)] * 2), f"Kode {WEST} ada lebih dari satu kali"),
    "crosses itself": (collection(feature(EAST, BOWTIE)), "berpotongan dengan dirinya sendiri"),
    "open": (collection(feature(WEST, SQUARE[:-1])), f"Batas wilayah {WEST} tidak tertutup"),
    "a line": (collection(feature(WEST, SQUARE[:2])), f"Batas wilayah {WEST} tidak tertutup"),
    "a point": (
        collection(feature(WEST) | {"geometry": {"type": "Point", "coordinates": [117, -0.5]}}),
        "bukan Polygon",
    ),
    "no geometry": (collection(feature(WEST) | {"geometry": None}), "bukan Polygon"),
    "words": (collection(feature(WEST, [["a", "b"]] * 4)), "bukan pasangan angka"),
    "no numbers": (
        json.dumps(collection(feature(WEST, [[float("nan"), 0.0]] * 4))).encode(),
        "bukan pasangan angka",
    ),
    "no properties": (collection({"type": "Feature"}), "tidak punya properties"),
}


@pytest.mark.parametrize(("content", "sentence"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_is_one_sentence_and_nothing_is_loaded(db, load, content, sentence):
    with pytest.raises(CommandRefused) as refused:
        load(content)

    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
    assert count(db) == 0


def test_a_file_that_is_not_there(app, tmp_path):
    chosen = make_parser().parse_args(["load-areas", str(tmp_path / "tidak-ada.geojson")])
    with pytest.raises(CommandRefused, match="tidak dapat dibaca"):
        chosen.command.run(app, chosen)
