"""Takes the national export in: plan what each row would do, then do it.

A plan only reads, so a trial run is a plan that nobody applies. Once a report was acted on here
it is ours: a newer export does not touch it, it is named as a conflict.

The export has no date of disposition, follow-up or closing. Where the tables need an instant all
the same, the disposition stands at the moment of receipt, and pause and finish at the moment of
the import. No figure may be made of them: `imported` keeps pace, completion and every automatic
clock away (see `services.deadlines`).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ARRAY, BigInteger, LargeBinary, Text, any_, func, insert, literal, select
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
from lapor_web.services.sp4n_file import FileRow
from lapor_web.services.sp4n_places import Office, Places, place_in_words
from lapor_web.services.sp4n_row import ExportRow, RowRefused, parse
from lapor_web.services.submission import next_number
from lapor_web.services.working_days import wita_date

NO_NAME = frozenset({"", "-"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row of the file, with its places found: what the report should be."""

    row: ExportRow
    office: Office | None
    category_id: int | None
    area_id: int | None
    key_hash: bytes | None = None
    """What it is known by where it has no Tracking ID."""

    @property
    def known_by(self) -> str | bytes | None:
        return self.row.tracking_id or self.key_hash

    @property
    def status(self) -> Status:
        """An office that has not verified it yet has not acted on it: it stands there as B."""
        if self.row.status is Status.UNVERIFIED and self.holder_opd_id:
            return Status.FORWARDED
        return self.row.status

    @property
    def holder_opd_id(self) -> int | None:
        return self.office.id if self.office else None


@dataclass(frozen=True, slots=True)
class Remark:
    line: int
    text: str


@dataclass(slots=True)
class Plan:
    new: list[Wanted] = field(default_factory=list)
    changed: list[tuple[int, Wanted]] = field(default_factory=list)
    """With the id of the report that it changes."""
    same: list[Wanted] = field(default_factory=list)
    conflicts: list[Remark] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)
    twins: int = 0
    """Rows that stand in the file twice, word for word; the second is passed over."""

    def taken(self) -> Iterator[Wanted]:
        """What the file says of the reports that follow it."""
        yield from self.new
        yield from (wanted for _, wanted in self.changed)
        yield from self.same

    def by_status(self) -> Counter[Status]:
        return Counter(wanted.status for wanted in self.taken())

    def disposed(self) -> int:
        return sum(wanted.office is not None for wanted in self.taken())

    def has_names(self) -> bool:
        """Whether applying it would store who sent a report."""
        return any(reporter_name(wanted) for wanted in self.new)


def plan(session: Session, agency: Agency, rows: Iterable[FileRow], *, now: dt.datetime) -> Plan:
    """What the rows would do. Other imports of this agency wait until the transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("sp4n_import"), agency.id)))
    result = Plan()
    understood = understand(rows, Places(session, agency), result, now=now)
    wanted = list(once_each(understood, result))
    known = known_reports(session, agency, wanted)
    for one in wanted:
        report = known.get(one.known_by)
        if report is None:
            result.new.append(one)
        elif report.content_hash == one.row.says:
            result.same.append(one)
        elif report.action is Action.IMPORT:
            result.changed.append((report.id, one))
        else:
            text = f"laporan {report.number} sudah dikerjakan di sini dan dibiarkan seperti adanya"
            result.conflicts.append(Remark(one.row.line, text))
    return result


def understand(
    rows: Iterable[FileRow], places: Places, result: Plan, *, now: dt.datetime
) -> Iterator[Wanted]:
    """The rows that can be taken; the others are named in `result`."""
    for file_row in rows:
        try:
            row = parse(file_row, now=now)
            office = places.office(row.cells)
        except RowRefused as refusal:
            result.refused.append(Remark(file_row.line, str(refusal)))
        else:
            yield Wanted(row, office, places.category_id(row.cells), places.area_id(row.cells))


def once_each(understood: Iterable[Wanted], result: Plan) -> Iterator[Wanted]:
    """Each report once. Where no Tracking ID tells equal rows apart, their order does."""
    first_of: dict[str, ExportRow] = {}
    occurrences: Counter[bytes] = Counter()
    for wanted in understood:
        row = wanted.row
        if row.tracking_id is None:
            looks = row.stands_for(occurrence=0)
            occurrences[looks] += 1
            yield replace(wanted, key_hash=row.stands_for(occurrences[looks]))
            continue
        first = first_of.setdefault(row.tracking_id, row)
        if first is row:
            yield wanted
        elif first.says == row.says:
            result.twins += 1
        else:
            text = f"{file.TRACKING_ID} {row.tracking_id} sudah ada di baris {first.line}"
            result.refused.append(Remark(row.line, text))


def known_reports(
    session: Session, agency: Agency, wanted: list[Wanted]
) -> dict[str | bytes | None, Any]:
    """Those that are here already, with the last deed done on each, by what they are known by.

    Whoever would act on one of them waits: what the plan saw stays so until it is applied.
    """
    tracking_ids = [one.row.tracking_id for one in wanted if one.row.tracking_id]
    key_hashes = [one.key_hash for one in wanted if one.key_hash]
    rows = session.execute(
        select(
            Report.id,
            Report.number,
            Report.tracking_id,
            Report.key_hash,
            Report.content_hash,
            HistoryEntry.action,
        )
        .join(
            HistoryEntry,
            (HistoryEntry.report_id == Report.id) & (HistoryEntry.sequence == Report.version),
        )
        .where(
            Report.agency_id == agency.id,
            (Report.tracking_id == any_(literal(tracking_ids, ARRAY(Text))))
            | (Report.key_hash == any_(literal(key_hashes, ARRAY(LargeBinary)))),
        )
        .order_by(Report.id)
        .with_for_update(of=Report)
    )
    return {row.tracking_id or row.key_hash: row for row in rows}


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


def reporter_name(wanted: Wanted) -> str:
    name = wanted.row.cells[file.NAME]
    return "" if name in NO_NAME else name
