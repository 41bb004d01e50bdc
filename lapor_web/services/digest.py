"""What waits for an officer in the morning, as numbers."""

import datetime as dt
import enum
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lapor_web.models import Agency, Role, User
from lapor_web.services.desk import VIEWS, Desk, View
from lapor_web.services.inbox_counts import count_views
from lapor_web.services.parked import count_parked
from lapor_web.services.sessions import desks_of
from lapor_web.services.unread import count_unread
from lapor_web.services.working_days import wita_date


class Count(enum.StrEnum):
    OVERDUE = "overdue"
    DUE_TODAY = "due_today"
    TO_VERIFY = "to_verify"
    TO_APPROVE = "to_approve"
    MINE = "mine"
    PARKED = "parked"


VIEW_OF = {
    Count.OVERDUE: View.OVERDUE,
    Count.DUE_TODAY: View.DUE_TODAY,
    Count.TO_VERIFY: View.TO_ACT_ON,
    Count.TO_APPROVE: View.TO_ACT_ON,
    Count.MINE: View.MINE,
}
OF_ROLE = {
    Role.COORDINATOR: (Count.OVERDUE, Count.DUE_TODAY, Count.TO_VERIFY),
    Role.LIAISON: (Count.OVERDUE, Count.DUE_TODAY, Count.MINE),
    Role.SUPERVISOR: (Count.OVERDUE, Count.DUE_TODAY, Count.TO_APPROVE),
    Role.INSPECTOR: (Count.OVERDUE, Count.DUE_TODAY, Count.MINE),
    Role.LEADER: (Count.OVERDUE,),
    Role.OMBUDSMAN: (Count.OVERDUE,),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    at: User
    """The officer at a desk: their own, or that of whom they stand in for."""
    counts: dict[Count, int]


def count_desks(session: Session, user_id: int, agency: Agency, now: dt.datetime) -> list[Waiting]:
    """What waits on each desk of an officer, their own first, without those where nothing does.

    Of a colleague of the same office and role nothing is said apart: it is on one's own desk.
    """
    desks: dict[tuple[Role, int | None], User] = {}
    for at in desks_of(session, user_id, now):
        desks.setdefault((at.role, at.opd_id), at)
    found = [Waiting(at, count(session, at, agency, wita_date(now))) for at in desks.values()]
    return [one for one in found if one.counts]


def count(session: Session, user: User, agency: Agency, today: dt.date) -> dict[Count, int]:
    """What there is, without zeros: nobody gets a letter that says that there is nothing."""
    wanted = OF_ROLE.get(user.role, ())
    if not wanted or user.role not in VIEWS:
        return {}
    views = count_views(session, Desk.of(session, user, agency, today))
    counts = {what: views.get(VIEW_OF[what], 0) for what in wanted}
    if user.role is Role.COORDINATOR:
        counts[Count.PARKED] = count_parked(session, user) + count_unread(session, user)
    return {what: n for what, n in counts.items() if n}
