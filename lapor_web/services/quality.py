"""Quality beside speed: what each office's first answers were worth, and how reports were handed about.

What the recap knows already (reopened, confirmed, evidence, rating) is not counted anew here; these are
the two measures that only the holders' own intervals tell.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, bindparam, func, select
from sqlalchemy.orm import Session

from lapor_web.models import Agency, Disposition, DispositionKind, EndReason, Opd
from lapor_web.services.figure_rows import LINE
from lapor_web.services.periods import Period
from lapor_web.services.recap import percent

HANDED_ON = (EndReason.RETURNED, EndReason.REASSIGNED)
"""A holder let go of it, and it was nobody's slip that was taken back."""
MOST_MOVES = 3
"""So often or more stands in one line."""


@dataclass(frozen=True, slots=True)
class Answers:
    """First answers of one line, each holder's own."""

    empty: int = 0
    """How many of them say nothing (`services.first_answers`)."""
    judged: int = 0

    @property
    def empty_percent(self) -> Decimal | None:
        return percent(self.empty, self.judged)


@dataclass(slots=True)
class Handling:
    """By the id of the office in whose line it is counted."""

    answers: dict[int, Answers] = field(default_factory=dict)
    city: Answers = field(default_factory=Answers)
    let_go: Counter[int] = field(default_factory=Counter)
    """How often an office returned a report, or lost it to another."""
    moves: Mapping[int, int] = field(default_factory=dict)
    """How many reports were handed on once, twice, … MOST_MOVES times or more."""


def handling(session: Session, agency: Agency, period: Period) -> Handling:
    asked = {"agency_id": agency.id, "start": period.start, "end": period.end}
    found = Handling()
    for line, empty, judged in session.execute(_ANSWERS, asked):
        found.answers[line] = Answers(int(empty), int(judged))
    found.city = Answers(
        sum(one.empty for one in found.answers.values()),
        sum(one.judged for one in found.answers.values()),
    )
    for line, times in session.execute(_LET_GO, asked):
        found.let_go[line] = times
    moves: Counter[int] = Counter()
    for times, reports in session.execute(_MOVES, asked):
        moves[min(times, MOST_MOVES)] += reports
    found.moves = moves
    return found


def _received() -> ColumnElement[bool]:
    return and_(
        Disposition.agency_id == bindparam("agency_id"),
        Disposition.received_on.between(bindparam("start"), bindparam("end")),
    )


IS_EMPTY = and_(Disposition.kind == DispositionKind.RESPONSIBLE, Disposition.says_nothing.is_(True))
IS_HANDED_ON = and_(
    Disposition.kind == DispositionKind.RESPONSIBLE, Disposition.end_reason.in_(HANDED_ON)
)

_JUDGED = (
    select(
        Disposition.opd_id,
        func.count().filter(Disposition.says_nothing.is_(True)).label("empty"),
        func.count().label("judged"),
    )
    .where(
        _received(),
        Disposition.kind == DispositionKind.RESPONSIBLE,
        Disposition.says_nothing.is_not(None),
    )
    .group_by(Disposition.opd_id)
    .subquery()
)
_ANSWERS = (
    select(LINE, func.sum(_JUDGED.c.empty), func.sum(_JUDGED.c.judged))
    .select_from(Opd)
    .join(_JUDGED, _JUDGED.c.opd_id == Opd.id)
    .group_by(LINE)
)
_LET_GO = (
    select(LINE, func.count())
    .select_from(Disposition)
    .join(Opd, Opd.id == Disposition.opd_id)
    .where(_received(), IS_HANDED_ON)
    .group_by(LINE)
)
_TIMES = (
    select(func.count().label("times"))
    .where(_received(), IS_HANDED_ON)
    .group_by(Disposition.report_id)
    .subquery()
)
_MOVES = select(_TIMES.c.times, func.count()).group_by(_TIMES.c.times)
