"""Which invented text goes with which report, and how a story is told again."""

import datetime as dt
import re
from dataclasses import replace
from random import Random

import pytest

from lapor_web.services.demo.corpus import Corpus, Text, in_season
from lapor_web.services.demo.lives import Hours, Step
from lapor_web.services.demo.timing import day_before, instants, until
from lapor_web.services.demo.variants import can_be_retold, street_of, told_again
from lapor_web.services.demo.year_2022 import office_years, share_out
from lapor_web.services.working_days import WITA, WorkingDays, wita_date

FRIDAY = dt.date(2026, 11, 20)
DAYS = WorkingDays([dt.date(2026, 11, 23)])  # the Monday after it is off


@pytest.fixture
def corpus():
    return Corpus(Random(1))


@pytest.fixture
def pothole(corpus):
    return next(story for story in corpus.stories if story.category == "JALAN-BERLUBANG")


# ---- texts ----


@pytest.mark.parametrize(
    ("fields", "fit"),
    [
        ({}, 0),
        ({"story_kind": "complaint"}, 1),
        ({"office": "DPUPR", "category": "JALAN-BERLUBANG"}, 2),
        ({"office": "DLH"}, None),
        ({"office": "DPUPR", "category": "DRAINASE"}, None),
        ({"story_kind": "information"}, None),
    ],
)
def test_a_text_fits_unless_one_of_its_fields_says_otherwise(pothole, fields, fit):
    assert Text("first", "Terima kasih.", **fields).fit(pothole) == fit


def test_the_closest_text_is_found_first(corpus, pothole):
    assert corpus.find("final", pothole).category == "JALAN-BERLUBANG"


def test_the_same_text_is_not_read_again_and_again(corpus, pothole):
    found = [corpus.say("final", pothole) for _ in range(12)]

    assert len(set(found)) >= 5


def test_every_story_finds_every_text(corpus):
    for story in corpus.stories:
        for kind in ("first", "further", "final", "reply", "objection", "reject", "hold"):
            assert corpus.say(kind, story)


def test_floods_come_with_the_rain(corpus):
    flood = next(story for story in corpus.stories if story.category == "BANJIR")

    assert in_season(flood, dt.date(2026, 1, 9)) > in_season(flood, dt.date(2026, 8, 9))


# ---- told again ----


def test_a_street_is_changed_wherever_it_is_named(pothole):
    moved = told_again(
        replace(pothole, title=f"Lubang di {street_of(pothole)}"), ["Mawar"], Random(1)
    )

    assert "Mawar" in moved.place
    assert street_of(pothole) not in moved.place + moved.title + moved.text


def test_a_full_stop_that_ends_no_sentence_cuts_none(corpus):
    for story in corpus.stories:
        told = told_again(story, [], Random(story.id)).text
        assert all(end in story.text for end in re.findall(r"Jl\. \S+", told)), told


def test_nobody_repeats_a_story_that_was_told_again(pothole):
    assert told_again(pothole, [], Random(1)).id != pothole.id


def test_a_place_that_everybody_knows_is_told_of_once(corpus):
    crossing = next(story for story in corpus.stories if "Simpang Lembuswana" in story.place)

    assert not can_be_retold(crossing)


# ---- when ----


@pytest.mark.parametrize(
    ("waited", "day"),
    [(0, dt.date(2026, 11, 24)), (1, FRIDAY), (2, dt.date(2026, 11, 19))],
)
def test_a_day_some_working_days_ago(waited, day):
    assert day_before(dt.date(2026, 11, 24), waited, DAYS) == day


def test_no_working_day_ago_on_a_sunday_is_the_friday():
    assert day_before(dt.date(2026, 11, 22), 0, DAYS) == FRIDAY


def test_steps_follow_one_another_on_working_days():
    start = dt.datetime(2026, 11, 21, 20, 0, tzinfo=WITA)  # a Saturday evening
    life = [Step(0, print), Step(0, print), Step(1, print), Step(2, print, Hours.NIGHT_AFTER)]

    planned = instants(start, life, DAYS, Random(1))

    assert planned == sorted(planned)
    assert [wita_date(at).day for at in planned] == [24, 24, 25, 28]
    assert planned[-1].astimezone(WITA).hour == 1


def test_what_lies_ahead_is_pressed_into_the_time_before():
    horizon = dt.datetime(2026, 11, 24, 1, 0, tzinfo=dt.UTC)
    planned = [horizon + dt.timedelta(hours=hours) for hours in (-20, 1, 3)]

    pressed = until(horizon, planned, Random(1))

    assert pressed[0] == planned[0]
    assert pressed == sorted(pressed)
    assert all(dt.datetime(2026, 11, 24, 8, 0, tzinfo=WITA) < at < horizon for at in pressed[1:])


# ---- 2022 ----


def test_the_offices_of_2022_add_up():
    years = office_years()

    assert sum(year.finished for year in years) == 49
    assert sum(year.in_process for year in years) == 33
    assert sum(year.not_acted_on for year in years) == 10
    assert round(sum(year.pace_days for year in years) / 82, 1) == 26.1


@pytest.mark.parametrize("number", [1, 2, 22])
def test_paces_add_up_and_none_is_nought(number):
    paces = share_out(752, number, Random(1))

    assert (len(paces), sum(paces)) == (number, 752)
    assert min(paces) >= 1
