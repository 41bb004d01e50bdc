"""Search in reports: a number in any reading, a Tracking ID, else words, the newest hits first.

A word of every second report has half a million hits, and ranking them takes a second. So the
newest thousands are searched first (the index knows which report belongs to which), and older ones
only until the page is full. The deeper the page, the further back.
"""

import enum
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, cast, func, or_, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from lapor_web.models import HistoryEntry, Report, public_words_of_report, words_of_report
from lapor_web.models.lists import words_of_answer
from lapor_web.services.access import PUBLISHED
from lapor_web.services.kept_statement import KeptStatement
from lapor_web.services.numbers import bare_tracking_id, candidates

BLOCKS = (8192, 32768, 131072, 524288)
"""Reports with neighbouring ids share a sign in the index, at each of these levels (SQL function
`report_words`)."""
BLOCKS_AT_A_LEVEL = 2
"""Then the next level is worth its hits: where few were found, there will be few."""
LOOKED_AT = BLOCKS[0]
"""From so many reports on it is guessed how many hits are left; with a look at a block half-way back,
for the newest of all may be a flood that nobody has published yet. A wrong guess is dear: the index
names all hits of a word before the first of them is read."""
EVERY_ID = 2**62
"""Above all that there are."""
FEW = 5_000
"""So many hits are read faster all at once than block by block; a block that has more is read in
smaller ones."""


class Words(enum.Enum):
    """Where words are looked for; each has an index of its own."""

    REPORTS = enum.auto()
    """What the reporter said."""
    PUBLISHED = enum.auto()
    """The copy that the public reads."""
    ANSWERS = enum.auto()
    """What was told to the reporter since, or by them."""

    def of_reports(self, within: ColumnElement[bool]) -> Select[int, bool]:
        """Ids of the reports that they belong to, and whether those lie within a scope."""
        if self is Words.ANSWERS:
            asked = select(HistoryEntry.report_id.label("id"), within.label("seen"))
            return asked.join(Report, Report.id == HistoryEntry.report_id)
        return select(Report.id.label("id"), within.label("seen"))

    def have(self, query: ColumnElement[Any]) -> ColumnElement[bool]:
        match self:
            case Words.REPORTS:
                return words_of_report().op("@@")(query)
            case Words.PUBLISHED:  # said here too, for that index is of published reports only
                return and_(PUBLISHED, public_words_of_report().op("@@")(query))
            case Words.ANSWERS:
                answers = and_(HistoryEntry.visible, ~HistoryEntry.undone, HistoryEntry.text != "")
                return and_(answers, words_of_answer().op("@@")(query))


def search_ids(
    session: Session,
    agency_id: int,
    words: str,
    scope: ColumnElement[bool],
    *,
    prefix: Sequence[str],
    limit: int,
    offset: int = 0,
    public: bool = False,
    marks: str = "",
) -> list[int]:
    """The ids of what `words` finds within `scope`, a condition on `Report`, newest first.

    `prefix` is that of the agency's numbers. `public` searches only the copy that the public
    reads, and needs a scope that implies that the report is published. `marks` is what the scope
    implies of marks (`any_mark`), a tsquery: with it, the index alone settles most of the scope.
    """
    within = and_(Report.agency_id == agency_id, scope)
    by_number = looked_up(words, prefix)
    if by_number is not None:
        found = select(Report.id).where(within, by_number).order_by(Report.id.desc())
        return list(session.scalars(found.limit(limit).offset(offset)))
    where = Words.PUBLISHED if public else Words.REPORTS
    ids = _search_words(session, words, within, wanted=offset + limit, where=where, marks=marks)
    return ids[offset:]


def search_answers(
    session: Session,
    agency_id: int,
    words: str,
    scope: ColumnElement[bool],
    *,
    limit: int,
    office: str = "",
) -> list[int]:
    """The ids of reports whose answers have the words, newest first; `office` is a mark of who gave
    them, for those who read the reports of few."""
    within = and_(Report.agency_id == agency_id, scope)
    found = _search_words(session, words, within, wanted=limit, where=Words.ANSWERS, marks=office)
    return list(dict.fromkeys(found))


def any_mark(sign: str, values: Iterable[object]) -> str:
    """Part of a tsquery: bearing one of these marks. The signs are those of the SQL function
    `report_marks`: = status, @ holder, ~ category, ^ area, + who typed it in."""
    return "(" + " | ".join(f"'{sign}{value}'" for value in sorted(map(str, values))) + ")"


def search_newest(
    session: Session, words: str, scope: ColumnElement[bool], *, among: int, limit: int
) -> tuple[bool, list[int]]:
    """Whether the scope has no more than `among` reports; and of its newest so many, the ids of
    those that have the words, the newest first. For scopes that are small."""
    newest = (
        select(Report.id, Report.title, Report.story, Report.place)
        .where(scope)
        .order_by(Report.id.desc())
        .limit(among + 1)
        .cte("newest")
        .prefix_with("MATERIALIZED")
    ).c
    vector = func.report_words(newest.id, newest.title, newest.story, newest.place)
    query = _query(words)
    hits = select(newest.id).where(vector.op("@@")(query)).order_by(newest.id.desc()).limit(limit)
    size, found = session.execute(
        select(select(func.count(newest.id)).scalar_subquery(), func.array(hits.scalar_subquery()))
    ).one()
    return size <= among, found


