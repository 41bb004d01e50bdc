"""The invented texts of `seed/demo`, and which of them fits which report."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from lapor_web.models import Classification, Kind, Outcome
from lapor_web.services.seed_files import read_rows

FOLDER = "demo"

SERVICE_OPERATOR = "DISKOMINFO"
"""Whoever runs this service: a report about its people passes the coordinators by."""


@dataclass(frozen=True, slots=True)
class Story:
    """What somebody reports, and what a coordinator makes of it."""

    id: int
    text: str
    place: str
    title: str
    kind: Kind
    classification: Classification
    category: str
    office: str
    kecamatan: str
    accused: str
    anonymous: bool
    confidential: bool
    duplicate_of: int | None
    outside: str

    @property
    def about_conduct(self) -> bool:
        return bool(self.accused)

    @property
    def about_service(self) -> bool:
        return self.accused == SERVICE_OPERATOR

    @property
    def is_ordinary(self) -> bool:
        """It may be told with any life, twice even, in other words and at another place."""
        return not (self.accused or self.outside or self.duplicate_of)


@dataclass(frozen=True, slots=True)
class Text:
    """One that an office or a reporter writes; an empty field fits every report."""

    kind: str
    text: str
    office: str = ""
    story_kind: str = ""
    category: str = ""
    outcome: Outcome | None = None

    def fit(self, story: Story) -> int | None:
        """How closely it fits; None where one of its fields says something else."""
        asked = (
            (self.office, story.office),
            (self.story_kind, story.kind.value),
            (self.category, story.category),
        )
        if any(wanted not in ("", there) for wanted, there in asked):
            return None
        return sum(bool(wanted) for wanted, _ in asked)


@dataclass(frozen=True, slots=True)
class Nonsense:
    """A report that ends in the archive, and what its writer is told."""

    text: str
    place: str
    kecamatan: str
    archive_reason: str
    told: str


@dataclass(frozen=True, slots=True)
class TwoMatters:
    """What somebody tells in one report, and the second of the two told by itself."""

    both: Story
    text: str
    place: str
    title: str


@dataclass
class Corpus:
    rng: Random
    stories: list[Story] = field(default_factory=list)
    used: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.stories = [as_story(row) for row in read_rows(FOLDER, "stories")]
        self.nonsense = [
            Nonsense(
                text=row["story"],
                place=row["place"],
                kecamatan=row["kecamatan_code"],
                archive_reason=row["archive_reason"],
                told=row["text"],
            )
            for row in read_rows(FOLDER, "archived")
        ]
        self.texts = [
            Text(
                kind=row["kind"],
                text=row["text"],
                office=row.get("opd_code", ""),
                story_kind=row.get("story_kind", ""),
                category=row.get("category_code", ""),
                outcome=Outcome(row["outcome"]) if row.get("outcome") else None,
            )
            for name in ("answers", "replies", "decisions")
            for row in read_rows(FOLDER, name)
        ]
        for name, kind in (("holds", "hold"), ("notes", "note"), ("returns", "return")):
            self.texts += [Text(kind, row["text"]) for row in read_rows(FOLDER, name)]
        self.two_matters = [
            TwoMatters(
                both=as_story(TOLD_ONCE | row),
                text=row["second_story"],
                place=row["second_place"],
                title=row["second_title"],
            )
            for row in read_rows(FOLDER, "two_matters")
        ]
        self.steps: dict[str, list[str]] = {}
        for row in read_rows(FOLDER, "steps"):
            self.steps.setdefault(row["opd_code"], []).append(row["text"])
        self.outside = {row["code"]: row for row in read_rows(FOLDER, "outside")}
        self.people = [row["name"] for row in read_rows(FOLDER, "people")]
        self.streets: dict[str, list[str]] = {}
        for row in read_rows(FOLDER, "streets"):
            self.streets.setdefault(row["kecamatan_code"], []).append(row["name"])

    def find(self, kind: str, story: Story) -> Text:
        """The one that fits best, and has not been read too often yet."""
        fitting = [
            (fit - self.used[text.text], self.rng.random(), text)
            for text in self.texts
            if text.kind == kind and (fit := text.fit(story)) is not None
        ]
        text = max(fitting, key=lambda one: one[:2])[2]
        self.used[text.text] += 1
        return text

    def say(self, kind: str, story: Story) -> str:
        return self.find(kind, story).text

    def somebody(self) -> str:
        return self.rng.choice(self.people)


TOLD_ONCE = {
    "id": "0",
    "accused_opd_code": "",
    "anonymous": "0",
    "confidential": "0",
    "duplicate_of": "",
    "outside_to": "",
}
"""What the table of stories says besides of one that nothing repeats."""


def as_story(row: dict[str, str]) -> Story:
    return Story(
        id=int(row["id"]),
        text=row["story"],
        place=row["place"],
        title=row["title"],
        kind=Kind(row["kind"]),
        classification=Classification(row["classification"]),
        category=row["category_code"],
        office=row["opd_code"],
        kecamatan=row["kecamatan_code"],
        accused=row["accused_opd_code"],
        anonymous=row["anonymous"] == "1",
        confidential=row["confidential"] == "1",
        duplicate_of=int(row["duplicate_of"]) if row["duplicate_of"] else None,
        outside=row["outside_to"],
    )


# Months in which a subject comes up more often; all others come evenly.
RAIN, ENROLMENT, FEAST, DRY = {11, 12, 1, 2, 4}, {5, 6, 7}, {3, 4}, {7, 8, 9, 10}
SEASONS = {
    "BANJIR": RAIN,
    "DRAINASE": RAIN,
    "LONGSOR": RAIN,
    "JALAN-BERLUBANG": RAIN,
    "FOGGING-NYAMUK": RAIN,
    "PENERIMAAN-SISWA-BARU": ENROLMENT,
    "BIAYA-SEKOLAH": ENROLMENT,
    "KIP": ENROLMENT,
    "GAJI-PEKERJA": FEAST,
    "PEMANTAUAN-HARGA-BAHAN-POKOK": FEAST,
    "GANGGUAN-LAYANAN-PENYALURAN-AIR": DRY,
    "LAINNYA-LINGKUNGAN": DRY,
    "PAJAK-DAERAH": {8, 9},
}


def in_season(story: Story, day: dt.date) -> float:
    """How likely the story is told on the day, against any other."""
    months = SEASONS.get(story.category)
    return 1.0 if months is None else (3.0 if day.month in months else 0.5)
