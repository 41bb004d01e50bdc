"""The lists of an inbox: the rows of a view, and what comes next in it."""

import datetime as dt
import enum
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session, aliased

from lapor_web.models import (
    Area,
    AreaKind,
    HistoryEntry,
    Opd,
    Report,
    Status,
    words_of_report,
)
from lapor_web.models.workflow import OFFICES_TURN
from lapor_web.services.commitments import promised_day
from lapor_web.services.desk import Desk, View
from lapor_web.services.inbox_filters import NOTHING, Filters
from lapor_web.services.inbox_units import is_of_units, page_of_units
from lapor_web.services.own_words import write_out
from lapor_web.services.working_days import WorkingDays

PER_PAGE = 50
FOUND_AT_MOST = 200
FILTERED_AT_MOST = 2000
"""So far a list is counted that no counter knows."""
LOOKED_AT = 20_000
"""Of a whole city so many of the newest are filtered, where no index knows the filter."""
EVERYTHING = 500
"""So many reports at most are picked by "pilih semua" over all pages."""
EXCERPT_LETTERS = 90
"""Of a story that nobody has named yet; the story itself stays out of the list."""


class Order(enum.StrEnum):
    """How a list is sorted. The value is its word in the address."""

    DEADLINE = "tenggat"
    NEWEST = "terbaru"
    OLDEST = "terlama"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for: which view, words to search in it, in which order, what else."""

    view: View
    search: str = ""
    order: Order = Order.DEADLINE
    found: tuple[int, ...] = ()
    """Ids of what `search` finds; see `inbox_search.look_up`."""
    filters: Filters = NOTHING

    @property
    def is_a_view(self) -> bool:
        """As it is, neither searched nor filtered."""
        return not self.search and self.filters == NOTHING


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list, ready to be drawn."""

    number: str
    version: int
    title: str
    named: bool
    """Whether `title` is one, and not the beginning of a story that nobody has named yet."""
    status: Status
    area: str | None
    holder: str | None
    days_left: int | None
    """Working days; negative when late, None without a deadline."""
    anonymous: bool
    confidential: bool
    about_conduct: bool
    joined: int
    """Reports about the same that were merged with it; those that accuse somebody are not told of."""
    fresh: bool
    """With an office, where nobody has taken it yet."""


def list_lines(
    session: Session, desk: Desk, asked: Asked, days: WorkingDays, *, page: int = 1
) -> list[Line]:
    """A page of the list; `days` is the calendar that holds now."""
    kept = asked.is_a_view and page == 1
    ordered = _kept_ordered(desk, asked) if kept else _ordered(desk, asked, page)
    # Past the session: these are columns, no objects, and a connection asks for them faster.
    return _drawn(session.connection().execute(ordered), desk, days)


def _ordered(desk: Desk, asked: Asked, page: int) -> Select[Any]:
    skipped = (page - 1) * PER_PAGE
    if asked.is_a_view and is_of_units(desk, asked.view):
        ordering = functools.partial(_ordering, asked.order)
        of_page = page_of_units(desk, asked.view, ordering, skipped=skipped, shown=PER_PAGE)
        return _lines(asked, of_page).order_by(*ordering(Report))
    lines = _lines(asked, _condition(desk, asked))
    lines = lines.order_by(*_ordering(asked.order, Report, _due(asked)))
    # Written out, as the words of `_kept_ordered`: a plan for any number of rows is a bad one.
    lines = lines.limit(literal_column(str(PER_PAGE)))
    return lines.offset(skipped) if skipped else lines


@functools.lru_cache(maxsize=1024)
def _kept_ordered(desk: Desk, asked: Asked) -> Select[Any]:
    """Of views as they are: to put such a statement together costs as much as to execute it."""
    return write_out(_ordered(desk, asked, page=1))


