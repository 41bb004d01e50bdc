"""Around a report, for officers: where it is, as near as they may know, and what was merged with it."""

from dataclasses import dataclass

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from lapor_web.models import Report, ReportPoint, Role, User
from lapor_web.services.access import ORDINARY, visible_to
from lapor_web.services.permitted import KNOWS_REPORTERS
from lapor_web.services.places import Point, rounded

ALWAYS_EXACT = frozenset({Role.COORDINATOR, Role.INSPECTOR})
"""They may know who sent it; to the field goes the middle of a square of 220 m."""


@dataclass(frozen=True, slots=True)
class OfficersPoint:
    point: Point
    exact: bool
    outside: bool


def read_surroundings(
    session: Session, user: User, report: Report
) -> tuple[OfficersPoint | None, int]:
    """The point, and how many reports were merged with this one; in one question."""
    joined = select(func.count()).where(Report.parent_id == report.id).scalar_subquery()
    row = session.execute(
        select(joined, ReportPoint)
        .select_from(select(1).subquery())
        .outerjoin(ReportPoint, ReportPoint.report_id == report.id)
    ).one()
    return _as_seen(row[1], user, report) if row[1] else None, row[0]


def _as_seen(row: ReportPoint, user: User, report: Report) -> OfficersPoint:
    hidden = report.anonymous or not report.is_ordinary
    exact = user.role in ALWAYS_EXACT or (user.role in KNOWS_REPORTERS and not hidden)
    point = Point(row.latitude, row.longitude, row.accuracy)
    return OfficersPoint(point if exact else rounded(point, coarse=True), exact, row.outside)


def list_joined(session: Session, user: User, report: Report) -> list[Row[int, str, str, str]]:
    """Id, number, story and place of what was merged with a report that the officer reads: the
    ordinary ones, since they are about the same, and of the others those that one may see."""
    readable = visible_to(session, user)
    return list(
        session.execute(
            select(Report.id, Report.number, Report.story, Report.place)
            .where(Report.parent_id == report.id, or_(ORDINARY, readable))
            .order_by(Report.id)
        )
    )