def looked_up(words: str, prefix: Sequence[str]) -> ColumnElement[bool] | None:
    """The condition for somebody who typed a number or a Tracking ID, else None. Both may be typed as
    one reads them to another, "916 5816"; of fewer digits than a number has, two are two words."""
    typed = words.strip().lstrip("# ")
    if numbers := candidates(prefix, typed):
        return or_(Report.number.in_(numbers), Report.tracking_id == bare_tracking_id(typed))
    return Report.tracking_id == typed if re.fullmatch(r"\d+", typed) else None


def _query(words: str) -> ColumnElement[Any]:
    # Hyphens before no word are negations of one another, and a row of them exhausts PostgreSQL.
    return func.websearch_to_tsquery("indonesian", re.sub(r"-(?!\w)", " ", words))


def _search_words(
    session: Session,
    words: str,
    within: ColumnElement[bool],
    *,
    wanted: int,
    where: Words,
    marks: str,
) -> list[int]:
    query = _query(words)
    newest, asked = session.execute(
        select(select(func.max(Report.id)).scalar_subquery(), func.numnode(query))
    ).one()
    if newest is None or not asked:  # no word in it
        return []
    if marks:
        query = query.op("&&")(cast(marks, TSQUERY))
    in_block = _Hits(where, query.op("&&")(cast(bindparam("sign"), TSQUERY)), within)

    blocks = Blocks(newest + 1)
    found: list[int] = []
    hits_so_far, may_be_few = 0, True
    while below := blocks.below:
        searched = newest + 1 - below
        # As many as so far in so many reports: is the next block enough, or are few left at all?
        enough_soon = len(found) * (newest + 1 - blocks.first) >= wanted * searched
        few_left = searched >= LOOKED_AT and hits_so_far * below <= FEW * searched
        if may_be_few and few_left and not enough_soon:
            if in_block.count(session, sign_amid(below)) * below <= FEW * BLOCKS[0]:
                left = _Hits(where, query, within)
                hits, ids = left.read(session, below, wanted - len(found), at_most=FEW)
                if hits < FEW:
                    return found + ids
            may_be_few = False  # it was common once, though not lately
        at_most = FEW if blocks.may_be_smaller else None
        hits, ids = in_block.read(
            session, below, wanted - len(found), at_most=at_most, sign=blocks.sign
        )
        if hits == at_most:  # not all of them, then, and not the newest
            blocks.start_small()
            continue
        found += ids
        if len(found) >= wanted:
            break
        hits_so_far += hits
        blocks.go_on()
    return found


@dataclass
class Blocks:
    """The way back from `below` through blocks that together hold every id under it: small ones
    first, larger ones the further back."""

    below: int
    _level: int = 0
    _taken: int = 0
    _grow_from: int = EVERY_ID
    """They stay small until they have passed a block that had too many hits."""

    @property
    def _number(self) -> int:
        return (self.below - 1) // BLOCKS[self._level]

    @property
    def sign(self) -> str:
        return f"#{self._level}/{self._number}"

    @property
    def first(self) -> int:
        """The first id of this block."""
        return self._number * BLOCKS[self._level]

    @property
    def may_be_smaller(self) -> bool:
        return self._level > 0

    def go_on(self) -> None:
        self.below = self.first
        self._taken += 1
        enough = self._taken >= BLOCKS_AT_A_LEVEL and self.below <= self._grow_from
        if enough and self._level < len(BLOCKS) - 1:
            self._level, self._taken = self._level + 1, 0

    def start_small(self) -> None:
        """Where this one has more hits than are read at once: behind a flood that nobody has published
        yet stands the everyday, and the blocks had grown on the way through it."""
        self._grow_from, self._level, self._taken = self.first, 0, 0


class _Hits:
    """A statement made once for all blocks of a search: to make it takes longer than most blocks do."""

    def __init__(self, where: Words, query: ColumnElement[Any], within: ColumnElement[bool]):
        # Apart from its order and its limit, lest the planner walk the whole key in hope of meeting
        # them soon, and make words of every report on the way. Read only as far as it is asked for.
        every = (
            where.of_reports(within)
            # (+ 0: nor read half the key for what the words have settled nearly)
            .where(where.have(query), Report.id + 0 < bindparam("below"))
            .cte("every")
            .prefix_with("MATERIALIZED")
        )
        some = select(every).limit(bindparam("at_most", type_=BigInteger))
        hits = some.cte("hits").prefix_with("MATERIALIZED")
        newest = select(hits.c.id).where(hits.c.seen).distinct().order_by(hits.c.id.desc())
        newest = newest.limit(bindparam("wanted", type_=BigInteger))
        count = select(func.count()).select_from(hits).scalar_subquery()
        self._statement = KeptStatement(select(count, func.array(newest.scalar_subquery())))

    def read(
        self,
        session: Session,
        below: int,
        wanted: int,
        *,
        at_most: int | None,
        **sign: str,
    ) -> tuple[int, list[int]]:
        """How many hits there are under `below`, whoever may see them, counted up to `at_most`; and of
        these the newest reports within the scope. An answer is a hit, and a report may have several."""
        values = {"below": below, "wanted": wanted, "at_most": at_most, **sign}
        ((found, ids),) = self._statement.ask(session, values)
        return found, ids

    def count(self, session: Session, sign: str) -> int:
        """In one block, however new."""
        found, _ = self.read(session, EVERY_ID, 0, at_most=None, sign=sign)
        return found


def sign_amid(below: int) -> str:
    """Of the small block half-way back."""
    return f"#0/{below // 2 // BLOCKS[0]}"


def signs_back_from(below: int) -> Iterator[str]:
    """Of the blocks that hold every id under `below`, as they grow."""
    blocks = Blocks(below)
    while blocks.below:
        yield blocks.sign
        blocks.go_on()
