"""One office becomes part of another: its open reports go there, with history; its past stays.

The merged office is closed and stands *under* the one that takes over. So everything that asks for
"this unit and the units under it" is right by itself: its people's successors read its old reports,
and a report that accuses it opens to nobody of the office that it became part of.
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from lapor_web.models import Action, CannedText, Category, Opd, Report, Subject, User
from lapor_web.models.opd import INSPECTORATE
from lapor_web.services import holding
from lapor_web.services.access import units_under
from lapor_web.services.configuration import Configuring, NotThisWay
from lapor_web.services.deeds import Act, DeedRefused, Doer, Told, perform
from lapor_web.services.jobs import Job, defer
from lapor_web.services.offices import OPEN, count_open, facts_of, open_reports

AT_ONCE = 50
"""Reports that are moved while the coordinator waits; the worker moves the rest, as many at a time."""
SWEEP_AFTER = dt.timedelta(minutes=2)
"""Somebody may have been handing over a report when the office was closed."""
REASON = "{old} menjadi bagian dari {new}."
ACCUSED = "{old} sekarang satu atap dengan OPD yang dilaporkan."


@dataclass(frozen=True, slots=True)
class Transfer:
    """The work goes on where it stood, in the office that took over. Nobody begins anew, so neither
    state nor promise nor the person who has it change."""

    action: ClassVar[Action] = Action.TRANSFER

    opd: Opd
    reason: str
    keeps_person: bool = True

    def change(self, act: Act) -> Told:
        report = act.report
        person = report.assignee_id
        promised = report.promised_on
        asked, granted = report.time_asked_until, report.time_granted
        unit = report.assigned_opd_id
        holding.hand_to(act, self.opd)
        report.promised_on = promised
        report.time_asked_until, report.time_granted = asked, granted
        if self.keeps_person:
            report.assignee_id, report.assigned_opd_id = person, unit
        return Told(text=self.reason, visible=True, opd=self.opd, undoable=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a merge would move."""

    open_reports: int
    to_inspectorate: int
    officers: int
    units: int
    subjects: int


def plan(session: Session, old: Opd, new: Opd) -> Plan:
    def count(what: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).where(what)) or 0

    return Plan(
        open_reports=count_open(session, old.id),
        to_inspectorate=len(_in_conflict(session, old, new)),
        officers=count(User.opd_id == old.id),
        units=count(Opd.parent_id == old.id),
        subjects=count(Category.opd_id == old.id),
    )


def merge_offices(act: Configuring, old: Opd, new: Opd, *, one_line: bool) -> Plan:
    """`one_line`: also what `old` did until now is counted in the line of `new` from here on; else
    it keeps a line of its own for as long as a period holds reports of it. Raises NotThisWay."""
    session = act.session
    refuse_unfit(session, old, new)
    moves = plan(session, old, new)
    conflicts = _in_conflict(session, old, new)
    if conflicts and holding.find_inspectorate(session, act.agency.id) is None:
        raise NotThisWay(
            "into", "Ada laporan yang melaporkan OPD tujuan, dan tidak ada Inspektorat"
        )
    before = facts_of(session, old)
    _close_under(session, old, new, one_line=one_line)
    _take_along(session, old, new)
    session.expire_all()
    if act.user is None:
        raise NotThisWay("into", "Penggabungan dilakukan oleh koordinator")
    for report_id in conflicts:
        move(session, report_id, act.user, now=act.now)
    move_some(session, old, act.user, now=act.now)
    defer(
        session,
        Job.MOVE_REPORTS,
        not_before=act.now + SWEEP_AFTER,
        opd_id=old.id,
        user_id=act.user.id,
    )
    after = facts_of(session, old) | {
        "merged_into": new.name,
        "open_reports": moves.open_reports,
        "to_inspectorate": moves.to_inspectorate,
        "officers": moves.officers,
        "units": moves.units,
        "subjects": moves.subjects,
    }
    act.note(Subject.OPD, old.code, old.name, before, after)
    return moves


def refuse_unfit(session: Session, old: Opd, new: Opd) -> None:
    """Raises NotThisWay."""
    if old.id == new.id or not old.active or not new.active:
        raise NotThisWay("into", "Pilih OPD lain yang masih aktif")
    if INSPECTORATE in (old.kind, new.kind):
        raise NotThisWay("into", "Inspektorat tidak digabung: ia memeriksa OPD lain")
    if new.id in units_under(session, old.id):
        raise NotThisWay("into", "Pilih OPD yang tidak berada di bawah OPD ini")


