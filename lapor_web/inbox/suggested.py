"""What a coordinator may begin with: an office with the reason for it, and a title."""

import re
import textwrap
from collections.abc import Iterable, Sequence

from wtforms import SelectChoice

from lapor_web.fields import ChosenFrom
from lapor_web.models import Classification, Kind, Report
from lapor_web.services.suggestion import Suggestion

KEYWORDS_SAID = 3
TITLE_AT_MOST, TITLE_AT_LEAST = 80, 12
SENTENCE_END = re.compile(r"(?<=[a-z0-9)]{3}[.!?])\s+|\n+")
"""Not the full stop of "Jl." or of an initial."""
GREETING = re.compile(
    r"(selamat|assalam|permisi|kepada|yth|halo|hai|pagi|siang|sore|malam|min|pak|bu|izin|"
    r"mohon maaf|mhn maaf|terima kasih)\b",
    re.IGNORECASE,
)


def reason(one: Suggestion) -> str:
    if one.only_one:
        return "laporan tentang perilaku petugas"
    parts = []
    if one.keywords:
        words = ", ".join(f"“{word}”" for word in one.keywords[:KEYWORDS_SAID])
        parts.append(f"memuat {words}")
    if one.handled:
        parts.append(f"menjawab {one.handled} laporan serupa")
    if one.near:
        parts.append("mengurus wilayah ini")
    return ", ".join(parts) or "pernah menjawab laporan yang agak mirip"


def in_words(suggestions: Iterable[Suggestion]) -> str:
    """Empty where nothing is suggested."""
    named = [f"{one.opd.short_name} ({reason(one)})" for one in suggestions]
    return f"Saran: {'; '.join(named)}" if named else ""


def put_first(field: ChosenFrom, suggested: Sequence[Suggestion]) -> str:
    """In the list of offices; why, in words."""
    codes = [one.opd.code for one in suggested]
    none, *others = field.choices
    field.choices = [
        none,
        *(SelectChoice(one.opd.code, one.opd.name, optgroup="Disarankan") for one in suggested),
        *(
            SelectChoice(choice.value, choice.label, optgroup="Semua OPD" if codes else None)
            for choice in others
            if choice.value not in codes
        ),
    ]
    return in_words(suggested)


def likely_class(report: Report) -> Classification:
    """The one that most reports of its kind are in; whoever verifies sees it and has the last word."""
    if report.classification:
        return report.classification
    if report.about_conduct:
        return Classification.SUPERVISORY
    match report.kind:
        case Kind.INFORMATION:
            return Classification.INFORMATION_REQUEST
        case Kind.ASPIRATION:
            return Classification.ASPIRATION
        case _:
            return Classification.NON_SUPERVISORY


def headline(story: str) -> str:
    """The first sentence that is more than a greeting, cut between two words; empty where the
    story begins with none."""
    for sentence in SENTENCE_END.split(story):
        words = textwrap.shorten(sentence, TITLE_AT_MOST, placeholder="").rstrip(" .,;:!?")
        if len(words) >= TITLE_AT_LEAST and not GREETING.match(words):
            return words
    return ""
