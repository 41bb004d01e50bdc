"""A filter over a whole city: tried on its newest reports, where no index knows what it asks for.

Few that a filter passes would be looked for in a million: that takes seconds.
"""

from sqlalchemy import ColumnElement, cast, func, select, true
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from lapor_web.models import Report, words_of_report
from lapor_web.services.desk import Desk, View
from lapor_web.services.inbox_asked import Asked
from lapor_web.services.inbox_filters import NOTHING

LOOKED_AT = 20_000
"""Of a whole city so many of the newest are filtered, where no index knows the filter."""


def is_of_whole_city(desk: Desk, asked: Asked) -> bool:
    """A filter in views that may hold every report there ever was."""
    large = asked.view in {View.ALL, View.FINISHED}
    return large and desk.sees_city and asked.filters != NOTHING and not asked.search


def looks_at_newest(desk: Desk, asked: Asked) -> bool:
    """Whether a list has to be told to be one of the newest only: nothing else bounds it."""
    filters = asked.filters
    bounded = filters.since or filters.holder_id or filters.selective_marks()
    return is_of_whole_city(desk, asked) and not bounded


def only_newest(session: Session, desk: Desk, asked: Asked) -> int:
    """How many of the city's newest reports a filter was tried on, where that is not all of them,
    however few of those the officer may see; else 0: a small city is looked at as a whole."""
    if not looks_at_newest(desk, asked):
        return 0
    return LOOKED_AT if (session.scalar(select(func.max(Report.id))) or 0) > LOOKED_AT else 0


def looked_at(asked: Asked) -> ColumnElement[bool]:
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