def _in_conflict(session: Session, old: Opd, new: Opd) -> list[int]:
    """Open reports that would be held by whoever they accuse, by its people, or by those it stands
    under, once these two are one."""
    known = session.execute(select(Opd.id, Opd.parent_id).where(Opd.agency_id == old.agency_id))
    parents = {one: new.id if parent == old.id else parent for one, parent in known}
    parents[old.id] = new.id
    units = {*units_under(session, old.id), *units_under(session, new.id)}
    rows = session.execute(
        select(Report.id, Report.holder_opd_id, Report.accused_opd_id)
        .where(
            Report.status.in_(OPEN),
            Report.holder_opd_id.in_(units),
            Report.accused_opd_id.is_not(None),
        )
        .order_by(Report.id)
    )
    return [
        report_id
        for report_id, holder, accused in rows
        if _under_one_roof(parents, new.id if holder == old.id else holder, accused)
    ]


def _under_one_roof(parents: dict[int, int | None], one: int | None, other: int | None) -> bool:
    return one in _line_up(parents, other) or other in _line_up(parents, one)


def _line_up(parents: dict[int, int | None], opd_id: int | None) -> list[int]:
    line: list[int] = []
    while opd_id is not None:
        line.append(opd_id)
        opd_id = parents.get(opd_id)
    return line


def _close_under(session: Session, old: Opd, new: Opd, *, one_line: bool) -> None:
    line = new.reports_as_id or new.id
    session.execute(update(Opd).where(Opd.parent_id == old.id).values(parent_id=new.id))
    session.execute(update(Opd).where(Opd.reports_as_id == old.id).values(reports_as_id=line))
    old.active, old.merged_into_id, old.parent_id = False, new.id, new.id
    if one_line:
        old.reports_as_id = line
    session.flush()


def _take_along(session: Session, old: Opd, new: Opd) -> None:
    """Accounts move, and their sessions end (migration 0003)."""
    session.execute(update(User).where(User.opd_id == old.id).values(opd_id=new.id))
    session.execute(update(Category).where(Category.opd_id == old.id).values(opd_id=new.id))
    theirs = select(CannedText.title).where(CannedText.opd_id == new.id)
    own = update(CannedText).where(CannedText.opd_id == old.id, CannedText.title.not_in(theirs))
    session.execute(own.values(opd_id=new.id))


def move_some(session: Session, old: Opd, user: User, *, now: dt.datetime) -> int:
    """So many open reports of an office that was merged; asks the worker for what is left."""
    some = select(Report.id).where(open_reports(old.id)).order_by(Report.id).limit(AT_ONCE)
    ids = list(session.scalars(some))
    for report_id in ids:
        move(session, report_id, user, now=now)
    left = session.scalar(select(Report.id).where(open_reports(old.id)).limit(1))
    if left is not None:
        defer(session, Job.MOVE_REPORTS, opd_id=old.id, user_id=user.id)
    return len(ids)


def move(session: Session, report_id: int, user: User, *, now: dt.datetime) -> None:
    """To the office that took over; what accuses it, or stands under its roof, to the Inspektorat."""
    report = session.scalars(
        select(Report).where(Report.id == report_id).with_for_update(of=Report)
    ).one()
    holder = report.holder
    if holder is None or report.status not in OPEN:
        return  # somebody was faster
    new = holder
    while new.merged_into_id is not None:
        new = session.get_one(Opd, new.merged_into_id)
    reason = REASON.format(old=holder.name, new=new.name)
    deeds = [Transfer(new, reason)] if new.id != holder.id else []
    inspectorate = holding.find_inspectorate(session, report.agency_id)
    if inspectorate is not None:
        said = ACCUSED.format(old=holder.name)
        deeds.append(Transfer(inspectorate, said, keeps_person=False))
    for deed in deeds:
        try:
            perform(
                session,
                report.id,
                deed,
                doer=Doer.officer(user),
                version=report.version,
                now=now,
            )
        except DeedRefused:
            session.refresh(report)
        else:
            return
