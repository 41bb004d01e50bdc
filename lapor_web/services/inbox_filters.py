"""What an inbox list is narrowed to, beside its view and its words: status, class, place, days, …

Each filter is a condition on `Report`; of some the word index knows too (SQL function
`report_marks`), so that a search settles words and filters together.
"""

import datetime as dt
import enum
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import Session

from lapor_web.models import (
    Area,
    Category,
    Channel,
    Classification,
    Opd,
    Report,
    Status,
)
from lapor_web.models.workflow import OFFICES_TURN
from lapor_web.services.search import any_mark


class Flag(enum.StrEnum):
    """A mark that a report bears. The value is its word in the address."""

    CONFIDENTIAL = "rahasia"
    ANONYMOUS = "anonim"
    ABOUT_CONDUCT = "perilaku"
    RETURNED = "salah-disposisi"
    REOPENED = "dibuka-kembali"
    ASKS_TIME = "minta-waktu"
    PROMISED = "dijanjikan"
    QUARANTINED = "mirip-robot"


FLAGGED: dict[Flag, ColumnElement[bool]] = {
    Flag.CONFIDENTIAL: Report.confidential.is_(True),
    Flag.ANONYMOUS: Report.anonymous.is_(True),
    Flag.ABOUT_CONDUCT: Report.about_conduct.is_(True),
    Flag.RETURNED: Report.return_count > 0,
    Flag.REOPENED: Report.reopened_count > 0,
    Flag.ASKS_TIME: and_(Report.time_asked_until.is_not(None), Report.time_granted.is_(None)),
    Flag.PROMISED: Report.promised_on.is_not(None),
    Flag.QUARANTINED: Report.quarantined.is_(True),
}


class Assignee(enum.StrEnum):
    ME = "saya"
    NOBODY = "belum"


@dataclass(frozen=True, slots=True)
class Filters:
    """None, empty or False where nothing is asked."""

    status: Status | None = None
    classification: Classification | None = None
    category_ids: tuple[int, ...] = ()
    """A category with all under it."""
    holder_id: int | None = None
    area_ids: tuple[int, ...] = ()
    """A kelurahan, or a kecamatan with all of its own."""
    channel: Channel | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    """Received on these days and between them, in WITA."""
    late: bool = False
    flag: Flag | None = None
    assignee_id: int | None = None
    unassigned: bool = False

    def condition(self, today: dt.date) -> ColumnElement[bool]:
        wanted: list[ColumnElement[bool]] = []
        for column, value in (
            (Report.status, self.status),
            (Report.classification, self.classification),
            (Report.holder_opd_id, self.holder_id),
            (Report.channel, self.channel),
            (Report.assignee_id, self.assignee_id),
        ):
            if value:
                wanted.append(column == value)
        if self.category_ids:
            wanted.append(Report.category_id.in_(self.category_ids))
        if self.area_ids:
            wanted.append(Report.area_id.in_(self.area_ids))
        if self.since:
            wanted.append(Report.received_on >= self.since)
        if self.until:
            wanted.append(Report.received_on <= self.until)
        if self.late:
            wanted.append(and_(Report.status.in_(OFFICES_TURN), Report.due_on < today))
        if self.unassigned:
            wanted.append(Report.assignee_id.is_(None))
        if self.flag:
            wanted.append(FLAGGED[self.flag])
        return and_(true(), *wanted)

    def marks(self) -> list[str]:
        """What every report that passes bears in the word index; parts of a tsquery."""
        known: tuple[tuple[str, Collection[object]], ...] = (
            ("=", [self.status] if self.status else ()),
            ("%", [self.classification] if self.classification else ()),
            ("@", [self.holder_id] if self.holder_id else ()),
        )
        marks = [any_mark(sign, values) for sign, values in known if values]
        return [*marks, "'?conduct'"] if self.flag is Flag.ABOUT_CONDUCT else marks

    def selective_marks(self) -> list[str]:
        """Those of the marks that few reports of a city bear."""
        known = (("~", self.category_ids), ("^", self.area_ids))
        marks = [any_mark(sign, values) for sign, values in known if values]
        return [*marks, "'?conduct'"] if self.flag is Flag.ABOUT_CONDUCT else marks


NOTHING = Filters()


# ---- codes of an address, and what they stand for; empty where nothing is called so ----


def category_and_under(session: Session, agency_id: int, code: str) -> tuple[int, ...]:
    own = (Category.agency_id == agency_id, Category.code == code)
    tree = select(Category.id).where(*own).cte(recursive=True)
    tree = tree.union_all(select(Category.id).join(tree, Category.parent_id == tree.c.id))
    return tuple(session.scalars(select(tree.c.id)))


def area_and_under(session: Session, agency_id: int, code: str) -> tuple[int, ...]:
    tree = select(Area.id).where(Area.agency_id == agency_id, Area.code == code)
    under = tree.cte(recursive=True)
    under = under.union_all(select(Area.id).join(under, Area.parent_id == under.c.id))
    return tuple(session.scalars(select(under.c.id)))


def opd_of(session: Session, agency_id: int, code: str) -> int | None:
    return session.scalar(select(Opd.id).where(Opd.agency_id == agency_id, Opd.code == code))
