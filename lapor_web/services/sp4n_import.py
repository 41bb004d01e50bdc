"""Takes the national export in: does what a plan (`services.sp4n_plan`) says of each row.

The export has no date of disposition, follow-up or closing. Where the tables need an instant all
the same, the disposition stands at the moment of receipt, and pause and finish at the moment of
the import. No figure may be made of them: `imported` keeps pace, completion and every automatic
clock away (see `services.deadlines`).
"""

import datetime as dt
from typing import Any

from sqlalchemy import ARRAY, BigInteger, any_, insert, literal, select
from sqlalchemy.orm import Session, selectinload

from lapor_web.models import (
    Action,
    Agency,
    Disposition,
    DispositionKind,
    EndReason,
    HistoryEntry,
    Hold,
    Report,
    Role,
    Status,
)
from lapor_web.services import sp4n_file as file
from lapor_web.services.identity import Identity, seal
from lapor_web.services.keys import Keys
from lapor_web.services.sp4n_places import place_in_words
from lapor_web.services.sp4n_plan import Plan, Wanted, reporter_name
from lapor_web.services.submission import next_number
from lapor_web.services.working_days import wita_date


def apply(
    session: Session, agency: Agency, plan: Plan, *, keys: Keys | None, now: dt.datetime
) -> None:
    """Do all of it, in the transaction of the plan. Without `keys` no name is stored."""
    insert_new(session, agency, plan.new, keys=keys, now=now)
    update_changed(session, plan.changed, now=now)
    session.flush()


def insert_new(
    session: Session, agency: Agency, new: list[Wanted], *, keys: Keys | None, now: dt.datetime
) -> None:
    """In bulk: 15,000 reports a year are read in seconds."""
    if not new:
        return
    ids = session.scalars(
        insert(Report).returning(Report.id, sort_by_parameter_order=True),
        [new_report(session, agency, wanted, now=now) for wanted in new],
    ).all()
    pairs = list(zip(ids, new, strict=True))
    session.execute(
        insert(HistoryEntry),
        [
            {
                "report_id": report_id,
                "sequence": 1,
                "from_status": None,
                "to_status": wanted.status,
                **history_values(wanted, now=now),
            }
            for report_id, wanted in pairs
        ],
    )
    session.add_all(
        disposition(agency.id, report_id, wanted, sequence=1, since=wanted.row.received_at)
        for report_id, wanted in pairs
        if wanted.holder_opd_id
    )
    session.add_all(
        Hold(report_id=report_id, started_at=now, started_sequence=1)
        for report_id, wanted in pairs
        if wanted.status is Status.ON_HOLD
    )
    if keys:
        session.add_all(
            seal(report_id, Identity(name=name), keys=keys)
            for report_id, wanted in pairs
            if (name := reporter_name(wanted))
        )


def new_report(
    session: Session, agency: Agency, wanted: Wanted, *, now: dt.datetime
) -> dict[str, Any]:
    return {
        "agency_id": agency.id,
        "number": next_number(session, agency, now),
        "key_hash": wanted.key_hash,
        "tracking_id": wanted.row.tracking_id,
        "imported": True,
        "version": 1,
        "entered_at": now,
        "finished_at": now if wanted.status is Status.FINISHED else None,
        **report_values(wanted),
    }


def report_values(wanted: Wanted) -> dict[str, Any]:
    """All that a newer export may change."""
    row, held = wanted.row, wanted.status is Status.ON_HOLD
    before_hold = Status.FORWARDED if wanted.holder_opd_id else Status.UNVERIFIED
    return {
        "content_hash": row.says,
        "channel": row.channel,
        "story": row.story,
        "public_text": row.cells[file.LAST_TEXT] or None,
        "title": row.cells[file.TITLE] or None,
        "place": place_in_words(row.cells),
        "area_id": wanted.area_id,
        "category_id": wanted.category_id,
        "kind": row.kind,
        "classification": row.classification,
        "anonymous": row.anonymous,
        "confidential": row.confidential,
        "status": wanted.status,
        "status_before_hold": before_hold if held else None,
        "holder_opd_id": wanted.holder_opd_id,
        "finish_mode": row.finish_mode,
        "archive_reason": row.archive_reason,
        "received_at": row.received_at,
        "received_on": wita_date(row.received_at),
        "disposed_at": row.received_at if wanted.office else None,
    }


