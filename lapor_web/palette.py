"""A city's two colours in the one stylesheet: what they must be able to do, and where they go.

The stylesheet is written with the usual colours, literally, for browsers that know no `var()`; a city
that has others gets a copy in which these are replaced. Colours that mean something (finished, late)
are never a city's own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

ENOUGH = 4.5
"""Contrast that text needs (WCAG 2.2, 1.4.3)."""
PAPERS = ("#ffffff", "#fbf8f1", "#f1ebdd", "#efe9da", "#e3efe9")
"""On which words in the main colour stand; white also stands on it."""
DARK, INK_ON_LIGHT = "#0f1f20", "#08211f"
WHITE, BLACK = "#ffffff", "#000000"
HEX = re.compile(r"#[0-9a-f]{6}")
_RULE = re.compile(r"[^{}]+\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Palette:
    main: str = "#0a5a54"
    """Buttons and links."""
    ribbon: str = "#7c1730"
    """The woven ribbon, and the numbers of the three questions."""

    @classmethod
    def of(cls, colours: Mapping[str, str]) -> "Palette":
        return cls(**{name: colours[name] for name in ("main", "ribbon") if name in colours})

    @property
    def replaced(self) -> dict[str, str]:
        """By the colours that the stylesheet is written with."""
        return {
            USUAL.main: self.main,
            "#7fd3c4": light(self.main),
            USUAL.ribbon: self.ribbon,
            "#931d3b": mixed(self.ribbon, WHITE, 0.12),
            "#5d1024": mixed(self.ribbon, BLACK, 0.3),
        }


USUAL = Palette()


def problem(name: str, colour: str) -> str:
    """Why it will not do, as a sentence; empty where it does."""
    if not HEX.fullmatch(colour):
        return "Tulis warna seperti #0a5a54"
    papers = PAPERS if name == "main" else PAPERS[:2]
    worst = min(contrast(colour, paper) for paper in papers)
    if worst >= ENOUGH:
        return ""
    told = f"{worst:.1f}".replace(".", ",")
    return f"Warna ini kurang gelap: kontrasnya {told}, perlu 4,5 agar tulisan terbaca"


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Relative, as WCAG defines it."""
    parts = [part / 255 for part in _parts(colour)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mixed(one: str, other: str, share: float) -> str:
    """`share` of `other` in it."""
    both = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in both)


@lru_cache(maxsize=8)
def light(main: str) -> str:
    """The main colour on a dark page: as much white in it as words need, on it and in it."""
    if main == USUAL.main:
        return "#7fd3c4"
    for step in range(20):
        colour = mixed(main, WHITE, step / 20)
        if min(contrast(colour, DARK), contrast(colour, INK_ON_LIGHT)) >= 7:
            return colour
    return WHITE


@lru_cache(maxsize=8)
def painted(css: str, palette: Palette) -> str:
    if palette == USUAL:
        return css
    return _RULE.sub(lambda rule: _painted_rule(rule.group(), palette), css)


def _painted_rule(rule: str, palette: Palette) -> str:
    if "finished" in rule.partition("{")[0]:
        return rule
    for usual, own in palette.replaced.items():
        rule = rule.replace(usual, own)
    return rule
