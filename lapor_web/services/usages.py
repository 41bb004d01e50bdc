"""What "diterima" means: the Home Ministry's letter counts S + P + B, others count more.

Jawa Timur's total includes what is on hold and what was archived (domain.md, Indicators). Both are
made of the same counts, so a switch shows the one beside the other and how they differ.
"""

import enum
from dataclasses import dataclass, replace
from decimal import Decimal

from lapor_web.services.recap import Figures, Recap, percent


class Usage(enum.StrEnum):
    """The value is its word in the address."""

    LETTER = "surat"
    WIDE = "luas"


@dataclass(frozen=True, slots=True)
class Difference:
    """Why the two say different things of the same reports."""

    letter: Figures
    wide: Figures

    @property
    def points(self) -> Decimal | None:
        """By how many percentage points the wide usage makes the finished part smaller."""
        one, other = self.letter.finished_percent, self.wide.finished_percent
        return None if one is None or other is None else one - other


def in_usage(figures: Figures, usage: Usage) -> Figures:
    """The same figures, with the other denominator where the usage has one."""
    if usage is Usage.LETTER:
        return figures
    received = figures.received + figures.outside.on_hold + figures.outside.archived
    return replace(
        figures,
        received=received,
        finished_percent=percent(figures.finished, received),
        acted_on_percent=percent(figures.acted_on, received),
    )


def recap_in_usage(recap: Recap, usage: Usage) -> Recap:
    return replace(
        recap,
        figures=in_usage(recap.figures, usage),
        per_opd=[replace(one, figures=in_usage(one.figures, usage)) for one in recap.per_opd],
    )


def difference(figures: Figures) -> Difference:
    """`figures` are those of the letter."""
    return Difference(figures, in_usage(figures, Usage.WIDE))
