"""Who sees which reports, and who handles them. What one may not see does not exist for one."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Function,
    Select,
    all_,
    and_,
    any_,
    bindparam,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy import cast as as_sql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased

from lapor_web.models import (
    Action,
    Classification,
    Disposition,
    DispositionKind,
    Opd,
    Report,
    Role,
    Status,
    User,
)
from lapor_web.models.user import Line

UNIT_BOUND = frozenset({Role.LIAISON, Role.SUPERVISOR})
"""They act for their own unit and the units under it, and for no other."""

BEYOND_OWN_UNIT = frozenset({Action.NOTE, Action.REVEAL_IDENTITY, Action.UNDO})
"""What an inspector may do with a report that another unit holds."""

WORK = frozenset(
    {Action.FOLLOW_UP, Action.PROPOSE, Action.PROMISE, Action.NOTE, Action.ASSIGN, Action.UNDO}
)
"""What a unit under the holder may do that the report was assigned to."""


def ordinary(report: Any) -> ColumnElement[bool]:
    """Neither rahasia nor about anybody's conduct; `report` is `Report` or an alias of it."""
    return and_(~report.confidential, ~report.about_conduct, ~report.about_service)


ORDINARY = ordinary(Report)

PUBLISHED = and_(Report.verified_at.is_not(None), ORDINARY)
"""What everybody may read, without an account."""


def units_under(session: Session, opd_id: int | None) -> list[int]:
    """The unit and all units under it; empty for an officer of no unit."""
    return [] if opd_id is None else list(read_line(session, opd_id).under)


def line_of(session: Session, user: User) -> Line:
    """That of the officer's office, which is mostly known since they were let in."""
    if user.opd_id is None:
        return Line()
    return user.line or read_line(session, user.opd_id)


def read_line(session: Session, opd_id: int) -> Line:
    under, above = session.execute(_LINE, {"unit": opd_id}).one()
    return Line(tuple(under), tuple(above))


def line_around(unit: Any) -> tuple[Function[Any], Function[Any]]:
    """The two arrays of a `Line`. `unit` is a value, or a column of `User` in the statement around."""
    first, below = aliased(Opd), aliased(Opd)
    tree = _first(first.id, first, unit).cte("tree", recursive=True, nesting=True)
    tree = tree.union_all(select(below.id).join(tree, below.parent_id == tree.c.id))
    upmost, above = aliased(Opd), aliased(Opd)
    line = _first(upmost.parent_id, upmost, unit).cte("line", recursive=True, nesting=True)
    line = line.union_all(select(above.parent_id).join(line, above.id == line.c.parent_id))
    over = select(line.c.parent_id).where(line.c.parent_id.is_not(None))
    return _array(select(tree.c.id)), _array(over)


def _first(column: Any, opd: Any, unit: Any) -> Select[Any]:
    return select(column).where(opd.id == unit).correlate(User)


def _array(rows: Select[Any]) -> Function[Any]:
    return func.array(rows.correlate(User).scalar_subquery())


# Built once: every page of an officer asks it, and to build it takes longer than to ask.
_LINE = select(*line_around(bindparam("unit", type_=BigInteger)))


def visible_to(session: Session, user: User) -> ColumnElement[bool]:
    """The scope of an officer, as a condition on `Report` (domain.md, People)."""
    line = line_of(session, user)
    return scope_of(user, line.under, kin_of(session, user, line))


def kin_of(session: Session, user: User, line: Line) -> tuple[int, ...]:
    """The units with those above them, and those of one's own office where another's desk is open:
    what accuses one of these, one does not see."""
    own = Line()
    if user.own_opd_id is not None and user.own_opd_id != user.opd_id:
        own = read_line(session, user.own_opd_id)
    return (*line.under, *line.above, *own.under, *own.above)


def scope_of(user: User, units: Sequence[int], kin: Sequence[int]) -> ColumnElement[bool]:
    """`visible_to` for whoever has asked for the units already, and for those with all above them."""
    return _scope(user.agency_id, user.id, user.role, tuple(units), tuple(kin))


@lru_cache(maxsize=1024)
def _scope(
    agency_id: int, user_id: int, role: Role, units: tuple[int, ...], kin: tuple[int, ...]
) -> ColumnElement[bool]:
    """Kept, since every page of an officer asks for it."""
    # Whoever is accused, and everybody above them or under their roof, is the last to read it.
    return and_(
        Report.agency_id == agency_id, accuses_none(user_id, kin), _by_role(role, user_id, units)
    )


