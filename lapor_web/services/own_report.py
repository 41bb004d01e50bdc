"""A report and what stands beside it on its reporter's page, in one question: the page that is asked
more than any other."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import set_committed_value

from lapor_web.models import (
    Agency,
    Area,
    Attachment,
    HistoryEntry,
    Opd,
    Report,
    ReporterIdentity,
    Step,
)
from lapor_web.services.access import ordinary
from lapor_web.services.history_rows import rows_of, select_history
from lapor_web.services.kept_statement import KeptStatement
from lapor_web.services.limits import select_limit
from lapor_web.services.loaded_objects import LoadedColumns
from lapor_web.services.numbers import candidates


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the report itself."""

    history: list[HistoryEntry]
    """As `history_rows` reads it."""
    companions: int
    """How many other reports were merged with this one: of one matter, only their number."""
    has_attachments: bool
    ombudsman_days: int | None
    """Calendar days after which the Ombudsman may take over, where the city has set them."""
    has_contact: bool
    """Whether news can go anywhere, and a new link where the receipt code is lost."""


def read_beside(session: Session, report: Report) -> Beside:
    row = session.execute(_BESIDE_ONE, {"report_id": report.id}).one()
    return _beside(report, *row)


def find_with_beside(session: Session, agency: Agency, number: str) -> tuple[Report, Beside] | None:
    """By its exact number, whoever asks: the caller knows whether this browser may."""
    if number not in candidates(agency.prefixes, number):
        return None
    rows = _WITH_BESIDE.ask(session, {"agency_id": agency.id, "number": number})
    if not rows:
        return None
    report, made = _REPORT.object_of(session, rows[0])
    area_name, holder_name, *beside = rows[0][len(_REPORT.names) :]
    if made:
        _name_area_and_holder(report, area_name, holder_name)
    return report, _beside(report, *beside)


def _name_area_and_holder(report: Report, area_name: str, holder_name: str) -> None:
    area = _AREA.detached((report.area_id, area_name)) if report.area_id else None
    holder = _HOLDER.detached((report.holder_opd_id, holder_name)) if report.holder_opd_id else None
    set_committed_value(report, "area", area)
    set_committed_value(report, "holder", holder)


def _beside(report: Report, history: list[Any], companions: int, *rest: Any) -> Beside:
    return Beside(rows_of(history), companions + (report.parent_id is not None), *rest)


_OTHER = aliased(Report)
_BESIDE = (
    select_history().label("history"),
    select(func.count())
    .where(
        _OTHER.parent_id == func.coalesce(Report.parent_id, Report.id),
        _OTHER.id != Report.id,
        # That a hidden report is about the same tells nobody.
        ordinary(_OTHER),
    )
    .scalar_subquery()
    .label("companions"),
    exists().where(Attachment.report_id == Report.id).label("pictures"),
    select_limit(Report.agency_id, Step.OMBUDSMAN, Report.received_on)
    .scalar_subquery()
    .label("days"),
    exists()
    .where(ReporterIdentity.report_id == Report.id, ReporterIdentity.has_contact)
    .label("contact"),
)
_BESIDE_ONE = select(*_BESIDE).where(Report.id == bindparam("report_id"))
_REPORT = LoadedColumns(
    Report,
    *("id", "agency_id", "number", "receipt_hash", "status", "version", "quarantined"),
    *("story", "place", "title", "public_text"),
    *("anonymous", "confidential", "about_conduct", "about_service"),
    *("area_id", "holder_opd_id", "parent_id", "split_from_id"),
    *("finish_mode", "outcome", "outcome_on", "rating", "belongs_to"),
    *("archive_reason", "reopened_count", "objected", "promised_on"),
    *("received_at", "received_on", "verified_at", "disposed_at"),
    *("first_follow_up_at", "answered_at", "finished_at", "calendar_id"),
    *("due_on", "follow_up_due_on", "waiting_from", "ombudsman_consent_at"),
)
"""Half of a report's columns: what its reporter's page never names is not fetched for it."""
_AREA = LoadedColumns(Area, "id", "name")
_HOLDER = LoadedColumns(Opd, "id", "short_name")
_WITH_BESIDE = KeptStatement(
    select(*_REPORT.asked, Area.name, Opd.short_name, *_BESIDE)
    .outerjoin(Area, Area.id == Report.area_id)
    .outerjoin(Opd, Opd.id == Report.holder_opd_id)
    .where(
        Report.agency_id == bindparam("agency_id"),
        Report.number == bindparam("number"),
    )
)
