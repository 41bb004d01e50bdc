"""Who may open an attachment: whoever may read what it came with."""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, or_, select
from sqlalchemy.orm import Session

from lapor_web.models import (
    TRANSITIONS,
    Action,
    Attachment,
    AttachmentState,
    HistoryEntry,
    Report,
    Role,
    User,
)
from lapor_web.services.access import PUBLISHED, kin_of, line_of, scope_of
from lapor_web.services.desk import Desk

IS_PICTURE = Attachment.media_type.startswith("image/")

MAY_KNOW_THE_REPORTER = frozenset(
    role for row in TRANSITIONS if row.action is Action.REVEAL_IDENTITY for role in row.doers
) - {Role.OMBUDSMAN}
"""Of any report that they read; the Ombudsman only with the reporter's consent."""


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
    """`for_desk` for whoever has not asked for the scope and the units."""
    line = line_of(session, user)
    return for_desk(user, scope_of(user, line.under, kin_of(session, user, line)), line.under)


def for_desk(user: User, scope: ColumnElement[bool], units: Sequence[int]) -> ColumnElement[bool]:
    """All of the reports in the officer's scope, with one exception: papers and videos are served
    as they came, and a scanned letter is a paper too. Their insides may name the reporter, so they
    are for those who may know the name."""
    if user.role in MAY_KNOW_THE_REPORTER:
        return scope
    scanned = and_(Report.entered_by_id.is_not(None), Attachment.history_sequence.is_(None))
    names_nobody = or_(~Attachment.by_reporter, and_(IS_PICTURE, ~scanned))
    return and_(scope, or_(names_nobody, knows_the_name(user, units)))


def list_for_desk(session: Session, desk: Desk, report: Report) -> list[Attachment]:
    """All that the officer may see of a report, in the order it came."""
    return list(session.scalars(_of_desk(desk), {"report_id": report.id}))


@lru_cache(maxsize=1024)
def _of_desk(desk: Desk) -> Select[Attachment]:
    """Kept, since to put such a statement together costs as much as to execute it."""
    mine = for_desk(desk.user, desk.scope, desk.units)
    return (
        select(Attachment)
        .join(Report, Report.id == Attachment.report_id)
        .where(Attachment.report_id == bindparam("report_id"), mine)
        .order_by(Attachment.id)
    )


def knows_the_name(user: User, units: Sequence[int]) -> ColumnElement[bool]:
    """Whoever handles it for the office that holds it, unless the reporter asked not to be named;
    the Ombudsman where the reporter consented."""
    if user.role is Role.OMBUDSMAN:
        return Report.ombudsman_consent_at.is_not(None)
    if user.role is not Role.LIAISON:
        return false()
    own = Report.holder_opd_id.in_(units)
    return and_(own, ~Report.anonymous, ~Report.about_conduct)


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
    session: Session,
    report: Report,
    right: ColumnElement[bool],
    *,
    history: Iterable[HistoryEntry],
) -> dict[int | None, list[Attachment]]:
    """What can be shown of a report, by the place of the history row that it is shown with: the
    evidence of a proposal is told with its approval. None is the report itself."""
    told_with = {
        entry.details["proposal"]: entry.sequence
        for entry in history
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
