"""The reports that a handout lists: a hidden one by its number alone, one about conduct not at all.

A handout goes from hand to hand, so it does not matter who printed it: what is not for the room is
not in it, not even for a coordinator (domain.md, Ordinary).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, null, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lapor_web.models import Area, Disposition, DispositionKind, Meeting, Opd, Report, Status
from lapor_web.services import commitments
from lapor_web.services.agenda import MAY_BE_NAMED, OFFICES_WORK
from lapor_web.services.behind import behind
from lapor_web.services.calendars import calendar_of
from lapor_web.services.commitments import Standing
from lapor_web.services.periods import Period
from lapor_web.services.working_days import wita_date

MOST = 20_000
"""More than a city has waiting; beyond it a file is no help to anybody."""
MOST_ON_A_VISIT = 100
"""As many as can be gone through in one; the longest late come first."""


@dataclass(frozen=True, slots=True)
class ListedReport:
    number: str
    title: str | None
    """None where it is rahasia, or nobody has named it yet."""
    confidential: bool
    office: str | None
    area: str | None
    status: Status
    received_on: dt.date
    disposed_on: dt.date | None
    """To the office that holds it now."""
    due_on: dt.date | None
    days_late: int | None
    """Working days since the deadline; None where it has none, or it has not passed."""


@dataclass(frozen=True, slots=True)
class Listed:
    reports: list[ListedReport]
    missing: int
    """Counted, and not in it: not for a handout, or too many."""


def not_acted_on(
    session: Session, agency_id: int, period: Period, *, counted: int, now: dt.datetime
) -> Listed:
    """Those that the recap of the period has `counted` so, the oldest first."""
    today = wita_date(now)
    condition = behind("belum", period, today=today, agency_id=agency_id)
    # What is not acted on is late by the limit of its first follow-up.
    return _listed(session, agency_id, condition, Report.follow_up_due_on, today, counted)


def late_of_office(session: Session, opd: Opd, *, now: dt.datetime) -> Listed:
    """All that is late in the line of that office, longest late first."""
    today = wita_date(now)
    units = select(Opd.id).where(func.coalesce(Opd.reports_as_id, Opd.id) == opd.id)
    condition = and_(
        Report.holder_opd_id.in_(units), Report.status.in_(OFFICES_WORK), Report.due_on < today
    )
    counted = session.scalar(select(func.count()).select_from(Report).where(condition)) or 0
    return _listed(
        session, opd.agency_id, condition, Report.due_on, today, counted, MOST_ON_A_VISIT
    )


def commitments_of(
    session: Session, agency_id: int, period: Period, *, today: dt.date
) -> list[Standing]:
    """Made in the meetings that were held in the period."""
    held = select(Meeting.id).where(
        Meeting.agency_id == agency_id, Meeting.held_on.between(period.start, period.end)
    )
    made = commitments.select_valid().where(commitments.Commitment.meeting_id.in_(held))
    return [
        commitments.standing(one, today=today)
        for one in session.scalars(made.order_by(commitments.Commitment.id))
    ]


def may_be_named(standings: Sequence[Standing]) -> list[Standing]:
    return [one for one in standings if not (one.report.about_conduct or one.report.about_service)]


_DISPOSED_AT = (
    select(func.max(Disposition.started_at))
    .where(
        Disposition.report_id == Report.id,
        Disposition.kind == DispositionKind.RESPONSIBLE,
        Disposition.ended_at.is_(None),
    )
    .correlate(Report)
    .scalar_subquery()
)


def _listed(
    session: Session,
    agency_id: int,
    condition: ColumnElement[bool],
    due_on: InstrumentedAttribute[dt.date | None],
    today: dt.date,
    counted: int,
    most: int = MOST,
) -> Listed:
    """`counted` are all that the condition holds for, whether or not they may be named."""
    rows = session.execute(
        select(
            Report.number,
            case((Report.confidential, null()), else_=Report.title).label("title"),
            Report.confidential,
            Opd.short_name,
            Area.name.label("area"),
            Report.status,
            Report.received_on,
            _DISPOSED_AT.label("disposed_at"),
            due_on.label("due_on"),
        )
        .outerjoin(Opd, Opd.id == Report.holder_opd_id)
        .outerjoin(Area, Area.id == Report.area_id)
        .where(condition, MAY_BE_NAMED)
        .order_by(due_on.nulls_last(), Report.received_on, Report.id)
        .limit(most)
    ).all()
    days = calendar_of(session, agency_id)
    reports = [
        ListedReport(
            number=row.number,
            title=row.title,
            confidential=row.confidential,
            office=row.short_name,
            area=None if row.confidential else row.area,
            status=row.status,
            received_on=row.received_on,
            disposed_on=row.disposed_at and wita_date(row.disposed_at),
            due_on=row.due_on,
            days_late=days.between(row.due_on, today) if _passed(row.due_on, today) else None,
        )
        for row in rows
    ]
    return Listed(reports, missing=max(counted - len(reports), 0))


def _passed(due_on: dt.date | None, today: dt.date) -> bool:
    return due_on is not None and due_on < today
