"""Whether a printed recap adds up, by whose usage, and what is wrong where it does not.

The letter's rule is tried first: diterima = selesai + proses + belum ditindaklanjuti. Where another
usage explains a figure it is named, for then nobody made a mistake: they counted something else.
"""

import enum
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from lapor_web.services.printed_labels import Part
from lapor_web.services.printed_recaps import Printed, Share
from lapor_web.services.recap import percent

IN_LETTER = (Part.FINISHED, Part.IN_PROCESS, Part.NOT_ACTED_ON)
BESIDE = (
    *(Part.ON_HOLD, Part.ARCHIVED, Part.UNVERIFIED, Part.BEING_VERIFIED),
    *(Part.OUTSIDE, Part.MERGED),
)
"""What other usages count too."""


class Verdict(enum.StrEnum):
    FITS = "fits"
    OTHER_USAGE = "other_usage"
    WRONG = "wrong"
    OPEN = "open"
    """Too little is printed to tell."""


class Rule(enum.StrEnum):
    """What was looked at; its words are the page's."""

    SUM = "sum"
    MISSING = "missing"
    ACTED_ON = "acted_on"
    SHARE = "share"
    COLUMN = "column"


@dataclass(frozen=True, slots=True)
class Ratio:
    """A part of something, by the usage that its parts name."""

    part: tuple[Part, ...]
    of: tuple[Part, ...]
    """Empty where it is a number that was printed with the percentage."""
    above: int
    below: int

    @property
    def value(self) -> Decimal | None:
        return percent(self.above, self.below)


@dataclass(frozen=True, slots=True)
class Finding:
    verdict: Verdict
    rule: Rule
    parts: tuple[Part, ...] = ()
    printed: int | None = None
    counted: int | None = None
    share: Share | None = None
    ratio: Ratio | None = None
    """Which one the percentage is, or should have been."""

    @property
    def difference(self) -> int:
        return abs((self.printed or 0) - (self.counted or 0))


@dataclass(frozen=True, slots=True)
class Checked:
    printed: Printed
    findings: list[Finding]
    counted: dict[str, Decimal | int | None] = field(default_factory=dict)
    """What the same numbers give by the rule of the letter."""

    @property
    def worst(self) -> Verdict:
        order = (Verdict.WRONG, Verdict.OTHER_USAGE, Verdict.FITS)
        found = {one.verdict for one in self.findings}
        return next((one for one in order if one in found), Verdict.OPEN)


def check_all(recaps: list[Printed]) -> list[Checked]:
    """Each by itself; and where there is one line of totals, whether the others add up to it."""
    totals = [one for one in recaps if one.is_total]
    checked = [check(one) for one in recaps]
    if len(totals) == 1 and len(recaps) > 2:
        for one in checked:
            if one.printed is totals[0]:
                one.findings.extend(_columns(totals[0], [r for r in recaps if r is not totals[0]]))
    return checked


def check(printed: Printed) -> Checked:
    findings = [*_sum(printed), *_acted_on(printed)]
    findings += [_share(printed, share) for share in printed.shares]
    return Checked(printed, findings, _counted(printed.counts))


def _counted(counts: dict[Part, int]) -> dict[str, Decimal | int | None]:
    received = _total(counts, IN_LETTER)
    if received is None:
        return {}
    acted_on = counts[Part.FINISHED] + counts[Part.IN_PROCESS]
    return {
        "received": received,
        "finished_percent": percent(counts[Part.FINISHED], received),
        "acted_on_percent": percent(acted_on, received),
    }


def _total(counts: dict[Part, int], parts: Iterable[Part]) -> int | None:
    found = [counts.get(part) for part in parts]
    return None if None in found else sum(one for one in found if one is not None)


