"""Pace and punctuality of published reports alone, counted anew where the kept figures know more."""

import datetime as dt
from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from lapor_web.models import (
    Agency,
    Disposition,
    DispositionKind,
    EndReason,
    Opd,
    Report,
)
from lapor_web.services.access import ORDINARY
from lapor_web.services.figure_rows import LINE
from lapor_web.services.indicators import waits
from lapor_web.services.periods import Period
from lapor_web.services.recap import percent

Measures = tuple[Decimal | None, Decimal | None]
"""Working days until the first follow-up, and percent in time."""
NOT_MEASURED: Measures = (None, None)
TENTH = Decimal("0.1")


def measure_offices(
    session: Session, agency: Agency, period: Period, today: dt.date, lines: Collection[int | None]
) -> dict[int | None, Measures]:
    """By each holder's own interval, as the recap has it."""
    one = Disposition
    overdue = and_(one.waiting, one.follow_up_due_on < today)
    rows = session.execute(
        select(
            LINE.label("line"),
            func.sum(one.pace_days).label("days"),
            func.count(one.pace_days).label("n"),
            func.count().filter(one.in_time.is_(True)).label("in_time"),
            func.count().filter(or_(one.in_time.is_(False), overdue)).label("late"),
        )
        .join(Report, Report.id == one.report_id)
        .join(Opd, Opd.id == one.opd_id)
        .where(
            one.agency_id == agency.id,
            one.received_on.between(period.start, period.end),
            one.kind == DispositionKind.RESPONSIBLE,
            one.end_reason.is_distinct_from(EndReason.UNDONE),
            ORDINARY,
            LINE.in_([line for line in lines if line is not None]),
        )
        .group_by(LINE)
    )
    return {one.line: _measures(one.days, one.n, one.in_time, one.late) for one in rows}


def measure_city(session: Session, agency: Agency, period: Period, today: dt.date) -> Measures:
    """From the first disposition on, whoever held the report since."""
    late = Report.pace_days > Report.follow_up_limit
    overdue = and_(waits(Report), Report.follow_up_due_on < today)
    row = session.execute(
        select(
            func.sum(Report.pace_days).label("days"),
            func.count(Report.pace_days).label("n"),
            func.count().filter(Report.pace_days <= Report.follow_up_limit).label("in_time"),
            func.count().filter(or_(late, overdue)).label("late"),
        ).where(
            Report.agency_id == agency.id,
            Report.received_on.between(period.start, period.end),
            ORDINARY,
        )
    ).one()
    return _measures(row.days, row.n, row.in_time, row.late)


def _measures(days: int | None, n: int, in_time: int, late: int) -> Measures:
    mean = (Decimal(int(days or 0)) / n).quantize(TENTH, ROUND_HALF_UP) if n else None
    return mean, percent(in_time, in_time + late)
