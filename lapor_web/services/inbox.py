"""The inbox of an officer: the views, how many wait in each, the list of one, what comes next."""

import datetime as dt
import enum
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from lapor_web.models import (
    Agency,
    Area,
    AreaKind,
    Disposition,
    HistoryEntry,
    Opd,
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
    scope_of,
    units_above,
    units_under,
)
from lapor_web.services.commitments import promised_by, promised_day
from lapor_web.services.deeds import UNDO_WINDOW
from lapor_web.services.numbers import candidates
from lapor_web.services.working_days import WorkingDays

PER_PAGE = 50
FOUND_AT_MOST = 200
FEW_QUARANTINED = 20
"""So many of what looks like a program's stand among the others, marked. A flood of it would bury
them, and waits in its own view alone."""
EXCERPT_LETTERS = 90
"""Of a story that nobody has named yet; the story itself stays out of the list."""


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


class Order(enum.StrEnum):
    """How a list is sorted. The value is its word in the address."""

    DEADLINE = "tenggat"
    NEWEST = "terbaru"
    OLDEST = "terlama"


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

    @classmethod
    def of(cls, session: Session, user: User, agency: Agency, today: dt.date) -> "Desk":
        units = tuple(units_under(session, user.opd_id))
        kin = (*units, *units_above(session, user.opd_id))
        return cls(user, agency, units, kin, scope_of(user, units, kin), today)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Desk) and self._sight == other._sight

    def __hash__(self) -> int:
        return hash(self._sight)

    @property
    def _sight(self) -> tuple[object, ...]:
        return self.user.id, self.user.role, self.agency.id, self.units, self.kin, self.today

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
            case View.OVERDUE:
                return and_(self.held, Report.status.in_(OFFICES_TURN), Report.due_on < self.today)
            case View.DUE_TODAY:
                return and_(self.held, Report.status.in_(OFFICES_TURN), Report.due_on == self.today)
            case View.MINE:
                return and_(Report.assignee_id == self.user.id, Report.status.in_(OPEN))
            case View.PROMISED:
                return promised_by(self.units)
            case View.AWAITING_REPORTER:
                return and_(self.held, Report.status == Status.AWAITING_REPORTER)
            case View.RETURNED:
                return and_(Report.status == Status.UNVERIFIED, Report.returned)
            case View.QUARANTINED:
                return self._quarantined
            case View.ON_HOLD:
                return and_(self.held, Report.status == Status.ON_HOLD)
            case View.FINISHED:
                return and_(self.held, Report.status == Status.FINISHED)
            case View.COPIES:
                return copied_to(self.units)
            case View.ALL:
                return self._ours if self.user.role in UNIT_BOUND else true()

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
            case Role.LIAISON | Role.INSPECTOR:
                return and_(Report.holder_opd_id.in_(self.units), Report.status.in_(WORKED_ON))
            case Role.SUPERVISOR:
                waits = and_(
                    Report.holder_opd_id.in_(self.units), Report.status == Status.AWAITING_APPROVAL
                )
                return or_(waits, self.asks_for_time)
            case _:
                return false()

    @property
    def asks_for_time(self) -> ColumnElement[bool]:
        """An office asked for more of it, and its supervisor has not answered."""
        return and_(
            Report.holder_opd_id.in_(self.units),
            Report.status.in_(WORKED_ON),
            Report.time_asked_until.is_not(None),
            Report.time_granted.is_(None),
        )

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


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for: which view, words to search in it, in which order."""

    view: View
    search: str = ""
    order: Order = Order.DEADLINE
    found: tuple[int, ...] = ()
    """Ids of what `search` finds; see `inbox_search.look_up`."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list, ready to be drawn."""

    number: str
    version: int
    title: str
    named: bool
    """Whether `title` is one, and not the beginning of a story that nobody has named yet."""
    status: Status
    area: str | None
    holder: str | None
    days_left: int | None
    """Working days; negative when late, None without a deadline."""
    anonymous: bool
    confidential: bool
    about_conduct: bool
    fresh: bool
    """With an office, where nobody has taken it yet."""


def list_lines(
    session: Session, desk: Desk, asked: Asked, days: WorkingDays, *, page: int = 1
) -> list[Line]:
    """A page of the list; `days` is the calendar that holds now."""
    ordered = _ordered(desk, asked) if asked.search else _kept_ordered(desk, asked)
    # Past the session: these are columns, no objects, and a connection asks for them faster.
    rows = session.connection().execute(ordered, {"skipped": (page - 1) * PER_PAGE})
    return _drawn(rows, desk, days)


def _ordered(desk: Desk, asked: Asked) -> Select[Any]:
    in_order = _lines(desk, asked).order_by(*_ordering(asked.order, _due(asked)))
    return in_order.limit(PER_PAGE).offset(bindparam("skipped"))


_kept_ordered = functools.lru_cache(maxsize=1024)(_ordered)
"""Of lists without a search: to put such a statement together costs as much as to execute it."""


_PARENT_AREA = aliased(Area)
LINE_COLUMNS = (
    Report.number,
    Report.version,
    Report.title,
    case((Report.title.is_(None), func.left(Report.story, EXCERPT_LETTERS))).label("excerpt"),
    Report.status,
    Report.anonymous,
    Report.confidential,
    Report.about_conduct,
    Report.assignee_id,
    case((Area.kind == AreaKind.KELURAHAN, _PARENT_AREA.name), else_=Area.name).label("area"),
    Opd.short_name.label("holder"),
)