_PARENT_AREA = aliased(Area)
_CHILD = aliased(Report)
_JOINED = (
    select(func.count())
    .where(
        _CHILD.parent_id == Report.id,
        _CHILD.accused_opd_id.is_(None),
        _CHILD.accused_user_id.is_(None),
    )
    .correlate(Report)
    .scalar_subquery()
)
"""By an index that knows the merged ones only, and for the rows of one page."""
LINE_COLUMNS = (
    Report.number,
    Report.version,
    Report.title,
    case((Report.title.is_(None), func.left(Report.story, EXCERPT_LETTERS))).label("excerpt"),
    Report.status,
    Report.anonymous,
    Report.confidential,
    Report.about_conduct,
    Report.assignee_id,
    case((Area.kind == AreaKind.KELURAHAN, _PARENT_AREA.name), else_=Area.name).label("area"),
    Opd.short_name.label("holder"),
    _JOINED.label("joined"),
)


def _lines(asked: Asked, condition: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*LINE_COLUMNS, _due(asked).label("due"))
        .outerjoin(Report.area)
        .outerjoin(_PARENT_AREA, _PARENT_AREA.id == Area.parent_id)
        .outerjoin(Report.holder)
        .where(condition)
    )


def _drawn(rows: Iterable[Row[Any]], desk: Desk, days: WorkingDays) -> list[Line]:
    """Fifty at a time, all day: rows are unpacked, and equal deadlines counted once."""
    left: dict[dt.date | None, int | None] = {None: None}
    lines = []
    for row in rows:
        number, version, title, excerpt, status, *rest = tuple(row)
        anonymous, confidential, about_conduct, assignee_id, area, holder, joined, due_on = rest
        if due_on not in left:
            left[due_on] = days.between(desk.today, due_on)
        lines.append(
            Line(
                number=number,
                version=version,
                title=title or excerpt,
                named=title is not None,
                status=status,
                area=area,
                holder=holder,
                days_left=left[due_on],
                anonymous=anonymous,
                confidential=confidential,
                about_conduct=about_conduct,
                joined=joined,
                fresh=status is Status.FORWARDED and assignee_id is None,
            )
        )
    return lines


def count_filtered(session: Session, desk: Desk, asked: Asked) -> int:
    """Up to FILTERED_AT_MOST + 1."""
    some = select(Report.id).where(_condition(desk, asked)).limit(FILTERED_AT_MOST + 1)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def list_versions(
    session: Session, desk: Desk, asked: Asked, *, as_of: dt.datetime
) -> list[tuple[str, int]]:
    """Of the whole list, up to EVERYTHING, each number with its version at that moment. What came
    in since has none, and is left out."""
    version = (
        select(func.max(HistoryEntry.sequence))
        .where(HistoryEntry.report_id == Report.id, HistoryEntry.at <= as_of)
        .correlate(Report)
        .scalar_subquery()
    )
    query = select(Report.number, version).where(_condition(desk, asked))
    rows = session.execute(
        query.order_by(*_ordering(asked.order, Report, _due(asked))).limit(EVERYTHING)
    )
    return [(number, at) for number, at in rows if at is not None]


def select_ids(desk: Desk, asked: Asked) -> Select[int]:
    """The whole list, in its order."""
    everything = select(Report.id).where(_condition(desk, asked))
    return everything.order_by(*_ordering(asked.order, Report, _due(asked)))


def next_number(session: Session, desk: Desk, asked: Asked, after: Report) -> str | None:
    """The report that follows `after` in the list; at its end the first one, None when there is
    no other. Asked before a deed, which may take `after` out of the list or to another place."""
    due_on = after.due_on
    if asked.view is View.PROMISED:
        due_on = session.scalar(select(promised_day()).where(Report.id == after.id))
    later = _stands_after(asked.order, after, _due(asked), due_on)
    return _first(session, desk, asked, later) or _first(
        session, desk, asked, Report.id != after.id
    )


def _first(session: Session, desk: Desk, asked: Asked, among: ColumnElement[bool]) -> str | None:
    if asked.is_a_view and is_of_units(desk, asked.view):
        ordering = functools.partial(_ordering, asked.order)
        first = page_of_units(desk, asked.view, ordering, shown=1, of=among)
        return session.scalar(select(Report.number).where(first))
    found = select(Report.number).where(_condition(desk, asked), among)
    return session.scalar(found.order_by(*_ordering(asked.order, Report, _due(asked))).limit(1))


def _due(asked: Asked) -> ColumnElement[Any]:
    """The day that a list counts to: the deadline, or what was promised in a meeting."""
    return promised_day() if asked.view is View.PROMISED else Report.__table__.c.due_on


