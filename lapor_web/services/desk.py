"""The desk of an officer: which views are on it, and which reports each one selects."""

import datetime as dt
import enum
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    and_,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from lapor_web.models import (
    Agency,
    Disposition,
    Report,
    Role,
    Status,
    User,
)
from lapor_web.models.workflow import OFFICES_TURN, OPEN, WORKED_ON
from lapor_web.services.access import (
    UNIT_BOUND,
    copied_to,
    copy_to,
    kin_of,
    line_of,
    scope_of,
)
from lapor_web.services.commitments import promised_by

FEW_QUARANTINED = 20
"""So many of what looks like a program's stand among the others, marked. A flood of it would bury
them, and waits in its own view alone."""


class View(enum.StrEnum):
    """A selection of one's reports. The value is its word in the address."""

    TO_ACT_ON = "perlu-ditindak"
    OVERDUE = "lewat-tenggat"
    DUE_TODAY = "jatuh-tempo-hari-ini"
    MINE = "tugas-saya"
    PROMISED = "komitmen-rakor"
    AWAITING_REPORTER = "masa-tanggapan"
    RETURNED = "salah-disposisi"
    QUARANTINED = "mirip-robot"
    ON_HOLD = "ditunda"
    FINISHED = "selesai"
    COPIES = "tembusan"
    ALL = "semua"


_EVERYBODYS = (View.AWAITING_REPORTER, View.ON_HOLD, View.FINISHED)
_CLOCKS = (View.OVERDUE, View.DUE_TODAY)
_UNITS = (View.TO_ACT_ON, *_CLOCKS, View.MINE, View.PROMISED, *_EVERYBODYS)