def update_changed(
    session: Session, changed: list[tuple[int, Wanted]], *, now: dt.datetime
) -> None:
    ids = [report_id for report_id, _ in changed]
    reports = session.scalars(
        select(Report)
        .where(Report.id == any_(literal(ids, ARRAY(BigInteger))))
        .options(selectinload(Report.dispositions), selectinload(Report.holds))
    )
    by_id = {report.id: report for report in reports}
    for report_id, wanted in changed:
        update(session, by_id[report_id], wanted, now=now)


def update(session: Session, report: Report, wanted: Wanted, *, now: dt.datetime) -> None:
    """What a newer export says of a report that nobody acted on here."""
    sequence, from_status = report.version + 1, report.status
    session.add(
        HistoryEntry(
            report_id=report.id,
            sequence=sequence,
            previous=report.version,
            from_status=from_status,
            to_status=wanted.status,
            **history_values(wanted, now=now),
        )
    )
    change_holder(report, wanted, sequence=sequence, now=now)
    change_hold(report, wanted, sequence=sequence, now=now)
    for name, value in report_values(wanted).items():
        setattr(report, name, value)
    report.version = sequence
    if wanted.status is not Status.FINISHED:
        report.finished_at = None
    elif from_status is not Status.FINISHED:
        report.finished_at = now


def change_holder(report: Report, wanted: Wanted, *, sequence: int, now: dt.datetime) -> None:
    """When it changed hands nobody tells; we were told now."""
    held, since = report.responsible, wanted.row.received_at
    if held and held.opd_id != wanted.holder_opd_id:
        held.ended_at, held.ended_sequence = now, sequence
        held.end_reason = EndReason.REASSIGNED if wanted.holder_opd_id else EndReason.RETURNED
        held, since = None, now
    if wanted.holder_opd_id and held is None:
        report.dispositions.append(
            disposition(report.agency_id, report.id, wanted, sequence=sequence, since=since)
        )
    for one in report.dispositions:
        one.received_on = wita_date(wanted.row.received_at)


def change_hold(report: Report, wanted: Wanted, *, sequence: int, now: dt.datetime) -> None:
    hold = report.current_hold
    if wanted.status is Status.ON_HOLD and hold is None:
        report.holds.append(Hold(started_at=now, started_sequence=sequence))
    elif wanted.status is not Status.ON_HOLD and hold:
        hold.ended_at, hold.ended_sequence = now, sequence


def disposition(
    agency_id: int, report_id: int, wanted: Wanted, *, sequence: int, since: dt.datetime
) -> Disposition:
    return Disposition(
        agency_id=agency_id,
        report_id=report_id,
        opd_id=wanted.holder_opd_id,
        kind=DispositionKind.RESPONSIBLE,
        received_on=wita_date(wanted.row.received_at),
        started_at=since,
        started_sequence=sequence,
    )


def history_values(wanted: Wanted, *, now: dt.datetime) -> dict[str, Any]:
    """What the export said, in its own words, but nothing of who sent it."""
    cells, office = wanted.row.cells, wanted.office
    said = {
        "sp4n_status": cells[file.STATUS],
        "reason": cells[file.REASON],
        "source": cells[file.SOURCE],
        "category": cells[file.CATEGORY],
        "parent_agency": cells[file.PARENT_AGENCY],
        "disposed_to": cells[file.OFFICE],
        "disposed_to_id": cells[file.OFFICE_ID],
    }
    return {
        "action": Action.IMPORT,
        "role": Role.SYSTEM,
        "opd_id": wanted.holder_opd_id,
        "opd_name": office.name if office else "",
        "details": {name: words for name, words in said.items() if words},
        "at": now,
    }
