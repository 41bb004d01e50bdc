"""What everybody may read: the published reports, in the copy that an officer can redact."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from lapor_web.models import Agency, Area, AreaKind, Opd, Report, Status
from lapor_web.services.access import PUBLISHED
from lapor_web.services.search import search_ids

PER_PAGE = 20
LAST_PAGE = 250
"""Nobody leafs further; whoever looks for something old searches."""

STAGES: dict[str, frozenset[Status]] = {
    "belum": frozenset({Status.FORWARDED}),
    "proses": frozenset(
        {Status.IN_PROCESS, Status.AWAITING_APPROVAL, Status.AWAITING_REPORTER},
    ),
    "selesai": frozenset({Status.FINISHED}),
}
"""By their names in the address; the three numbers of the recap."""

Place = Row[int, str, str]
"""Id, code and name of a kecamatan."""


@dataclass(frozen=True, slots=True)
class Asked:
    words: str = ""
    kecamatan: str = ""
    stage: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    number: str
    title: str
    place: str
    area: str | None
    status: Status
    office: str | None
    received_on: dt.date


@dataclass(frozen=True, slots=True)
class Page:
    lines: list[Line]
    has_next: bool


def list_kecamatan(session: Session, agency: Agency) -> Sequence[Place]:
    return session.execute(
        select(Area.id, Area.code, Area.name)
        .where(Area.agency_id == agency.id, Area.kind == AreaKind.KECAMATAN)
        .order_by(Area.name)
    ).all()


def list_published(session: Session, agency: Agency, asked: Asked) -> Page:
    """Newest first. One row more than a page is read, to know whether another follows."""
    scope = and_(PUBLISHED, _in_kecamatan(agency, asked.kecamatan), _at_stage(asked.stage))
    offset = (min(asked.page, LAST_PAGE) - 1) * PER_PAGE
    lines = (
        select(
            Report.number,
            func.coalesce(Report.title, "").label("title"),
            Report.place,
            Area.name.label("area"),
            Report.status,
            Opd.short_name.label("office"),
            Report.received_on,
        )
        .outerjoin(Report.area)
        .outerjoin(Report.holder)
    )
    if asked.words:
        found = search_ids(
            session,
            agency.id,
            asked.words,
            scope,
            prefix=agency.number_prefix,
            limit=PER_PAGE + 1,
            offset=offset,
            public=True,
        )
        lines = lines.where(Report.id.in_(found)).order_by(Report.id.desc())
    else:
        newest = (Report.received_on.desc(), Report.id.desc())
        lines = lines.where(Report.agency_id == agency.id, scope).order_by(*newest)
        lines = lines.limit(PER_PAGE + 1).offset(offset)
    rows = [Line(**row._mapping) for row in session.execute(lines)]
    return Page(rows[:PER_PAGE], has_next=len(rows) > PER_PAGE and asked.page < LAST_PAGE)


def _in_kecamatan(agency: Agency, code: str) -> ColumnElement[bool]:
    """The kecamatan itself and its kelurahan."""
    if not code:
        return true()
    whole = select(Area.id).where(Area.agency_id == agency.id, Area.code == code).scalar_subquery()
    parts = select(Area.id).where(Area.parent_id == whole)
    return or_(Report.area_id == whole, Report.area_id.in_(parts))


def _at_stage(stage: str) -> ColumnElement[bool]:
    return Report.status.in_(STAGES[stage]) if stage in STAGES else true()


def find_published(session: Session, agency: Agency, number: str) -> Report | None:
    """A report that is hidden and one that never was are both None."""
    return session.scalar(
        select(Report)
        .where(Report.agency_id == agency.id, Report.number == number, PUBLISHED)
        .options(joinedload(Report.area), joinedload(Report.holder))
    )


def first_year(session: Session, agency: Agency) -> int | None:
    """The year of the oldest report."""
    day = session.scalar(select(func.min(Report.received_on)).where(Report.agency_id == agency.id))
    return day.year if day else None
