"""The calendar of days off that holds now, and those that clocks remember."""

from sqlalchemy import Select, SQLColumnExpression, select
from sqlalchemy.orm import Session

from lapor_web.models import CalendarVersion, Holiday
from lapor_web.services.working_days import WorkingDays


def newest_calendar(session: Session, agency_id: int) -> int | None:
    """The id of the version that clocks started now are counted with."""
    return session.scalar(select_newest_calendar(agency_id))


def select_newest_calendar(agency_id: int | SQLColumnExpression[int]) -> Select[int]:
    """The same, to be asked together with something else."""
    return (
        select(CalendarVersion.id)
        .where(CalendarVersion.agency_id == agency_id)
        .order_by(CalendarVersion.id.desc())
        .limit(1)
    )


# A version never changes once it is made, so what a process has read of one stays true.
# The database's name belongs to the key: a process of tests meets several.
_read: dict[tuple[str | None, int], WorkingDays] = {}


def working_days(session: Session, calendar_id: int | None) -> WorkingDays:
    """Without a calendar only weekends are off."""
    if calendar_id is None:
        return WorkingDays([])
    key = (session.get_bind().engine.url.database, calendar_id)
    if key not in _read:
        holidays = session.scalars(select(Holiday.date).where(Holiday.calendar_id == calendar_id))
        _read[key] = WorkingDays(holidays)
    return _read[key]


def calendar_of(session: Session, agency_id: int) -> WorkingDays:
    """The one that holds now."""
    return working_days(session, newest_calendar(session, agency_id))