def _condition(desk: Desk, asked: Asked) -> ColumnElement[bool]:
    within = and_(desk.scope, desk.within(asked.view))
    if asked.filters != NOTHING:
        within = and_(within, asked.filters.condition(desk.today))
        if is_of_whole_city(desk, asked):
            within = and_(within, _looked_at(asked))
    return and_(within, Report.id.in_(asked.found)) if asked.search else within


def is_of_whole_city(desk: Desk, asked: Asked) -> bool:
    """A filter in views that may hold every report there ever was."""
    large = asked.view in {View.ALL, View.FINISHED}
    return large and desk.sees_city and asked.filters != NOTHING and not asked.search


def looks_at_newest(desk: Desk, asked: Asked) -> bool:
    """Whether a list has to be told to be one of the newest only: nothing else bounds it."""
    filters = asked.filters
    bounded = filters.since or filters.holder_id or filters.selective_marks()
    return is_of_whole_city(desk, asked) and not bounded


def leaves_out(session: Session, desk: Desk, asked: Asked) -> bool:
    """Whether a filter was not tried on the city's oldest reports, however few of them the officer may
    see: a small city is looked at as a whole."""
    if not looks_at_newest(desk, asked):
        return False
    return (session.scalar(select(func.max(Report.id))) or 0) > LOOKED_AT


def _looked_at(asked: Asked) -> ColumnElement[bool]:
    """Few that a filter passes are found by the word index, or looked for among the newest: to walk
    through a million for them takes seconds."""
    if marks := asked.filters.selective_marks():
        query = cast(" & ".join(marks), TSQUERY)
        marked = select(Report.id).where(words_of_report().op("@@")(query)).cte("marked")
        return Report.id.in_(select(marked.prefix_with("MATERIALIZED").c.id))
    if asked.filters.since or asked.filters.holder_id:
        return true()
    newest = select(func.max(Report.id)).correlate(None).scalar_subquery()
    return Report.id > newest - LOOKED_AT


def _ordering(
    order: Order, report: Any, due: ColumnElement[dt.date | None] | None = None
) -> tuple[ColumnElement[Any], ...]:
    """Of `Report`, or of rows with its columns; `due` where it is another day than the deadline."""
    match order:
        case Order.DEADLINE:
            day = report.due_on if due is None else due
            return day.asc().nulls_last(), report.id.asc()
        case Order.NEWEST:
            return report.received_on.desc(), report.id.desc()
        case Order.OLDEST:
            return report.received_on.asc(), report.id.asc()


def _stands_after(
    order: Order, report: Report, due: ColumnElement[dt.date | None], due_on: dt.date | None
) -> ColumnElement[bool]:
    match order:
        case Order.DEADLINE if due_on is None:
            return and_(due.is_(None), Report.id > report.id)
        case Order.DEADLINE:
            later = or_(due > due_on, due.is_(None))
            return or_(later, and_(due == due_on, Report.id > report.id))
        case Order.NEWEST:
            return tuple_(Report.received_on, Report.id) < (report.received_on, report.id)
        case Order.OLDEST:
            return tuple_(Report.received_on, Report.id) > (report.received_on, report.id)


def next_due(session: Session, desk: Desk) -> dt.date | None:
    """The nearest deadline that an office still has to meet; for an empty list to say."""
    return session.connection().execute(_next_due(desk)).scalar()


@functools.lru_cache(maxsize=1024)
def _next_due(desk: Desk) -> Select[dt.date | None]:
    ahead = and_(
        desk.scope, desk.held, Report.status.in_(OFFICES_TURN), Report.due_on >= desk.today
    )
    return write_out(select(Report.due_on).where(ahead).order_by(Report.due_on).limit(1))


def find_line(
    session: Session, desk: Desk, asked: Asked, number: str, days: WorkingDays
) -> Line | None:
    """One row of the list, None when the report is not, or no longer, in it."""
    # All that one may see is what the scope says; what `within` adds to it finds many, not one.
    whole = asked.is_a_view and asked.view is View.ALL
    condition = and_(desk.scope if whole else _condition(desk, asked), Report.number == number)
    rows = session.execute(_lines(asked, condition))
    return next(iter(_drawn(rows, desk, days)), None)
