"""Which office holds a report: opens and closes its dispositions."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lapor_web.models import Disposition, DispositionKind, EndReason, Opd, Report, User
from lapor_web.models.opd import INSPECTORATE
from lapor_web.services.access import units_under
from lapor_web.services.deeds import Act, DeedRefused


def hand_to(act: Act, opd: Opd, *, why_from_another: EndReason = EndReason.REASSIGNED) -> None:
    """Make `opd` the one responsible. Raises DeedRefused where it must not get this report."""
    refuse_wrong_office(act, opd, field="opd")
    release(act, why_from_another, opd_id=opd.id)
    act.session.flush()  # the old one ends before the new one begins: two at once cannot be
    report = act.report
    report.dispositions.append(_disposition(act, opd, DispositionKind.RESPONSIBLE))
    report.holder_opd_id, report.holder = opd.id, opd
    set_to_work(act, None, None)
    report.returned = False
    report.promised_on = report.time_granted = report.time_asked_until = None
    report.disposed_at = report.disposed_at or act.now
    report.finish_started_at = report.finish_started_at or act.now


def copy_to(act: Act, opds: tuple[Opd, ...]) -> None:
    """Tembusan: these offices may read. Whoever holds or has it already gets no second copy."""
    has_it = {one.opd_id for one in act.report.dispositions if one.ended_at is None}
    for opd in opds:
        if opd.id not in has_it:
            refuse_wrong_office(act, opd, field="tembusan")
            act.report.dispositions.append(_disposition(act, opd, DispositionKind.TEMBUSAN))
            has_it.add(opd.id)


def release(act: Act, reason: EndReason, *, opd_id: int | None = None) -> None:
    """End who is responsible, and any copy of `opd_id`, which is about to become it."""
    for one in act.report.dispositions:
        if one.is_responsible_now or (one.ended_at is None and one.opd_id == opd_id):
            one.ended_at, one.ended_sequence, one.end_reason = act.now, act.sequence, reason
            one.waiting = False


def end_wrong_copies(act: Act) -> None:
    """What a report turned out to be about may be the very office that reads along."""
    for one in act.report.dispositions:
        if one.ended_at is None and one.kind is DispositionKind.TEMBUSAN:
            try:
                refuse_wrong_office(act, one.opd, field="tembusan")
            except DeedRefused:
                one.ended_at, one.ended_sequence = act.now, act.sequence
                one.end_reason = EndReason.CLOSED


def take_from_all(act: Act, reason: EndReason) -> None:
    """End every disposition, copies too: nobody holds the report any longer."""
    for one in act.report.dispositions:
        if one.ended_at is None:
            one.ended_at, one.ended_sequence, one.end_reason = act.now, act.sequence, reason
            one.waiting = False
    report = act.report
    report.holder_opd_id, report.holder = None, None
    report.assignee_id, report.assigned_opd_id, report.assigned_opd = None, None, None


def set_to_work(act: Act, unit: Opd | None, person: User | None) -> None:
    """Which unit under the holder does the work, and who. Such a unit reads along as long as it
    works, and is counted nowhere."""
    report, before = act.report, act.report.assigned_opd_id
    report.assignee_id = person.id if person else None
    if unit is not None:
        refuse_wrong_office(act, unit, field="assignee")
    if before not in (None, unit.id if unit else None):
        for one in report.dispositions:
            if one.opd_id == before and one.ended_at is None and not one.is_responsible_now:
                one.ended_at, one.ended_sequence = act.now, act.sequence
                one.end_reason = EndReason.REASSIGNED
    report.assigned_opd_id, report.assigned_opd = (unit.id, unit) if unit else (None, None)
    if unit is not None:
        copy_to(act, (unit,))


def follow_successor(act: Act) -> None:
    """An office that was merged lives on in another: what comes back to it goes there, or, where
    that is the one accused, to the Inspektorat. Of one that just closed it stays, for a coordinator."""
    holder = act.report.holder
    if holder is None or holder.merged_into_id is None:
        return
    while holder.merged_into_id is not None:
        holder = act.session.get_one(Opd, holder.merged_into_id)
    try:
        refuse_wrong_office(act, holder, field="opd")
    except DeedRefused:
        inspectorate = find_inspectorate(act.session, act.report.agency_id)
        if inspectorate is None:
            return
        holder = inspectorate
    hand_to(act, holder)


def find_inspectorate(session: Session, agency_id: int) -> Opd | None:
    return session.scalar(
        select(Opd)
        .where(Opd.agency_id == agency_id, Opd.kind == INSPECTORATE, Opd.active)
        .order_by(Opd.id)
        .limit(1)
    )


def refuse_wrong_office(act: Act, opd: Opd, *, field: str) -> None:
    """A report about conduct goes to the Inspektorat, and none to those it accuses."""
    report: Report = act.report
    if opd.agency_id != report.agency_id or not opd.active:
        raise DeedRefused(field, "unknown_opd")
    if report.about_conduct and opd.kind != INSPECTORATE:
        raise DeedRefused(field, "only_inspectorate")
    if report.accused_opd_id in units_under(act.session, opd.id) or (
        opd.id in units_under(act.session, report.accused_opd_id)
    ):
        raise DeedRefused(field, "accused")


def _disposition(act: Act, opd: Opd, kind: DispositionKind) -> Disposition:
    return Disposition(
        agency_id=act.report.agency_id,
        opd_id=opd.id,
        opd=opd,
        kind=kind,
        received_on=act.report.received_on,
        started_at=act.now,
        started_sequence=act.sequence,
    )
