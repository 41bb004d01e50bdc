"""What waits for an officer in the morning, as numbers."""

import datetime as dt
import enum

from sqlalchemy.orm import Session

from lapor_web.models import Agency, Role, User
from lapor_web.services.desk import VIEWS, Desk, View
from lapor_web.services.inbox_counts import count_views
from lapor_web.services.parked import count_parked
from lapor_web.services.unread import count_unread


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