def would_be_seen(user: User, units: Sequence[int], kin: Sequence[int]) -> ColumnElement[bool]:
    """What is about this very officer, and would be in their scope if it were about somebody else.
    Counters that do not know whom a report is about have these in them."""
    return and_(
        Report.agency_id == user.agency_id,
        Report.accused_user_id == user.id,
        _accuses_no_office(kin),
        _by_role(user.role, user.id, units),
    )


def not_accusing(user: User, kin: Sequence[int]) -> ColumnElement[bool]:
    """About neither the officer, nor a unit of theirs or above them; whatever role they have."""
    return accuses_none(user.id, kin)


def accuses_none(user_id: int, kin: Sequence[int]) -> ColumnElement[bool]:
    return and_(Report.accused_user_id.is_distinct_from(user_id), _accuses_no_office(kin))


def _accuses_no_office(kin: Sequence[int]) -> ColumnElement[bool]:
    if not kin:
        return true()
    return or_(Report.accused_opd_id.is_(None), none_of(Report.accused_opd_id, kin))


def accuses_nobody_of(session: Session, user: User) -> ColumnElement[bool]:
    """`not_accusing` for whoever has not asked for the units."""
    return not_accusing(user, kin_of(session, user, line_of(session, user)))


def _by_role(role: Role, user_id: int, units: Sequence[int]) -> ColumnElement[bool]:
    match role:
        case Role.COORDINATOR:
            return ~Report.about_service
        case Role.LIAISON | Role.SUPERVISOR:
            return or_(one_of(Report.holder_opd_id, units), copied_to(units))
        case Role.INSPECTOR:  # but for what it holds, as `models.lists.OVERSEEN`
            return or_(
                Report.classification == Classification.SUPERVISORY,
                Report.about_conduct,
                Report.about_service,
                one_of(Report.holder_opd_id, units),
            )
        case Role.LEADER:
            return ORDINARY
        case Role.OMBUDSMAN:
            return or_(ORDINARY, Report.ombudsman_consent_at.is_not(None))
        case Role.INTAKE:
            # After hand-over a hidden report is no longer the business of whoever typed it in.
            left_the_queue = or_(
                Report.status != Status.UNVERIFIED,
                Report.verified_at.is_not(None),
                Report.queued_at.is_not(None),
            )
            handed_over = and_(left_the_queue, ~ORDINARY)
            return and_(Report.entered_by_id == user_id, ~handed_over)
        case _:
            return false()


def one_of(column: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """As `in_`, but the ids are one value: the statement is the same for every office, however many
    units it has, and so is its plan. Not where an index shall give rows in order: for that, one unit
    has to stand in the statement by itself."""
    return cast(ColumnElement[bool], column == any_(_array_of(ids)))


def none_of(column: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    return cast(ColumnElement[bool], column != all_(_array_of(ids)))


def _array_of(ids: Sequence[int]) -> ColumnElement[Any]:
    # Asked for by itself: the planner shall not count the ids, or it plans anew for each office.
    array = ARRAY(BigInteger)
    return as_sql(select(literal(list(ids), array)).scalar_subquery(), array)


def copied_to(units: Sequence[int]) -> ColumnElement[bool]:
    return exists().where(Disposition.report_id == Report.id, copy_to(units))


def copy_to(units: Sequence[int]) -> ColumnElement[bool]:
    """A disposition by which one of them reads along."""
    return and_(
        Disposition.kind == DispositionKind.TEMBUSAN,
        Disposition.ended_at.is_(None),
        one_of(Disposition.opd_id, units),
    )


def acts_for_holder(session: Session, user: User, report: Report, action: Action) -> bool:
    """Whether the office that holds the report is the officer's own, where that is asked."""
    return handles(user, report, action, line_of(session, user).under)


def handles(user: User, report: Report, action: Action, units: Sequence[int]) -> bool:
    """`acts_for_holder` for whoever has asked for the officer's units already.

    Tembusan reads only, and an inspector does a liaison's deeds for the Inspektorat alone. A unit
    that the holder set to work does the work, and decides nothing else. What one did oneself is
    taken back wherever it has sent the report: the deed asks who did it. The Ombudsman looks behind
    a report only where its reporter let them.
    """
    if user.role is Role.OMBUDSMAN and action is Action.REVEAL_IDENTITY:
        return report.ombudsman_consent_at is not None
    if action is Action.UNDO:
        return True
    asked = user.role in UNIT_BOUND or (
        user.role is Role.INSPECTOR and action not in BEYOND_OWN_UNIT
    )
    if not asked or report.holder_opd_id in units:
        return True
    return action in WORK and report.assigned_opd_id is not None and report.assigned_opd_id in units
