"""The letters of an SMS: one sign outside GSM-7 cuts a segment from 160 letters to 70."""

import unicodedata

ONE_SEGMENT = 160

# 3GPP TS 23.038, 6.2.1: the default alphabet, and what takes two places after an escape.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_SAID_OTHERWISE = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'", "\t": " "}
    | {"\N{NO-BREAK SPACE}": " ", "•": "-", "`": "'"}
)


def to_gsm7(text: str) -> str:
    """What can be said in it, said in it; the rest is left out."""
    plain = text.translate(_SAID_OTHERWISE)
    return "".join(map(_nearest, plain))


def _nearest(letter: str) -> str:
    if letter in _BASIC or letter in _EXTENDED:
        return letter
    bare = unicodedata.normalize("NFKD", letter)
    return "".join(part for part in bare if part in _BASIC)


def places(text: str) -> int:
    """How many of the 160 it takes."""
    return sum(2 if letter in _EXTENDED else 1 for letter in text)


def shorten(text: str, room: int) -> str:
    """On one line, in so many places at most, cut between words."""
    line = " ".join(to_gsm7(text).split())
    if places(line) <= room:
        return line
    kept = ""
    for word in line.split(" "):
        longer = f"{kept} {word}".lstrip()
        if places(longer) + 3 > room:
            break
        kept = longer
    return f"{kept}..." if kept else ""
