"""Which office a report probably belongs to, and why: for a coordinator to agree with or not.

Three things speak for an office: words that the city has noted for it (`Opd.keywords`), reports that
were alike and that it answered, and that it looks after the area. Each is said in words; nothing is
decided by it.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import nlargest

from sqlalchemy import ColumnElement, and_, bindparam, func, select
from sqlalchemy.orm import Session

from lapor_web.models import Action, Area, HistoryEntry, Opd, Report, User
from lapor_web.models.opd import INSPECTORATE
from lapor_web.services.alike import matter_words
from lapor_web.services.similar import COMPARED, newest_named

AT_MOST = 3
KEYWORD, PAST, AREA = 1.0, 3.0, 0.75
"""What one keyword, one report that is wholly alike, and the right area weigh.

Tried (2026-11-30) on the 84 reports of the city's own export of 2024 whose words are in it and whose
office is known, each against the others: the right office came first for 65 %, was among the three
for 85 %; by keywords alone 57 and 64 %."""
WORDS_LOOKED_FOR = 6
BLOCKS_BACK = 2
"""Of `services.search`: the newest 16 thousand reports."""
NEAREST = 10
"""So many reports that are most alike have a say."""
ALIKE_ENOUGH = 0.15
"""Of 1; less is not worth mentioning."""
SURE = 1.2
"""From so much on, and twice as much as the next one, it may be chosen beforehand.

Only where two of the three speak for it, though: a teacher writes "guru" of a crossing, too. Tried
as above, what was chosen beforehand was right 31 times and wrong 5 by its weight alone, right 9
times and wrong once where two speak for it."""


@dataclass(slots=True)
class Suggestion:
    opd: Opd
    score: float = 0.0
    keywords: list[str] = field(default_factory=list)
    handled: int = 0
    """How many reports that were alike it answered."""
    answered_most_alike: bool = False
    """It answered the report that is most alike even by other words than its keywords: "guru" said
    in both is no second reason."""
    near: bool = False
    """It looks after the area."""
    only_one: bool = False
    """About conduct: no other office may have it."""

    @property
    def speaking(self) -> int:
        """How many of the three speak for it."""
        return bool(self.keywords) + self.answered_most_alike + self.near


def suggest(
    session: Session, scope: ColumnElement[bool], report: Report, opds: Iterable[Opd]
) -> list[Suggestion]:
    """The likeliest of `opds`, each of which may get the report. Past reports are those in `scope`."""
    found = {opd.id: Suggestion(opd) for opd in opds}
    if report.about_conduct:
        own = (one for one in found.values() if one.opd.kind == INSPECTORATE)
        return [Suggestion(one.opd, SURE, only_one=True) for one in own][:1]
    text = f"{report.title or ''} {report.story}"
    _by_keywords(found, text)
    _by_past(session, scope, report, found, text)
    likely = [one for one in found.values() if one.score]
    _by_area(session, report, found)
    # An office of the area alone is a guess, for where nothing else is known.
    ranked = sorted(
        likely or [one for one in found.values() if one.score],
        key=lambda one: (-one.score, one.opd.name),
    )
    return ranked[:AT_MOST]


def surely(suggestions: list[Suggestion]) -> Suggestion | None:
    """The first, where two of the three speak for it and the next one is far behind."""
    first, *others = [*suggestions, None]
    if first is None or first.score < SURE or not (first.only_one or first.speaking >= 2):
        return None
    second = next((one for one in others if one), None)
    return first if second is None or first.score >= 2 * second.score else None


def _by_keywords(found: dict[int, Suggestion], text: str) -> None:
    said = f" {' '.join(re.findall(r'[a-z0-9]+', text.lower()))} "
    for one in found.values():
        for keyword in filter(None, (word.strip() for word in one.opd.keywords.lower().split("|"))):
            if f" {keyword} " in said:
                one.keywords.append(keyword)
                # Two words together say more than one.
                one.score += KEYWORD * (1 + 0.25 * keyword.count(" "))


def _by_past(
    session: Session,
    scope: ColumnElement[bool],
    report: Report,
    found: dict[int, Suggestion],
    text: str,
) -> None:
    words = sorted(matter_words(text, report.place), key=len, reverse=True)[:WORDS_LOOKED_FOR]
    if not words or not found:
        return
    answered = and_(
        scope,
        Report.agency_id == report.agency_id,
        Report.id != report.id,
        Report.holder_opd_id.in_(found),
        Report.first_follow_up_at.is_not(None),
    )
    ids = list(newest_named(session, words, answered, public=False, blocks_back=BLOCKS_BACK))
    rows = session.execute(
        select(Report.holder_opd_id, Report.title, Report.story, Report.place).where(
            Report.id.in_(ids[:COMPARED])
        )
    )
    past = [
        (opd_id, frozenset(matter_words(f"{title or ''} {story}", place)))
        for opd_id, title, story, place in rows
        if opd_id is not None
    ]
    said = frozenset(matter_words(text, report.place))
    nearest = nlargest(NEAREST, _likeness(said, past), key=lambda one: one[0])
    for score, opd_id in nearest:
        found[opd_id].score += PAST * score
        found[opd_id].handled += score >= ALIKE_ENOUGH
    # The only one that may be chosen beforehand.
    likeliest = max(found.values(), key=lambda one: one.score)
    besides = said.difference(matter_words(" ".join(likeliest.keywords), ""))
    score, opd_id = max(_likeness(besides, past), default=(0.0, 0))
    likeliest.answered_most_alike = opd_id == likeliest.opd.id and score >= ALIKE_ENOUGH


def _likeness(
    said: frozenset[str], past: list[tuple[int, frozenset[str]]]
) -> Iterator[tuple[float, int]]:
    """0 to 1 for each: which of their words are the same, a rare one telling more than one that many
    of them have (cosine of the inverse document frequencies)."""
    known = Counter(word for _, words in past for word in words)
    weights = {
        word: math.log(1 + (len(past) + 1) / (1 + known[word])) ** 2 for word in {*said, *known}
    }

    def weight(words: frozenset[str]) -> float:
        return sum(weights[word] for word in words)

    own = weight(said)
    for opd_id, words in past:
        if own and words:
            yield weight(said & words) / math.sqrt(own * weight(words)), opd_id


def _by_area(session: Session, report: Report, found: dict[int, Suggestion]) -> None:
    """The kelurahan before its kecamatan."""
    area = session.get(Area, report.area_id) if report.area_id else None
    for one in found.values():
        if area is not None and one.opd.area_id in (area.id, area.parent_id):
            one.near = one.opd.area_id is not None
            one.score += AREA if one.opd.area_id == area.id else AREA / 2


def list_favourites(session: Session, user: User, limit: int) -> list[str]:
    """Codes of the offices that the officer lately handed most reports to."""
    return list(session.scalars(_FAVOURITES, {"user_id": user.id, "limit": limit}))


LOOKED_BACK = 200
"""Dispositions of an officer that tell which offices they hand most to."""
_HANDED = (
    select(HistoryEntry.opd_id)
    .where(
        HistoryEntry.user_id == bindparam("user_id"),
        HistoryEntry.action == Action.VERIFY,
        ~HistoryEntry.undone,
    )
    .order_by(HistoryEntry.at.desc())
    .limit(LOOKED_BACK)
    .subquery()
)
_FAVOURITES = (
    select(Opd.code)
    .join(_HANDED, _HANDED.c.opd_id == Opd.id)
    .where(Opd.active)
    .group_by(Opd.id)
    .order_by(func.count().desc(), Opd.name)
    .limit(bindparam("limit"))
)
