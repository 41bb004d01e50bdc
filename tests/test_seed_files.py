"""The seed folders are data another city replaces: these tests say what a folder must hold."""

import csv
import datetime as dt
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

SEED = Path(__file__).parent.parent / "lapor_web" / "seed"
CITY = SEED / "samarinda"
DEMO = SEED / "demo"

FILES = sorted(path for path in SEED.glob("*/*.*") if path.suffix != ".docx")
COUNTS = {
    "stories": 319,
    "answers": 90,
    "replies": 60,
    "people": 80,
    "notes": 20,
    "returns": 12,
    "holds": 12,
    "outside": 8,
    "archived": 12,
    "decisions": 28,
    "officers": 14,
    "streets": 73,
    "year_2022": 10,
    "canned": 9,
    "steps": 7,
    "two_matters": 2,
}


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(name: str) -> set[str]:
    return {row["code"] for row in rows(CITY, name)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_file_is_clean_text(path: Path):
    data = path.read_bytes()
    assert b"\0" not in data
    assert b"\r" not in data
    assert not data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\n")
    data.decode("utf-8")
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.reader(file))
        assert len(lines) > 1
        assert {len(line) for line in lines} == {len(lines[0])}
        assert all(cell == cell.strip() for line in lines for cell in line)


def test_agency():
    agency = tomllib.loads((CITY / "agency.toml").read_text("utf-8"))
    assert agency["code"] == "SAMARINDA"
    assert agency["number_prefix"] == "SMR"
    assert agency["timezone"] == "Asia/Makassar"
    assert agency["sp4n_id"] == 12610
    assert agency["city"]["area_code"] in codes("areas")
    assert agency["emergency"]["phone"] == "112"


@pytest.mark.parametrize("name", ["areas", "opds", "categories", "archive_reasons"])
def test_codes_are_unique(name: str):
    found = Counter(row["code"] for row in rows(CITY, name))
    assert [code for code, times in found.items() if times > 1 or not code] == []


@pytest.mark.parametrize("name", ["areas", "opds", "categories"])
def test_a_parent_stands_before_its_children(name: str):
    seen: set[str] = set()
    for row in rows(CITY, name):
        assert not row["parent_code"] or row["parent_code"] in seen, row
        seen.add(row["code"])


def test_areas():
    areas = rows(CITY, "areas")
    assert Counter(area["kind"] for area in areas) == {"city": 1, "kecamatan": 10, "kelurahan": 59}
    for area in areas:
        assert -1 < float(area["latitude"]) < 0
        assert 116.8 < float(area["longitude"]) < 117.6
        if area["kind"] == "kelurahan":
            assert re.fullmatch(r"\d{5}", area["postal_code"])
            assert area["code"].startswith(area["parent_code"] + ".")


def test_opds():
    opds = {opd["code"]: opd for opd in rows(CITY, "opds")}
    areas = {area["code"]: area for area in rows(CITY, "areas")}
    kinds = Counter(opd["kind"] for opd in opds.values())
    assert kinds["kecamatan"] == 10
    assert kinds["kelurahan"] == 59
    assert "PEMKOT" not in opds, "the agency is no OPD"
    for code, opd in opds.items():
        assert opd["name"]
        assert opd["short_name"]
        assert opd["supervisor"] in {"0", "1"}
        assert opd["reports_as"] in opds
        assert opd["reports_as"] == ("DINKES" if opd["kind"] == "puskesmas" else code)
        assert all(word == word.strip() != "" for word in opd["keywords"].split("|"))
        if opd["kind"] in {"kecamatan", "kelurahan"}:
            area = areas[opd["area_code"]]
            assert area["kind"] == opd["kind"]
            assert opd["name"].endswith(f" {area['name']}")
        else:
            assert opd["area_code"] == ""
        if opd["kind"] == "kelurahan":
            parent = opds[opd["parent_code"]]
            assert parent["area_code"] == areas[opd["area_code"]]["parent_code"]
    covered = {opd["area_code"] for opd in opds.values()} - {""}
    assert covered == {code for code, area in areas.items() if area["kind"] != "city"}


