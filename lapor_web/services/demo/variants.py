"""The same matter, told by somebody else: another street, another way to begin and to end."""

import re
from dataclasses import replace
from random import Random

from lapor_web.services.demo.corpus import Story

STREET = re.compile(r"(?:Jl\.|Jalan|Jln\.?|jln) ((?:[A-Z][\w.-]*)(?: [A-Z0-9][\w.-]*)*)")
SENTENCE_END = re.compile(r"(?<=[a-z0-9)]{3}[.!?]) (?=[A-Z])")
"""Not the full stop of "Jl." or of an initial."""

LANDMARKS = (
    "dekat pos ronda",
    "depan warung bakso",
    "seberang musala",
    "RT 7",
    "RT 21",
    "sebelum jembatan kecil",
    "samping lapangan voli",
)
NO_ONES = 0
"""The number of a story told again: nothing repeats that one."""

GREETINGS = (
    "Selamat pagi, izin melapor.",
    "Assalamualaikum.",
    "Permisi, mau lapor.",
    "Min, tolong diteruskan ya.",
    "Kepada dinas terkait.",
    "Sore pak/bu.",
)
FAREWELLS = (
    "Terima kasih.",
    "Ditunggu kabarnya.",
    "Semoga segera ditanggapi.",
    "Trims sebelumnya.",
    "Kami siap membantu kalau diperlukan.",
)


def street_of(story: Story) -> str | None:
    """The street that the story is about, where moving it leaves no other trace in the text."""
    found = STREET.search(story.place)
    return found[1] if found and found[1] in story.text else None


def can_be_retold(story: Story) -> bool:
    """A story tied to a place that everybody knows is told once."""
    return story.is_ordinary and (not story.place or street_of(story) is not None)


def told_again(story: Story, streets: list[str], rng: Random) -> Story:
    """By somebody else, in other words around it."""
    sentences = SENTENCE_END.split(story.text)
    if len(sentences) > 3:
        del sentences[rng.randrange(1, len(sentences) - 1)]
    text = " ".join([rng.choice(GREETINGS), *sentences, rng.choice(FAREWELLS)])
    retold = replace(story, id=NO_ONES, text=text)
    old = street_of(story)
    others = [street for street in streets if street != old]
    return moved(retold, old, rng.choice(others), rng) if old and others else retold


def moved(story: Story, old: str, new: str, rng: Random) -> Story:
    return replace(
        story,
        text=story.text.replace(old, new),
        title=story.title.replace(old, new),
        place=f"Jl. {new}, {rng.choice(LANDMARKS)}",
    )