def _sum(printed: Printed) -> list[Finding]:
    counts = printed.counts
    received, letter = counts.get(Part.RECEIVED), _total(counts, IN_LETTER)
    if received is None:
        return []
    if letter is None:
        return _what_is_missing(received, counts)
    beside = [part for part in BESIDE if counts.get(part)]
    for parts in _fewest_first(beside):
        if letter + sum(counts[part] for part in parts) == received:
            verdict = Verdict.OTHER_USAGE if parts else Verdict.FITS
            return [Finding(verdict, Rule.SUM, parts, received, letter)]
    every = tuple(beside)
    counted = letter + sum(counts[part] for part in every)
    return [Finding(Verdict.WRONG, Rule.SUM, every, received, counted)]


def _what_is_missing(received: int, counts: dict[Part, int]) -> list[Finding]:
    """One that is not printed follows from the others, and shows when they are too many."""
    missing = tuple(part for part in IN_LETTER if part not in counts)
    rest = received - sum(counts.get(part, 0) for part in IN_LETTER)
    if rest < 0:
        return [Finding(Verdict.WRONG, Rule.MISSING, missing, received, received - rest)]
    return [Finding(Verdict.OPEN, Rule.MISSING, missing, received, received - rest)]


def _fewest_first(parts: list[Part]) -> Iterable[tuple[Part, ...]]:
    return itertools.chain.from_iterable(
        itertools.combinations(parts, size) for size in range(len(parts) + 1)
    )


def _acted_on(printed: Printed) -> list[Finding]:
    counts = printed.counts
    said, counted = counts.get(Part.ACTED_ON), _total(counts, (Part.FINISHED, Part.IN_PROCESS))
    if said is None or counted is None:
        return []
    verdict = Verdict.FITS if said == counted else Verdict.WRONG
    return [Finding(verdict, Rule.ACTED_ON, (), said, counted)]


def _share(printed: Printed, share: Share) -> Finding:
    candidates = list(_ratios(printed, share))
    for place, ratio in enumerate(candidates):
        if ratio.value is not None and _rounds_to(ratio, share):
            verdict = Verdict.OTHER_USAGE if place else Verdict.FITS
            return Finding(verdict, Rule.SHARE, share=share, ratio=ratio)
    if not candidates:
        return Finding(Verdict.OPEN, Rule.SHARE, share=share)
    return Finding(Verdict.WRONG, Rule.SHARE, share=share, ratio=candidates[0])


def _ratios(printed: Printed, share: Share) -> Iterable[Ratio]:
    """What the percentage can be, the letter's own first. Without a name it is that of the finished."""
    counts = printed.counts
    own: tuple[Part, ...] = (share.part or Part.FINISHED,)
    if own == (Part.ACTED_ON,) and Part.ACTED_ON not in counts:
        own = (Part.FINISHED, Part.IN_PROCESS)
    parts = [own]
    if share.part is None:
        parts.append((Part.FINISHED, Part.IN_PROCESS))
    bases: list[tuple[Part, ...]] = [IN_LETTER, (Part.RECEIVED,), (Part.DISPOSED,)]
    bases.append((*IN_LETTER, *(part for part in BESIDE if counts.get(part))))
    for part, of in itertools.product(parts, bases):
        above, below = _total(counts, part), _total(counts, of)
        if above is not None and below:
            yield Ratio(part, of, above, below)
    if share.base and (above := _total(counts, own)) is not None:
        yield Ratio(own, (), above, share.base)
    if share.part is None and (above := counts.get(Part.DISPOSED)) and counts.get(Part.RECEIVED):
        yield Ratio((Part.DISPOSED,), (Part.RECEIVED,), above, counts[Part.RECEIVED])


def _rounds_to(ratio: Ratio, share: Share) -> bool:
    exact = Decimal(100 * ratio.above) / ratio.below
    step = Decimal(1).scaleb(-share.places)
    return exact.quantize(step, rounding=ROUND_HALF_UP) == share.value


def _columns(total: Printed, others: list[Printed]) -> Iterable[Finding]:
    """A column of which every line tells; one that some leave out is left out too."""
    for part, said in total.counts.items():
        column = [one.counts[part] for one in others if part in one.counts]
        if len(column) == len(others):
            verdict = Verdict.FITS if sum(column) == said else Verdict.WRONG
            yield Finding(verdict, Rule.COLUMN, (part,), said, sum(column))
