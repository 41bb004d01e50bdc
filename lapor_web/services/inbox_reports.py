"""One report of an inbox: with all that its page names, or only as much as a deed asks for."""

import datetime as dt
from functools import lru_cache

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from lapor_web.models import Area, HistoryEntry, Report
from lapor_web.services.deeds import UNDO_WINDOW
from lapor_web.services.desk import Desk
from lapor_web.services.numbers import candidates
from lapor_web.services.own_words import write_out


def find_report(session: Session, desk: Desk, number: str) -> Report | None:
    """With everything that its page names. None when the officer may not see it, or none is."""
    report = session.scalars(_whole(desk), {"wanted_number": number}).one_or_none()
    if report is None:
        return None
    # As the relation would load it; for one report its machinery takes longer than the question.
    history = session.scalars(_HISTORY, {"report_id": report.id}).all()
    set_committed_value(report, "history", list(history))
    if report.parent_id is not None:
        seen = select(Report.id).where(desk.scope, Report.id == report.parent_id)
        if session.scalar(seen) is None:
            # What it was merged with became hidden since: not even its number is told.
            set_committed_value(report, "parent", None)
    return report


@lru_cache(maxsize=1024)
def _whole(desk: Desk) -> Select[Report]:
    """Kept, since to put such a statement together costs as much as to execute it."""
    return write_out(
        select(Report)
        .where(desk.scope, Report.number == bindparam("wanted_number"))
        .options(
            joinedload(Report.area).joinedload(Area.parent),
            joinedload(Report.category),
            joinedload(Report.holder),
            joinedload(Report.accused),
            joinedload(Report.parent).load_only(Report.number),
        )
    )


_HISTORY = (
    select(HistoryEntry)
    .where(HistoryEntry.report_id == bindparam("report_id"))
    .order_by(HistoryEntry.sequence)
)


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


def list_own_deeds(session: Session, desk: Desk, *, limit: int) -> list[tuple[HistoryEntry, bool]]:
    """What the officer did, the newest first, and whether they may still read its report."""
    own = (
        select(HistoryEntry, desk.scope.label("readable"))
        .join(HistoryEntry.report)
        .where(HistoryEntry.user_id == desk.user.id)
        .options(contains_eager(HistoryEntry.report))
        .order_by(HistoryEntry.at.desc(), HistoryEntry.report_id, HistoryEntry.sequence.desc())
        .limit(limit)
    )
    return [(entry, bool(readable)) for entry, readable in session.execute(own)]


def find_report_to_tell(session: Session, desk: Desk, number: str) -> Report | None:
    """As `find_report`, alone."""
    return session.scalar(select(Report).where(desk.scope, Report.number == number))


def find_id(session: Session, agency_id: int, number: str) -> int | None:
    known = select(Report.id).where(Report.agency_id == agency_id, Report.number == number)
    return session.scalar(known)


def newest_entry(session: Session, report: Report) -> HistoryEntry:
    return session.get_one(HistoryEntry, (report.id, report.version))


def find_by_typed_number(session: Session, desk: Desk, typed: str) -> Report | None:
    """The first reading of what was typed that is a report within the scope."""
    for number in candidates(desk.agency.prefixes, typed):
        if report := session.scalar(select(Report).where(desk.scope, Report.number == number)):
            return report
    return None
