"""What people will do with each report, and when; nothing of what the system does by itself."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from year.days import ONE, Days

OFFICES = ("DISTRICT", "VILLAGE", "WORKS", "ROADS")
SILENCE = 10


@dataclass(frozen=True, slots=True)
class Life:
    number: int
    kind: str
    office: str
    deeds: tuple[tuple[dt.date, str], ...]
    """In the order in which they are done, each at ten in the morning."""


KINDS = {
    "silent": 28,
    "confirmed": 14,
    "held": 10,
    "completed": 8,
    "paused": 8,
    "slow": 16,
    "forgotten": 8,
    "undone": 8,
}


def invent(number: int, day: dt.date, days: Days, rng: Random) -> Life:
    (kind,) = rng.choices(list(KINDS), list(KINDS.values()))
    deeds = tuple(Way(day, days, rng).go(kind))
    return Life(number, kind, rng.choice(OFFICES), deeds)


class Way:
    def __init__(self, day: dt.date, days: Days, rng: Random):
        self.day, self.days, self.rng = day, days, rng

    def wait(self, least: int, most: int) -> None:
        self.day += dt.timedelta(days=self.rng.randint(least, most))

    def go(self, kind: str) -> Iterator[tuple[dt.date, str]]:
        yield self.day, "submit"
        yield from getattr(self, kind)()

    def verified(self, most: int = 5) -> Iterator[tuple[dt.date, str]]:
        self.wait(0, most)
        yield self.day, "verify"

    def answered(self, most: int = 6) -> Iterator[tuple[dt.date, str]]:
        yield from self.verified()
        if self.rng.random() < 0.6:
            self.wait(0, most)
            yield self.day, "follow_up"
        self.wait(0, most)
        yield self.day, "propose"

    def silent(self) -> Iterator[tuple[dt.date, str]]:
        yield from self.answered()

    def confirmed(self) -> Iterator[tuple[dt.date, str]]:
        """On the last day, quite often: that is in time."""
        yield from self.answered()
        self.day = self.days.after(self.day, self.rng.choice([1, 4, SILENCE, SILENCE]))
        yield self.day, "confirm"

    def held(self) -> Iterator[tuple[dt.date, str]]:
        self.wait(0, 4)
        yield self.day, "hold"

    def completed(self) -> Iterator[tuple[dt.date, str]]:
        yield from self.held()
        self.day = self.days.after(self.day, self.rng.choice([1, 5, SILENCE]))
        yield self.day, "complete"
        yield from self.answered()

    def paused(self) -> Iterator[tuple[dt.date, str]]:
        yield from self.verified()
        self.wait(0, 4)
        yield self.day, "hold"
        self.day = self.days.after(self.day, self.rng.choice([1, 5, SILENCE]))
        yield self.day, "complete"
        self.wait(0, 15)
        yield self.day, "propose"

    def slow(self) -> Iterator[tuple[dt.date, str]]:
        """Late with everything: up to the leaders, and to the Ombudsman now and then."""
        yield from self.verified(most=20)
        self.wait(0, 40)
        yield self.day, "follow_up"
        self.wait(0, 60)
        yield self.day, "propose"

    def forgotten(self) -> Iterator[tuple[dt.date, str]]:
        yield from self.verified()
        if self.rng.random() < 0.5:
            self.wait(75, 120)
            yield self.day, "consent"

    def undone(self) -> Iterator[tuple[dt.date, str]]:
        """The clock finishes it in the night after the last day; a coordinator takes that back."""
        yield from self.answered()
        self.day = self.days.after(self.day, SILENCE) + ONE
        self.wait(0, 9)
        yield self.day, "undo"
