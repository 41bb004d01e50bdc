"""A number opened: the reports of one's scope that it counts, and how many more there are."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, load_only, selectinload

from lapor_web.models import Opd, Report, User
from lapor_web.services.access import visible_to
from lapor_web.services.behind import ALL_NUMBERS, behind
from lapor_web.services.periods import Period
from lapor_web.services.traits import Chosen, choose
from lapor_web.services.working_days import wita_date

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Opened:
    count: int
    """What the recap says."""
    hidden: int
    """How many of them are not of the officer's scope."""
    reports: list[Report]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class OpenedNumber:
    number: str
    office: Opd | None
    line: Chosen | None
    """Of a breakdown, where it was opened from one."""
    list: Opened


def open_number(
    session: Session,
    user: User,
    number: str,
    period: Period,
    *,
    office: str | None,
    trait: tuple[str, str] | None = None,
    page: int,
    now: dt.datetime,
) -> OpenedNumber | None:
    """None where there is no such number, office, line or page. `trait` is the name and value of
    a line of a breakdown."""
    line = choose(session, user.agency_id, *trait) if trait else None
    if number not in ALL_NUMBERS or (trait and line is None):
        return None
    condition = behind(
        number, period, today=wita_date(now), agency_id=user.agency_id, office=office
    )
    if line is not None:
        condition = and_(condition, line.condition)
    opened = open_list(session, user, condition, page=page)
    opd = session.scalar(
        select(Opd).where(Opd.agency_id == user.agency_id, Opd.code == (office or ""))
    )
    return None if opened is None else OpenedNumber(number, opd, line, opened)


def open_list(
    session: Session, user: User, condition: ColumnElement[bool], *, page: int
) -> Opened | None:
    """The reports of a condition, oldest first; None where there is no such page."""
    count = session.scalar(select(func.count()).select_from(Report).where(condition)) or 0
    seen = (condition, visible_to(session, user))
    shown = session.scalar(select(func.count()).select_from(Report).where(*seen)) or 0
    pages = max(-(-shown // PAGE_SIZE), 1)
    if not 1 <= page <= pages:
        return None
    reports = session.scalars(
        select(Report)
        .where(*seen)
        .options(load_only(*_SHOWN), selectinload(Report.holder))
        .order_by(Report.received_on, Report.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return Opened(count, count - shown, list(reports), page, pages)


_SHOWN = (
    Report.number,
    Report.title,
    Report.status,
    Report.received_on,
    Report.due_on,
    Report.pace_days,
    Report.holder_opd_id,
)