@pytest.mark.parametrize("name", ["opds", "categories"])
def test_national_ids_are_numbers_and_unique(name: str):
    ids = [row["sp4n_id"] for row in rows(CITY, name) if row["sp4n_id"]]
    assert len(ids) == len(set(ids))
    assert all(value.isdigit() for value in ids)
    assert "12610" not in ids, "12610 is the agency itself"


def test_categories():
    categories = {row["code"]: row for row in rows(CITY, "categories")}
    for code, row in categories.items():
        assert re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)*", code)
        assert row["name"]
        assert not row["opd_code"] or row["opd_code"] in codes("opds")
        if row["parent_code"]:
            assert categories[row["parent_code"]]["parent_code"] == "", "two levels, no third"


def test_holidays():
    holidays = rows(CITY, "holidays")
    dates = [row["date"] for row in holidays]
    assert dates == sorted(set(dates))
    assert {row["kind"] for row in holidays} == {"national", "collective_leave", "election"}
    assert {date[:4] for date in dates} == {str(year) for year in range(2022, 2028)}
    assert all(row["name"] and row["source"] for row in holidays)


# (day of the event, other day, working days between them): day 0 is not counted, the last day is.
WORKING_DAYS = [
    ("2022-02-01", "2022-02-02", 1),  # Imlek is the event's own day
    ("2022-04-28", "2022-05-11", 3),  # Idul Fitri and its collective leave
    ("2023-01-20", "2023-01-24", 1),  # leave after Imlek on a Monday
    ("2023-04-17", "2023-04-27", 3),  # leave of 19-25 April
    ("2023-06-26", "2023-07-04", 3),  # Idul Adha with two days of leave
    ("2024-02-07", "2024-02-12", 1),  # Isra Mikraj, leave, weekend
    ("2024-02-12", "2024-02-16", 3),  # general election
    ("2024-04-04", "2024-04-17", 3),  # Idul Fitri
    ("2024-11-25", "2024-11-29", 3),  # local elections
    ("2025-03-26", "2025-04-09", 3),  # Nyepi and Idul Fitri
    ("2025-08-14", "2025-08-20", 3),  # leave after independence day
    ("2025-12-24", "2025-12-29", 1),  # Christmas and leave
    ("2026-02-13", "2026-02-18", 1),  # Imlek
    ("2026-03-16", "2026-03-26", 3),  # Nyepi and Idul Fitri
    ("2027-03-05", "2027-03-16", 1),  # Nyepi and Idul Fitri in one week
    ("2024-01-05", "2024-01-05", 0),  # the same day
    ("2024-01-05", "2024-01-07", 0),  # Friday to Sunday
    ("2024-01-05", "2024-01-09", 2),  # Friday to Tuesday
    ("2022-01-02", "2022-12-31", 246),
    ("2023-12-31", "2024-12-31", 238),
]


@pytest.mark.parametrize(("start", "end", "expected"), WORKING_DAYS)
def test_working_days(start: str, end: str, expected: int):
    closed = {row["date"] for row in rows(CITY, "holidays")}
    day, last, count = dt.date.fromisoformat(start), dt.date.fromisoformat(end), 0
    while day < last:
        day += dt.timedelta(days=1)
        count += day.weekday() < 5 and day.isoformat() not in closed
    assert count == expected


def test_limits():
    limits = {(row["step"], row["classification"]): row for row in rows(CITY, "limits")}
    assert {key: int(row["working_days"]) for key, row in limits.items()} == {
        ("verification", ""): 3,
        ("first_follow_up", ""): 5,
        ("finish", "information_request"): 5,
        ("finish", "non_supervisory"): 14,
        ("finish", "supervisory"): 60,
        ("finish", "aspiration"): 5,
        ("reporter_silence", ""): 10,
        ("hold", ""): 10,
        ("ombudsman", ""): 60,
    }
    for (step, _), row in limits.items():
        assert row["unit"] == ("calendar" if step == "ombudsman" else "working")
        assert row["valid_from"] == "2018-01-01"
        assert row["source"]
    assert limits["first_follow_up", ""]["amber_days"] == "3"


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_demo_sizes(name: str, count: int):
    assert len(rows(DEMO, name)) == count