VIEWS: dict[Role, tuple[View, ...]] = {
    Role.COORDINATOR: (
        *(View.TO_ACT_ON, View.RETURNED, View.QUARANTINED),
        *(*_CLOCKS, *_EVERYBODYS, View.ALL),
    ),
    Role.LIAISON: (*_UNITS, View.COPIES, View.ALL),
    Role.SUPERVISOR: (*_UNITS, View.COPIES, View.ALL),
    Role.INSPECTOR: (*_UNITS, View.ALL),
    Role.LEADER: (*_CLOCKS, *_EVERYBODYS, View.ALL),
    Role.OMBUDSMAN: (*_CLOCKS, *_EVERYBODYS, View.ALL),
    Role.INTAKE: (View.ALL,),
}
"""Who has an inbox, and which views are in it, the one that opens first."""


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """What one officer may see, asked of the database once a request.

    Two are equal when every list of theirs is the same.
    """

    user: User
    agency: Agency
    units: tuple[int, ...]
    kin: tuple[int, ...]
    """The units with those above them: what accuses one of these, one does not see."""
    scope: ColumnElement[bool]
    today: dt.date
    sight: tuple[object, ...]
    """What the lists hang on, apart from the user: statements are kept by it long after their
    request, when nobody can ask its objects any more."""

    @classmethod
    def of(cls, session: Session, user: User, agency: Agency, today: dt.date) -> "Desk":
        line = line_of(session, user)
        units, kin = line.under, kin_of(session, user, line)
        sight = (_assignees(user), user.role, agency.id, units, kin, today)
        return cls(user, agency, units, kin, scope_of(user, units, kin), today, sight)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Desk) and self.sight == other.sight

    def __hash__(self) -> int:
        return hash(self.sight)

    @property
    def assignees(self) -> tuple[int, ...]:
        """Oneself, and whoever one stands in for: what waits on them waits here."""
        return _assignees(self.user)

    @property
    def views(self) -> tuple[View, ...]:
        return VIEWS[self.user.role]

    @property
    def sees_city(self) -> bool:
        return self.user.role not in UNIT_BOUND

    def within(self, view: View) -> ColumnElement[bool]:
        match view:
            case View.TO_ACT_ON:
                return self._to_act_on()
            case View.MINE:
                # Also what was assigned to one's unit, where nobody of it has taken it yet.
                ours = and_(
                    Report.assigned_opd_id == self.user.opd_id, Report.assignee_id.is_(None)
                )
                mine = or_(Report.assignee_id.in_(self.assignees), ours)
                return and_(mine, Report.status.in_(OPEN))
            case View.PROMISED:
                return promised_by(self.units)
            case View.RETURNED:
                return and_(Report.status == Status.UNVERIFIED, Report.returned)
            case View.QUARANTINED:
                return self._quarantined
            case View.COPIES:
                return copied_to(self.units)
            case View.ALL:
                return self._ours if self.user.role in UNIT_BOUND else true()
            case _:
                return and_(self.held, self.of_held(view))

    def of_held(self, view: View) -> ColumnElement[bool]:
        """What a view selects of all that an office holds, for those views that are about nothing
        else."""
        match view:
            case View.TO_ACT_ON if self.user.role is Role.SUPERVISOR:
                return or_(Report.status == Status.AWAITING_APPROVAL, _TIME_ASKED)
            case View.TO_ACT_ON:
                return Report.status.in_(WORKED_ON)
            case View.OVERDUE:
                return and_(Report.status.in_(OFFICES_TURN), self._is_late)
            case View.DUE_TODAY:
                return and_(Report.status.in_(OFFICES_TURN), Report.due_on == self.today)
            case View.AWAITING_REPORTER:
                return Report.status == Status.AWAITING_REPORTER
            case View.ON_HOLD:
                return Report.status == Status.ON_HOLD
            case View.FINISHED:
                return Report.status == Status.FINISHED
            case View.ALL:
                return true()
            case _:
                raise ValueError(f"{view} is not about what an office holds alone")

    @property
    def _is_late(self) -> ColumnElement[bool]:
        if self.user.role not in UNIT_BOUND:
            return Report.due_on < self.today
        # Late ones come first in the order of a list. PostgreSQL would take them for few, read and
        # sort them all, where an office may have left hundreds; of a sum it cannot think so.
        return Report.due_on + literal_column("0") < self.today

    @property
    def _quarantined(self) -> ColumnElement[bool]:
        return and_(Report.status == Status.UNVERIFIED, Report.quarantined)

    def _count_quarantined(self) -> ScalarSelect[int]:
        query = select(func.count()).select_from(Report).where(self.scope, self._quarantined)
        return query.correlate(None).scalar_subquery()

    def _to_act_on(self) -> ColumnElement[bool]:
        match self.user.role:
            case Role.COORDINATOR:
                few = self._count_quarantined() <= FEW_QUARANTINED
                return and_(
                    Report.status == Status.UNVERIFIED, or_(Report.quarantined.is_(False), few)
                )
            case Role.LIAISON | Role.SUPERVISOR | Role.INSPECTOR:
                held = Report.holder_opd_id.in_(self.units)
                return and_(held, self.of_held(View.TO_ACT_ON))
            case _:
                return false()

    @property
    def asks_for_time(self) -> ColumnElement[bool]:
        """An office asked for more of it, and its supervisor has not answered."""
        return and_(Report.holder_opd_id.in_(self.units), _TIME_ASKED)

    @property
    def held(self) -> ColumnElement[bool]:
        """By one's own unit, for those who act for one; tembusan have a view of their own."""
        return Report.holder_opd_id.in_(self.units) if self.user.role in UNIT_BOUND else true()

    @property
    def _ours(self) -> ColumnElement[bool]:
        """Says nothing that the scope of a unit does not; but this way an index finds it, where
        "held here, or copied here" is looked for in every report of the city."""
        held = select(Report.id).where(Report.holder_opd_id.in_(self.units))
        copied = select(Disposition.report_id).where(copy_to(self.units))
        return Report.id.in_(held.union_all(copied))


_TIME_ASKED = and_(
    Report.status.in_(WORKED_ON),
    Report.time_asked_until.is_not(None),
    Report.time_granted.is_(None),
)


def _assignees(user: User) -> tuple[int, ...]:
    return user.id, *(one.absent_id for one in user.stands_in_for)
