import pytest
from counted_city import CountedCity
from small_city import SmallCity
from sqlalchemy import insert, text, true, update

from lapor_web.models import Report, utc_now
from lapor_web.services import search
from lapor_web.services.follow_up import FollowUp
from lapor_web.services.search import BLOCKS, Blocks, search_answers, search_ids


@pytest.fixture
def city(db) -> CountedCity:
    return CountedCity(db.session())


def write(city: CountedCity, story: str, **fields) -> int:
    report_id = city.report()
    city.session.execute(update(Report).where(Report.id == report_id).values(story=story, **fields))
    return report_id


def write_far_ahead(city: CountedCity, report_id: int, story: str) -> int:
    """With an id of its own, as if a hundred thousand others had come before."""
    row = {"id": report_id, "number": f"KTA-{report_id}", "story": story, "place": "Jalan Mawar"}
    row |= {"agency_id": city.agency.id, "received_on": "2022-03-07"}
    city.session.execute(insert(Report).values(row))
    return report_id


def find(city: CountedCity, words: str, scope=None, *, limit: int = 50, **options) -> list[int]:
    scope = true() if scope is None else scope
    return search_ids(
        city.session, city.agency.id, words, scope, prefix="KTA", limit=limit, **options
    )


def test_words_are_found_in_any_form_newest_first(city):
    older = write(city, "Jalan rusak di depan pasar.")
    newer = write(city, "Kerusakan jalan makin parah.")
    write(city, "Lampu mati.")

    assert find(city, "jalan rusak") == [newer, older]
    assert find(city, '"depan pasar"') == [older]
    assert find(city, "rusak -pasar") == [newer]


def test_title_and_place_are_searched_too(city):
    report_id = write(city, "Gelap.", title="Penerangan umum", place="Gang Kenanga")

    assert find(city, "penerangan kenanga") == [report_id]


@pytest.mark.parametrize("words", ["", "   ", "!!!", "&|'(", "\u202e", "zzzz"])
def test_what_says_nothing_finds_nothing(city, words):
    write(city, "Jalan yang rusak.")

    assert find(city, words) == []


def test_only_the_scope_is_searched(city):
    hidden = write(city, "Jalan rusak.", confidential=True)
    shown = write(city, "Jalan rusak.")

    assert find(city, "jalan", ~Report.confidential) == [shown]
    assert hidden not in find(city, "jalan", Report.id > hidden)


def test_the_public_finds_no_word_that_was_taken_out(city):
    words = {"public_text": "Ada suap.", "title": None}
    report_id = write(city, "Budi menerima suap.", **words, verified_at=utc_now())
    unverified = write(city, "Suap lain.", **words, verified_at=None)

    assert find(city, "budi") == [report_id]
    assert find(city, "suap") == [unverified, report_id]
    assert find(city, "budi", public=True) == []
    assert find(city, "suap", public=True) == [report_id]


def test_numbers_and_tracking_ids_are_looked_up(city):
    report_id = write(city, "Jalan rusak.", number="KTA-260482-9", tracking_id="7654321")
    write(city, "Nomor 260482 dan 7654321 tertulis di sini.")

    tracked = ("7654321", "#7654321", " # 7654321", "765 4321", "#765-4321", "765–4321")
    for typed in ("KTA-260482-9", "260482", "2604829", *tracked):
        assert find(city, typed) == [report_id], typed


def test_pages_follow_one_another(city):
    ids = [write(city, "Jalan rusak.") for _ in range(7)]

    pages = [find(city, "jalan", limit=3, offset=offset) for offset in (0, 3, 6, 9)]

    assert [one for page in pages for one in page] == ids[::-1]


@pytest.mark.parametrize("few", [1, 2, 10_000])
def test_hits_are_found_however_far_back(city, monkeypatch, few):
    """All at once where few are expected, block by block where not, and in small blocks where a
    large one has more than are read at once."""
    monkeypatch.setattr(search, "FEW", few)
    start = write(city, "Jalan rusak.")
    ids = [start] + [
        write_far_ahead(city, start + step, "Jalan rusak.")
        for step in (1, 8192, 30_000, 131_072, 600_000, 2_000_000)
    ]

    assert find(city, "jalan") == ids[::-1]
    assert find(city, "jalan", limit=2, offset=3) == ids[::-1][3:5]


def test_a_report_with_many_answers_takes_no_other_ones_place(db):
    city = SmallCity(db.session())
    reports = [city.sent_to("WORKS") for _ in range(2)]
    for report in reports:
        for day in ("Senin", "Selasa", "Rabu"):
            city.do("works", report, FollowUp(f"Galian ditutup hari {day}."))
    city.session.flush()

    found = search_answers(city.session, city.agency.id, "galian", true(), limit=2)

    assert found == [report.id for report in reversed(reports)]


def test_blocks_grow_again_behind_one_that_had_too_many_hits():
    blocks = Blocks(3_000_000)
    for _ in range(3):
        blocks.go_on()
    dense = blocks.first
    blocks.start_small()
    sizes = {}
    while blocks.below:
        sizes[blocks.below] = blocks.below - blocks.first
        blocks.go_on()

    assert {size for below, size in sizes.items() if below > dense} == {BLOCKS[0]}
    assert max(sizes.values()) == BLOCKS[-1]
    assert len(sizes) < 30


@pytest.mark.parametrize("below", [1, 2, 8192, 8193, 100_000, 524_288, 3_000_001])
def test_the_blocks_hold_every_id_once_or_more_and_end_at_the_first(below):
    blocks, covered = Blocks(below), below
    while blocks.below:
        level, number = map(int, blocks.sign.removeprefix("#").split("/"))
        assert number * BLOCKS[level] == blocks.first
        assert blocks.first + BLOCKS[level] >= covered
        blocks.go_on()
        covered = blocks.below

    assert covered == 0


def test_the_signs_are_those_of_the_index(city):
    signs = city.session.scalar(text("SELECT report_words(600000, NULL, '', '')::text"))

    assert signs == "'#0/73' '#1/18' '#2/4' '#3/1'"
