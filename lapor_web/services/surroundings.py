"""Around a report, for officers: where it is, as near as they may know, what was merged with it."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Row, bindparam, func, or_, select
from sqlalchemy.orm import Session

from lapor_web.models import Attachment, ChecklistItem, Report, ReportPoint, Role, User
from lapor_web.services import presence
from lapor_web.services.access import (
    ORDINARY,
    PUBLISHED,
    accuses_nobody_of,
    accuses_none,
    not_accusing,
    visible_to,
)
from lapor_web.services.kept_statement import KeptStatement
from lapor_web.services.permitted import KNOWS_REPORTERS
from lapor_web.services.places import Point, rounded
from lapor_web.services.presence import Present
from lapor_web.services.reading import OFFICES, WithOffices, read_offices

ALWAYS_EXACT = frozenset({Role.COORDINATOR, Role.INSPECTOR})
"""They may know who sent it; to the field goes the middle of a square of 220 m."""


@dataclass(frozen=True, slots=True)
class OfficersPoint:
    point: Point
    exact: bool
    outside: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    point: OfficersPoint | None
    joined: int
    """How many reports were merged with it."""
    steps: int
    """On its checklist."""
    attached: bool
    """Whether any file was, for whomever it may be."""
    offices: WithOffices
    present: list[Present]


def read_surroundings(
    session: Session, user: User, kin: Sequence[int], report: Report, *, now: dt.datetime
) -> Surroundings:
    """What stands beside the report, in one question. Of those merged with it not counted are those
    about the officer or their office."""
    asked = {"report_id": report.id, **presence.asked_of(user, now)}
    row = _around(user.id, tuple(kin)).ask(session, asked)[0]
    joined, steps, attached, offices, present, *place, outside = row
    return Surroundings(
        point=_as_seen(place, outside, user, report),
        joined=joined,
        steps=steps,
        attached=attached,
        offices=read_offices(offices, report),
        present=presence.read_present(present, now),
    )


@lru_cache(maxsize=1024)
def _around(user_id: int, kin: tuple[int, ...]) -> KeptStatement:
    """Kept, since to put such a statement together costs as much as to execute it."""
    report_id = bindparam("report_id", type_=BigInteger)
    joined = select(func.count()).where(Report.parent_id == report_id, accuses_none(user_id, kin))
    steps = select(func.count()).where(ChecklistItem.report_id == report_id)
    attached = select(Attachment.id).where(Attachment.report_id == report_id).exists()
    return KeptStatement(
        select(
            joined.scalar_subquery(),
            steps.scalar_subquery(),
            attached,
            OFFICES,
            presence.PRESENT_AT_ONE,
            *(ReportPoint.latitude, ReportPoint.longitude, ReportPoint.accuracy),
            ReportPoint.outside,
        )
        .select_from(select(1).subquery())
        .outerjoin(ReportPoint, ReportPoint.report_id == report_id)
    )


def _as_seen(
    place: Sequence[Any], outside: bool | None, user: User, report: Report
) -> OfficersPoint | None:
    """`place` as in `Point`; all None where nobody said where it is."""
    if outside is None:
        return None
    hidden = report.anonymous or not report.is_ordinary
    exact = user.role in ALWAYS_EXACT or (user.role in KNOWS_REPORTERS and not hidden)
    point = Point(*place)
    return OfficersPoint(point if exact else rounded(point, coarse=True), exact, outside)


def list_joined(session: Session, user: User, report: Report) -> list[Row[int, str, str, str]]:
    """Id, number, story and place of what was merged with a report that the officer reads: the
    ordinary ones, since they are about the same, and of the others those that one may see."""
    readable = visible_to(session, user)
    return list(
        session.execute(
            select(Report.id, Report.number, Report.story, Report.place)
            .where(
                Report.parent_id == report.id,
                or_(ORDINARY, readable),
                accuses_nobody_of(session, user),
            )
            .order_by(Report.id)
        )
    )


def known_numbers(
    session: Session, user: User, kin: Sequence[int], numbers: Collection[str | None]
) -> set[str]:
    """Which of these reports the officer may know of: what they may read, and what everybody may,
    unless it is about them or their office."""
    wanted = [number for number in numbers if number]
    if not wanted:
        return set()
    known = select(Report.number).where(
        Report.agency_id == user.agency_id,
        Report.number.in_(wanted),
        not_accusing(user, kin),
        or_(PUBLISHED, visible_to(session, user)),
    )
    return set(session.scalars(known))
