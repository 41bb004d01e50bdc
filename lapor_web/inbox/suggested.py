"""Why an office is suggested, in words."""

from collections.abc import Iterable

from lapor_web.services.suggestion import Suggestion

KEYWORDS_SAID = 3


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
    return ", ".join(parts)


def in_words(suggestions: Iterable[Suggestion]) -> str:
    """Empty where nothing is suggested."""
    named = [f"{one.opd.short_name} ({reason(one)})" for one in suggestions]
    return f"Saran: {'; '.join(named)}" if named else ""