def test_demo_stories():
    stories = {row["id"]: row for row in rows(DEMO, "stories")}
    areas = {area["code"]: area for area in rows(CITY, "areas")}
    opds, categories = codes("opds"), codes("categories")
    outside = {row["code"] for row in rows(DEMO, "outside")}
    classes = {
        "complaint": {"supervisory", "non_supervisory"},
        "aspiration": {"aspiration"},
        "information": {"information_request"},
    }
    assert [int(number) for number in stories] == list(range(1, len(stories) + 1))
    for story in stories.values():
        assert story["classification"] in classes[story["kind"]]
        assert story["category_code"] in categories
        assert story["opd_code"] in opds
        if story["kecamatan_code"]:
            assert areas[story["kecamatan_code"]]["kind"] == "kecamatan"
        assert 40 <= len(story["story"]) <= 600
        assert 5 <= len(story["title"]) <= 80
        assert {story[key] for key in ("about_conduct", "anonymous", "confidential")} <= {"0", "1"}
        if story["about_conduct"] == "1":
            assert (story["anonymous"], story["confidential"]) == ("1", "1")
            assert story["accused_opd_code"] in opds - {story["opd_code"]}
        else:
            assert story["accused_opd_code"] == ""
        if story["duplicate_of"]:
            original = stories[story["duplicate_of"]]
            assert original["opd_code"] == story["opd_code"]
            assert original["duplicate_of"] == ""
        assert not story["outside_to"] or story["outside_to"] in outside
    assert len({story["story"] for story in stories.values()}) == len(stories)
    assert len({story["opd_code"] for story in stories.values()}) >= 20


def test_demo_texts():
    opds, categories = codes("opds"), codes("categories")
    for answer in rows(DEMO, "answers"):
        assert answer["kind"] in {"first", "further", "final"}
        assert answer["story_kind"] in {"", "complaint", "aspiration", "information"}
        assert not answer["opd_code"] or answer["opd_code"] in opds
        assert not answer["category_code"] or answer["category_code"] in categories
        assert bool(answer["outcome"]) == (answer["kind"] == "final")
    # every report finds an answer of every kind that names no office and no subject
    plain = {
        (row["kind"], row["story_kind"])
        for row in rows(DEMO, "answers")
        if not row["opd_code"] and not row["category_code"]
    }
    assert {(kind, "") for kind in ("first", "further", "final")} <= plain
    replies = rows(DEMO, "replies")
    kinds = {"reply", "objection", "reopen", "rating_low", "rating_high", "complete"}
    assert {row["kind"] for row in replies if not row["opd_code"]} == kinds
    for reply in replies:
        assert reply["kind"] in kinds
        assert not reply["opd_code"] or reply["opd_code"] in opds
    names = [row["name"] for row in rows(DEMO, "people")]
    assert len(set(names)) == len(names)


def test_demo_names_places_and_offices_that_are_there():
    opds = codes("opds")
    kecamatan = {row["code"] for row in rows(CITY, "areas") if row["kind"] == "kecamatan"}
    assert {row["kecamatan_code"] for row in rows(DEMO, "streets")} == kecamatan
    assert {row["kecamatan_code"] for row in rows(DEMO, "archived")} <= {"", *kecamatan}
    assert {row["opd_code"] for row in rows(DEMO, "officers")} <= {"", *opds}
    for name in ("year_2022", "steps", "two_matters"):
        assert {row["opd_code"] for row in rows(DEMO, name)} <= opds
    assert {row["opd_code"] for row in rows(DEMO, "canned")} <= {"", *opds}


def test_demo_texts_hold_no_personal_numbers():
    """An invented text shows no NIK, phone number or address of mail that could be somebody's."""
    for name in COUNTS:
        for row in rows(DEMO, name):
            for value in row.values():
                assert not re.search(r"\d{6,}|\+62|@", value), value