def _lines(desk: Desk, asked: Asked) -> Select[Any]:
    return (
        select(*LINE_COLUMNS, _due(asked).label("due"))
        .outerjoin(Report.area)
        .outerjoin(_PARENT_AREA, _PARENT_AREA.id == Area.parent_id)
        .outerjoin(Report.holder)
        .where(_condition(desk, asked))
    )


def _drawn(rows: Iterable[Row[Any]], desk: Desk, days: WorkingDays) -> list[Line]:
    """Fifty at a time, all day: rows are unpacked, and equal deadlines counted once."""
    left: dict[dt.date | None, int | None] = {None: None}
    lines = []
    for row in rows:
        number, version, title, excerpt, status, *rest = tuple(row)
        anonymous, confidential, about_conduct, assignee_id, area, holder, due_on = rest
        if due_on not in left:
            left[due_on] = days.between(desk.today, due_on)
        lines.append(
            Line(
                number=number,
                version=version,
                title=title or excerpt,
                named=title is not None,
                status=status,
                area=area,
                holder=holder,
                days_left=left[due_on],
                anonymous=anonymous,
                confidential=confidential,
                about_conduct=about_conduct,
                fresh=status is Status.FORWARDED and assignee_id is None,
            )
        )
    return lines


def next_number(session: Session, desk: Desk, asked: Asked, after: Report) -> str | None:
    """The report that follows `after` in the list; at its end the first one, None when there is
    no other. Asked before a deed, which may take `after` out of the list or to another place."""
    others = (
        select(Report.number)
        .where(_condition(desk, asked), Report.id != after.id)
        .order_by(*_ordering(asked.order, _due(asked)))
        .limit(1)
    )
    due_on = after.due_on
    if asked.view is View.PROMISED:
        due_on = session.scalar(select(promised_day()).where(Report.id == after.id))
    later = _stands_after(asked.order, after, _due(asked), due_on)
    return session.scalar(others.where(later)) or session.scalar(others)


def _due(asked: Asked) -> ColumnElement[Any]:
    """The day that a list counts to: the deadline, or what was promised in a meeting."""
    return promised_day() if asked.view is View.PROMISED else Report.__table__.c.due_on


def _condition(desk: Desk, asked: Asked) -> ColumnElement[bool]:
    within = and_(desk.scope, desk.within(asked.view))
    return and_(within, Report.id.in_(asked.found)) if asked.search else within


def _ordering(order: Order, due: ColumnElement[dt.date | None]) -> tuple[ColumnElement[Any], ...]:
    match order:
        case Order.DEADLINE:
            return due.asc().nulls_last(), Report.id.asc()
        case Order.NEWEST:
            return Report.received_on.desc(), Report.id.desc()
        case Order.OLDEST:
            return Report.received_on.asc(), Report.id.asc()


def _stands_after(
    order: Order, report: Report, due: ColumnElement[dt.date | None], due_on: dt.date | None
) -> ColumnElement[bool]:
    match order:
        case Order.DEADLINE if due_on is None:
            return and_(due.is_(None), Report.id > report.id)
        case Order.DEADLINE:
            later = or_(due > due_on, due.is_(None))
            return or_(later, and_(due == due_on, Report.id > report.id))
        case Order.NEWEST:
            return tuple_(Report.received_on, Report.id) < (report.received_on, report.id)
        case Order.OLDEST:
            return tuple_(Report.received_on, Report.id) > (report.received_on, report.id)


def find_report(session: Session, desk: Desk, number: str) -> Report | None:
    """With everything that its page names. None when the officer may not see it, or none is."""
    return session.scalars(
        select(Report)
        .where(desk.scope, Report.number == number)
        .options(
            joinedload(Report.area).joinedload(Area.parent),
            joinedload(Report.category),
            joinedload(Report.holder),
            joinedload(Report.accused),
            joinedload(Report.parent),
            selectinload(Report.history),
        )
    ).one_or_none()


def find_own_last_deed(
    session: Session, desk: Desk, number: str, *, now: dt.datetime
) -> Report | None:
    """A report whose newest deed is the officer's own and just done, wherever it went by it."""
    own = exists().where(
        HistoryEntry.report_id == Report.id,
        HistoryEntry.sequence == Report.version,
        HistoryEntry.user_id == desk.user.id,
        HistoryEntry.at >= now - UNDO_WINDOW,
    )
    return session.scalars(
        select(Report)
        .where(Report.agency_id == desk.agency.id, Report.number == number, own)
        .options(selectinload(Report.history))
    ).one_or_none()


def find_by_typed_number(session: Session, desk: Desk, typed: str) -> Report | None:
    """The first reading of what was typed that is a report within the scope."""
    for number in candidates(desk.agency.number_prefix, typed):
        if report := session.scalar(select(Report).where(desk.scope, Report.number == number)):
            return report
    return None


def next_due(session: Session, desk: Desk) -> dt.date | None:
    """The nearest deadline that an office still has to meet; for an empty list to say."""
    ahead = and_(
        desk.scope, desk.held, Report.status.in_(OFFICES_TURN), Report.due_on >= desk.today
    )
    return session.scalar(select(Report.due_on).where(ahead).order_by(Report.due_on).limit(1))


def find_line(
    session: Session, desk: Desk, asked: Asked, number: str, days: WorkingDays
) -> Line | None:
    """One row of the list, None when the report is not, or no longer, in it."""
    rows = session.execute(_lines(desk, asked).where(Report.number == number))
    return next(iter(_drawn(rows, desk, days)), None)
