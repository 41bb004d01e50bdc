"""What an officer's reports may have twice: the same matter at the same place, still being worked on."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from lapor_web.models import Opd, Report, ReportPoint, Status
from lapor_web.services.access import ordinary
from lapor_web.services.alike import alike, place_words
from lapor_web.services.places import Point
from lapor_web.services.similar import (
    ALIKE,
    COMPARED,
    JOINABLE,
    NEAR,
    RECENT,
    near,
    newest_named,
)
from lapor_web.services.working_days import wita_date

AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Duplicate:
    number: str
    title: str
    place: str
    story: str
    status: Status
    office: str | None
    received_on: dt.date
    alike: int
    """0 to 100; see `services.alike`."""
    nearby: bool
    """Its point lies within some 330 m."""


def find_duplicates(
    session: Session, scope: ColumnElement[bool], report: Report, now: dt.datetime
) -> list[Duplicate]:
    """Within `scope`, with which it may be merged; the most alike first."""
    within = and_(scope, _may_be_parent_of(report), Report.received_on >= wita_date(now - RECENT))
    close = set(_around(session, report, within))
    ids = {*close, *_at_that_place(session, report, within)}
    if not ids:
        return []
    rows = session.execute(
        select(
            Report.id,
            Report.number,
            func.coalesce(Report.title, "").label("title"),
            Report.story,
            Report.place,
            Report.status,
            Report.received_on,
            Opd.short_name.label("office"),
        )
        .outerjoin(Report.holder)
        .where(Report.id.in_(ids))
    )
    found = [
        Duplicate(
            number=row.number,
            title=row.title,
            place=row.place,
            story=row.story,
            status=row.status,
            office=row.office,
            received_on=row.received_on,
            alike=alike(report.story, report.place, f"{row.title} {row.story}", row.place),
            nearby=row.id in close,
        )
        for row in rows
    ]
    likely = [one for one in found if one.alike >= ALIKE]
    return sorted(likely, key=lambda one: (-one.alike, one.number))[:AT_MOST]


def _may_be_parent_of(report: Report) -> ColumnElement[bool]:
    """As `closing.Merge` would have it: no hidden one over one that everybody may read, and about
    the same office and officer, if about any."""
    parts = [report.split_from_id] if report.split_from_id else []
    conditions = [
        Report.agency_id == report.agency_id,
        Report.status.in_(JOINABLE),
        Report.id.not_in([report.id, *parts]),
        Report.split_from_id.is_distinct_from(report.id),
        Report.accused_opd_id.is_not_distinct_from(report.accused_opd_id),
        Report.accused_user_id.is_not_distinct_from(report.accused_user_id),
    ]
    if report.is_ordinary:
        conditions.append(ordinary(Report))
    if report.about_conduct:
        conditions.append(Report.about_conduct.is_(True))
    return and_(*conditions)


def _around(session: Session, report: Report, within: ColumnElement[bool]) -> Iterable[int]:
    row = session.get(ReportPoint, report.id)
    if row is None:
        return []
    point = Point(row.latitude, row.longitude)
    return session.scalars(
        select(ReportPoint.report_id)
        .join(Report, Report.id == ReportPoint.report_id)
        .where(*near(NEAR, ReportPoint.latitude, ReportPoint.longitude, point), within)
        .order_by(ReportPoint.report_id.desc())
        .limit(COMPARED)
    )


def _at_that_place(session: Session, report: Report, within: ColumnElement[bool]) -> Iterable[int]:
    words = place_words(report.place)
    return newest_named(session, words, within, public=False) if words else []
