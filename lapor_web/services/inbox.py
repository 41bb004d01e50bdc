"""The lists of an inbox: the rows of a view, and what comes next in it."""

import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import Session, aliased

from lapor_web.models import (
    Area,
    AreaKind,
    HistoryEntry,
    Opd,
    Report,
    Status,
)
from lapor_web.models.workflow import OFFICES_TURN
from lapor_web.services.commitments import promised_day
from lapor_web.services.desk import Desk, View
from lapor_web.services.inbox_asked import Asked, ordering, stands_after
from lapor_web.services.inbox_filters import NOTHING
from lapor_web.services.inbox_newest import is_of_whole_city, looked_at
from lapor_web.services.inbox_units import is_of_units, page_of_units
from lapor_web.services.kept_statement import KeptStatement
from lapor_web.services.own_words import write_out
from lapor_web.services.working_days import WorkingDays

PER_PAGE = 50
FOUND_AT_MOST = 200
FILTERED_AT_MOST = 2000
"""So far a list is counted that no counter knows."""
EVERYTHING = 500
"""So many reports at most are picked by "pilih semua" over all pages."""
EXCERPT_LETTERS = 90
"""Of a story that nobody has named yet; the story itself stays out of the list."""


class Line(NamedTuple):
    """One row of the list, ready to be drawn. A tuple: fifty are made and looked up for each page."""

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
    if asked.is_a_view and page == 1:
        return _drawn(_first_page(desk, asked).ask(session), desk, days)
    # Past the session: these are columns, no objects, and a connection asks for them faster.
    return _drawn(session.connection().execute(_ordered(desk, asked, page)), desk, days)


def _ordered(desk: Desk, asked: Asked, page: int) -> Select[Any]:
    skipped = (page - 1) * PER_PAGE
    if asked.is_a_view and is_of_units(desk, asked.view):
        in_order = functools.partial(ordering, asked.order)
        of_page = page_of_units(desk, asked.view, in_order, skipped=skipped, shown=PER_PAGE)
        return _lines(asked, of_page).order_by(*in_order(Report))
    lines = _lines(asked, _condition(desk, asked))
    lines = lines.order_by(*ordering(asked.order, Report, _due(asked)))
    # Written out, as the words of `_first_page`: a plan for any number of rows is a bad one.
    lines = lines.limit(literal_column(str(PER_PAGE)))
    return lines.offset(skipped) if skipped else lines


@functools.lru_cache(maxsize=1024)
def _first_page(desk: Desk, asked: Asked) -> KeptStatement:
    """Of views as they are: to put such a statement together costs as much as to execute it."""
    return KeptStatement(write_out(_ordered(desk, asked, page=1)))


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


def _drawn(rows: Iterable[Sequence[Any]], desk: Desk, days: WorkingDays) -> list[Line]:
    """Fifty at a time, all day: rows are unpacked, and equal deadlines counted once."""
    left: dict[dt.date | None, int | None] = {None: None}
    lines = []
    for row in rows:
        number, version, title, excerpt, word, *rest = row
        status = Status(word)
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
        query.order_by(*ordering(asked.order, Report, _due(asked))).limit(EVERYTHING)
    )
    return [(number, at) for number, at in rows if at is not None]


def select_ids(desk: Desk, asked: Asked) -> Select[int]:
    """The whole list, in its order."""
    everything = select(Report.id).where(_condition(desk, asked))
    return everything.order_by(*ordering(asked.order, Report, _due(asked)))


def next_number(session: Session, desk: Desk, asked: Asked, after: Report) -> str | None:
    """The report that follows `after` in the list; at its end the first one, None when there is
    no other. Asked before a deed, which may take `after` out of the list or to another place."""
    due_on = after.due_on
    if asked.view is View.PROMISED:
        due_on = session.scalar(select(promised_day()).where(Report.id == after.id))
    later = stands_after(asked.order, after, _due(asked), due_on)
    return _first(session, desk, asked, later) or _first(
        session, desk, asked, Report.id != after.id
    )


def _first(session: Session, desk: Desk, asked: Asked, among: ColumnElement[bool]) -> str | None:
    if asked.is_a_view and is_of_units(desk, asked.view):
        in_order = functools.partial(ordering, asked.order)
        first = page_of_units(desk, asked.view, in_order, shown=1, of=among)
        return session.scalar(select(Report.number).where(first))
    found = select(Report.number).where(_condition(desk, asked), among)
    return session.scalar(found.order_by(*ordering(asked.order, Report, _due(asked))).limit(1))


def _due(asked: Asked) -> ColumnElement[Any]:
    """The day that a list counts to: the deadline, or what was promised in a meeting."""
    return promised_day() if asked.view is View.PROMISED else Report.__table__.c.due_on


def _condition(desk: Desk, asked: Asked) -> ColumnElement[bool]:
    within = and_(desk.scope, desk.within(asked.view))
    if asked.filters != NOTHING:
        within = and_(within, asked.filters.condition(desk.today))
        if is_of_whole_city(desk, asked):
            within = and_(within, looked_at(asked))
    return and_(within, Report.id.in_(asked.found)) if asked.search else within


def next_due(session: Session, desk: Desk) -> dt.date | None:
    """The nearest deadline that an office still has to meet; for an empty list to say."""
    return next((day for (day,) in _next_due(desk).ask(session)), None)


@functools.lru_cache(maxsize=1024)
def _next_due(desk: Desk) -> KeptStatement:
    ahead = and_(
        desk.scope, desk.held, Report.status.in_(OFFICES_TURN), Report.due_on >= desk.today
    )
    nearest = select(Report.due_on).where(ahead).order_by(Report.due_on).limit(1)
    return KeptStatement(write_out(nearest))


def find_line(
    session: Session, desk: Desk, asked: Asked, number: str, days: WorkingDays
) -> Line | None:
    """One row of the list, None when the report is not, or no longer, in it."""
    # All that one may see is what the scope says; what `within` adds to it finds many, not one.
    whole = asked.is_a_view and asked.view is View.ALL
    condition = and_(desk.scope if whole else _condition(desk, asked), Report.number == number)
    rows = session.execute(_lines(asked, condition))
    return next(iter(_drawn(rows, desk, days)), None)
