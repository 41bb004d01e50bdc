"""Who may open an attachment: whoever may read what it came with."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from lapor_web.models import (
    TRANSITIONS,
    Action,
    Attachment,
    AttachmentState,
    HistoryEntry,
    Report,
    User,
)
from lapor_web.services.access import PUBLISHED, visible_to

IS_PICTURE = Attachment.media_type.startswith("image/")

MAY_KNOW_THE_REPORTER = frozenset(
    role for row in TRANSITIONS if row.action is Action.REVEAL_IDENTITY for role in row.doers
)


def told() -> ColumnElement[bool]:
    """What it came with can be read by reporter and public: no note among officers, nothing taken
    back, and of a proposal what the supervisor has approved."""
    return exists().where(
        HistoryEntry.report_id == Attachment.report_id,
        or_(
            HistoryEntry.sequence == Attachment.history_sequence,
            HistoryEntry.details["proposal"].as_integer() == Attachment.history_sequence,
        ),
        HistoryEntry.visible,
        ~HistoryEntry.undone,
    )


def for_public() -> ColumnElement[bool]:
    """Pictures that an office shows in a published report. A reporter's own can tell who took
    them, and a paper who wrote it; no redacted copy of either exists."""
    return and_(PUBLISHED, IS_PICTURE, ~Attachment.by_reporter, told())


def for_reporter(report_ids: Collection[int]) -> ColumnElement[bool]:
    """Of the reports that a browser holds: what they sent themselves, and what they were told."""
    return and_(Report.id.in_(report_ids), or_(Attachment.by_reporter, told()))


def for_officer(session: Session, user: User) -> ColumnElement[bool]:
    """All of the reports in the officer's scope, with one exception: papers and videos are served
    as they came, and their insides may name whoever wanted to stay anonymous."""
    names_nobody = or_(IS_PICTURE, ~Attachment.by_reporter, ~Report.anonymous)
    scope = visible_to(session, user)
    return scope if user.role in MAY_KNOW_THE_REPORTER else and_(scope, names_nobody)


def find_ready(
    session: Session, agency_id: int, attachment_id: int, *rights: ColumnElement[bool]
) -> Attachment | None:
    """The attachment, where one of the rights gives it and it can be served."""
    return session.scalar(
        select(Attachment)
        .join(Report, Report.id == Attachment.report_id)
        .where(
            Attachment.id == attachment_id,
            Attachment.agency_id == agency_id,
            Attachment.state == AttachmentState.READY,
            or_(*rights),
        )
    )


def shown_by_event(
    session: Session, report: Report, right: ColumnElement[bool]
) -> dict[int | None, list[Attachment]]:
    """What can be shown of a report, by the place of the history row that it is shown with: the
    evidence of a proposal is told with its approval. None is the report itself."""
    told_with = {
        entry.details["proposal"]: entry.sequence
        for entry in report.history
        if "proposal" in entry.details and not entry.undone
    }
    rows = session.scalars(
        select(Attachment)
        .join(Report, Report.id == Attachment.report_id)
        .where(Attachment.report_id == report.id, Attachment.state == AttachmentState.READY, right)
        .order_by(Attachment.id)
    )
    shown: dict[int | None, list[Attachment]] = {}
    for row in rows:
        sequence = row.history_sequence
        place = told_with.get(sequence, sequence) if sequence is not None else None
        shown.setdefault(place, []).append(row)
    return shown
