"""What a list is asked for, and how it is sorted."""

import datetime as dt
import enum
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, tuple_

from lapor_web.models import Report
from lapor_web.services.desk import View
from lapor_web.services.inbox_filters import NOTHING, Filters


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


def ordering(
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


def stands_after(
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
