"""The year that the Home Ministry's letter is about: 92 = 49 + 33 + 10, and 26,1 working days."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from lapor_web.services.demo import deeds
from lapor_web.services.demo.casting import Casting, Part
from lapor_web.services.demo.corpus import FOLDER, Story
from lapor_web.services.demo.lives import Life, Step
from lapor_web.services.seed_files import read_rows

YEAR = 2022
LAST_DAY_IN = dt.date(YEAR, 12, 20)


@dataclass(frozen=True, slots=True)
class OfficeYear:
    """What one office made of it; `pace_days` is the sum over those followed up."""

    office: str
    finished: int
    in_process: int
    not_acted_on: int
    pace_days: int


def office_years() -> list[OfficeYear]:
    return [
        OfficeYear(
            row["opd_code"],
            int(row["finished"]),
            int(row["in_process"]),
            int(row["not_acted_on"]),
            int(row["pace_days"]),
        )
        for row in read_rows(FOLDER, "year_2022")
    ]


def cast_year(casting: Casting) -> list[Part]:
    """Adds the reports of the year to the others."""
    before = len(casting.parts)
    for year in office_years():
        stories = tell_stories(casting, year.office)
        paces = share_out(year.pace_days, year.finished + year.in_process, casting.rng)
        for number, pace in enumerate(paces):
            story = next(stories)
            life = [*begun(casting.rng), Step(pace, deeds.answer)]
            if number < year.finished:
                recipes = casting.recipes(story)
                life += [*recipes.proposed(), *recipes.ended()]
            casting.add(story, life, some_day(casting.rng))
        for _ in range(year.not_acted_on):
            casting.add(next(stories), begun(casting.rng), some_day(casting.rng))
    return casting.parts[before:]


def begun(rng: Random) -> Life:
    return [Step(rng.randint(0, 3), deeds.verify)]


def some_day(rng: Random) -> dt.date:
    first = dt.date(YEAR, 1, 3)
    return first + dt.timedelta(days=rng.randint(0, (LAST_DAY_IN - first).days))


def tell_stories(casting: Casting, office: str) -> Iterator[Story]:
    """Complaints to the office, in the words of other people than those of today."""
    known = [
        story
        for story in casting.city.corpus.stories
        if story.is_ordinary and story.office == office and story.kind == "complaint"
    ]
    while True:
        for story in casting.rng.sample(known, len(known)):
            yield casting.retell(story)


def share_out(total: int, number: int, rng: Random) -> list[int]:
    """`number` paces of at least a day that add up to `total`: most short, a few very long."""
    weights = [rng.lognormvariate(0, 0.8) for _ in range(number)]
    spare = total - number
    shares = [1 + int(spare * weight / sum(weights)) for weight in weights]
    for place in range(total - sum(shares)):
        shares[place % number] += 1
    rng.shuffle(shares)
    return shares
