"""What must not be kept for ever: who sent a report, and what came with it (UU 27/2022).

Their keys are destroyed when the time is up; the report stays, and every figure with it (promise
24). It is no deed: nobody acted on the report, so its history and version stay, and an import can
still be brought up to date. What says what was erased, and when, is `Erasure`.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from lapor_web.models import (
    Attachment,
    Erased,
    Erasure,
    HistoryEntry,
    Report,
    ReporterIdentity,
)
from lapor_web.models.workflow import ANY, OPEN
from lapor_web.services.attachments import ERASED
from lapor_web.services.clocks import Round
from lapor_web.services.conversation import forget_reporter

CLOSED = ANY - OPEN


@dataclass(frozen=True, slots=True)
class Retention:
    """Days after a report was closed, however it was; one that is opened again starts anew."""

    identity: int = 730
    attachments: int = 730

    def round(self) -> Round:
        return Round("retention", self.is_due, self.erase)

    def is_due(self, now: dt.datetime) -> ColumnElement[bool]:
        return and_(
            Report.status.in_(CLOSED),
            ~parent_is_open(),
            or_(
                and_(has_identity(), closed_before(now, self.identity)),
                and_(has_attachments(), closed_before(now, self.attachments)),
            ),
        )

    def erase(self, session: Session, report: Report, now: dt.datetime) -> None:
        closed_at = when_closed(session, report)
        if now - closed_at > dt.timedelta(days=self.identity) and erase_identity(
            session, report, now
        ):
            note(session, report, Erased.IDENTITY, closed_at, now)
        if now - closed_at > dt.timedelta(days=self.attachments) and (
            files := erase_attachments(session, report)
        ):
            note(session, report, Erased.ATTACHMENTS, closed_at, now, files=files)


# ---- what is due ----


def parent_is_open() -> ColumnElement[bool]:
    """Whoever sent a merged report is told of it as long as its parent is worked on."""
    parent = aliased(Report)
    return exists().where(parent.id == Report.parent_id, parent.status.in_(OPEN))


def _closing() -> ColumnElement[bool]:
    """The rows of history that led into the status: of those the newest one closed the report."""
    return and_(
        HistoryEntry.report_id == Report.id,
        HistoryEntry.to_status == Report.status,
        HistoryEntry.from_status.is_distinct_from(HistoryEntry.to_status),
        ~HistoryEntry.undone,
    )


def closed_before(now: dt.datetime, days: int) -> ColumnElement[bool]:
    closed = select(func.max(HistoryEntry.at)).where(_closing()).scalar_subquery()
    return closed < now - dt.timedelta(days=days)


def when_closed(session: Session, report: Report) -> dt.datetime:
    closed = select(func.max(HistoryEntry.at)).where(Report.id == report.id, _closing())
    at = session.scalar(closed)
    assert at is not None  # noqa: S101  else it would not be due
    return at


def has_identity() -> ColumnElement[bool]:
    sealed = exists().where(
        ReporterIdentity.report_id == Report.id,
        or_(ReporterIdentity.wrapped_key.is_not(None), ReporterIdentity.sealed.is_not(None)),
    )
    return or_(sealed, Report.source_account.is_not(None))


def has_attachments() -> ColumnElement[bool]:
    return exists().where(
        Attachment.report_id == Report.id,
        NOT_ERASED,
    )


NOT_ERASED = or_(Attachment.wrapped_key.is_not(None), Attachment.original_name != "")


# ---- what is erased ----


def erase_identity(session: Session, report: Report, now: dt.datetime) -> bool:
    """Name and contact, and the account they wrote from; whether there were any."""
    had_any = session.scalar(select(Report.id).where(Report.id == report.id, has_identity()))
    if had_any is not None:
        forget_reporter(session, report, now)
    return had_any is not None


def erase_attachments(session: Session, report: Report) -> int:
    """The reporter's and the office's, whose photos show people and house fronts too; how many.
    The hourly cleaning up removes the bytes, which nobody can read any more."""
    erased = session.scalars(
        update(Attachment)
        .where(
            Attachment.report_id == report.id,
            NOT_ERASED,
        )
        .values(ERASED)
        .returning(Attachment.id)
    )
    return len(erased.all())


def note(
    session: Session,
    report: Report,
    what: Erased,
    closed_at: dt.datetime,
    now: dt.datetime,
    *,
    files: int = 0,
) -> None:
    session.add(
        Erasure(
            agency_id=report.agency_id,
            report_id=report.id,
            what=what,
            files=files,
            closed_at=closed_at,
            at=now,
        )
    )
