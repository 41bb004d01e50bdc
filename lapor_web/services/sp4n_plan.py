"""What the national export would do here, row by row: a plan, which only reads.

A trial run is a plan that nobody applies (`services.sp4n_import`). Once a report was acted on here
it is ours: a newer export does not touch it, it is named as a conflict.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ARRAY, LargeBinary, Text, any_, func, literal, select
from sqlalchemy.orm import Session

from lapor_web.models import Action, Agency, HistoryEntry, Report, Status
from lapor_web.services import sp4n_file as file
from lapor_web.services.sp4n_file import FileRow
from lapor_web.services.sp4n_places import Office, Places
from lapor_web.services.sp4n_row import ExportRow, RowRefused, parse

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


def reporter_name(wanted: Wanted) -> str:
    name = wanted.row.cells[file.NAME]
    return "" if name in NO_NAME else name
