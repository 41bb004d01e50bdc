"""What everybody may read: the published reports, in the copy that an officer can redact."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from lapor_web.models import Agency, Area, AreaKind, Category, Opd, Report, Status
from lapor_web.services.access import PUBLISHED, units_under
from lapor_web.services.indicators import IN_PROCESS
from lapor_web.services.numbers import candidates
from lapor_web.services.search import any_mark, search_ids

PER_PAGE = 20
LAST_PAGE = 250
"""Nobody leafs further; whoever looks for something old searches."""

STAGES: dict[str, frozenset[Status]] = {
    "belum": frozenset({Status.FORWARDED}),
    "proses": frozenset(IN_PROCESS),
    "selesai": frozenset({Status.FINISHED}),
}
"""By their names in the address; the three numbers of the recap."""

Place = Row[int, str, str]
"""Id, code and name of a kecamatan."""
Choice = Row[str, str]
"""Code and name."""

SMALL_OFFICES = ("kelurahan", "puskesmas")
"""Their reports are found under the office above them."""


@dataclass(frozen=True, slots=True)
class Asked:
    words: str = ""
    kecamatan: str = ""
    stage: str = ""
    category: str = ""
    """The code of a subject; those under it count too."""
    opd: str = ""
    """The code of an office; those under it count too."""
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


def list_subjects(session: Session, agency: Agency) -> Sequence[Choice]:
    """The main ones of the tree."""
    return session.execute(
        select(Category.code, Category.name)
        .where(Category.agency_id == agency.id, Category.parent_id.is_(None), Category.active)
        .order_by(Category.name)
    ).all()


def list_offices(session: Session, agency: Agency) -> Sequence[Choice]:
    """Without those of every neighbourhood."""
    return session.execute(
        select(Opd.code, Opd.short_name.label("name"))
        .where(Opd.agency_id == agency.id, Opd.active, Opd.kind.not_in(SMALL_OFFICES))
        .order_by(Opd.short_name)
    ).all()


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What everybody may read of what is asked for."""

    scope: ColumnElement[bool]
    marks: str
    """What the index of words knows of the scope; see `search.any_mark`."""


def narrow(session: Session, agency: Agency, asked: Asked) -> Narrowed:
    """List, map and feed are of the same reports."""
    chosen = (
        (Report.status, "=", STAGES.get(asked.stage)),
        (Report.area_id, "^", _in_kecamatan(session, agency, asked.kecamatan)),
        (Report.category_id, "~", _about(session, agency, asked.category)),
        (Report.holder_opd_id, "@", _held_by(session, agency, asked.opd)),
    )
    conditions, marks = [PUBLISHED], []
    for column, sign, values in chosen:
        if values is not None:
            conditions.append(column.in_(values))
            marks.append(any_mark(sign, values or [0]))  # no row has that id
    return Narrowed(and_(*conditions), " & ".join(marks))


def list_published(session: Session, agency: Agency, asked: Asked) -> Page:
    """Newest first. One row more than a page is read, to know whether another follows."""
    narrowed = narrow(session, agency, asked)
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
            narrowed.scope,
            prefix=agency.prefixes,
            limit=PER_PAGE + 1,
            offset=offset,
            public=True,
            marks=narrowed.marks,
        )
        lines = lines.where(Report.id.in_(found)).order_by(Report.id.desc())
    else:
        newest = (Report.received_on.desc(), Report.id.desc())
        lines = lines.where(Report.agency_id == agency.id, narrowed.scope).order_by(*newest)
        lines = lines.limit(PER_PAGE + 1).offset(offset)
    rows = [Line(**row._mapping) for row in session.execute(lines)]
    return Page(rows[:PER_PAGE], has_next=len(rows) > PER_PAGE and asked.page < LAST_PAGE)


def _in_kecamatan(session: Session, agency: Agency, code: str) -> list[int] | None:
    """The kecamatan itself and its kelurahan."""
    if not code:
        return None
    whole = select(Area.id).where(Area.agency_id == agency.id, Area.code == code).scalar_subquery()
    return list(
        session.scalars(select(Area.id).where(or_(Area.id == whole, Area.parent_id == whole)))
    )


def _about(session: Session, agency: Agency, code: str) -> list[int] | None:
    if not code:
        return None
    tree = select(Category.id).where(Category.agency_id == agency.id, Category.code == code)
    under = tree.cte(recursive=True)
    under = under.union_all(select(Category.id).join(under, Category.parent_id == under.c.id))
    return list(session.scalars(select(under.c.id)))


def _held_by(session: Session, agency: Agency, code: str) -> list[int] | None:
    if not code:
        return None
    office = select(Opd.id).where(Opd.agency_id == agency.id, Opd.code == code)
    units = units_under(session, session.scalar(office))
    sent_on = select(Opd.id).where(Opd.reports_as_id.in_(units))
    return list({*units, *session.scalars(sent_on)})


def find_published(session: Session, agency: Agency, number: str) -> Report | None:
    """By its exact number. A report that is hidden and one that never was are both None."""
    if number not in candidates(agency.prefixes, number):
        return None
    return session.scalar(
        select(Report)
        .where(Report.agency_id == agency.id, Report.number == number, PUBLISHED)
        .options(joinedload(Report.area), joinedload(Report.holder))
    )


def first_year(session: Session, agency: Agency) -> int | None:
    """The year of the oldest report."""
    day = session.scalar(select(func.min(Report.received_on)).where(Report.agency_id == agency.id))
    return day.year if day else None
