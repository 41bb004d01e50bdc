"""Whose reports a phone or a mailbox may write to, in a database that holds no address.

A mark of one byte finds the rows that may be meant, and each of those is unsealed to see. So the
database alone never says that two reports come from one person, which a full hash would.
"""

import contextlib
import datetime as dt
from collections.abc import Collection

from sqlalchemy import or_, select, union_all
from sqlalchemy.orm import Session

from lapor_web.models import (
    Agency,
    Answer,
    HistoryEntry,
    Medium,
    OutboxMessage,
    Report,
    ReporterIdentity,
)
from lapor_web.models.workflow import OPEN
from lapor_web.services import addresses
from lapor_web.services.identity import Unreadable, mark, open_sealed
from lapor_web.services.keys import Keys

REMEMBERED = dt.timedelta(days=30)
"""How long after its last move a closed report is still one that its reporter may mean."""
MARKED_AT_ONCE = 500


def reports_of(
    session: Session, agency: Agency, medium: Medium, sender: str, *, keys: Keys, now: dt.datetime
) -> list[Report]:
    """Open ones and those closed of late whose address on file is this one, oldest first.

    `sender` as `services.addresses` writes it.
    """
    sought = addresses.mark(sender, keys=keys)
    if sought is None:
        return []
    column = ReporterIdentity.phone_mark
    if medium is Medium.EMAIL:
        column = ReporterIdentity.email_mark
    newest = (HistoryEntry.report_id == Report.id) & (HistoryEntry.sequence == Report.version)
    rows = session.execute(
        select(Report, ReporterIdentity)
        .join(ReporterIdentity, ReporterIdentity.report_id == Report.id)
        .join(HistoryEntry, newest)
        .where(
            Report.agency_id == agency.id,
            column == sought,
            or_(Report.status.in_(OPEN), HistoryEntry.at >= now - REMEMBERED),
        )
        .order_by(Report.id)
    )
    return [report for report, who in rows if _is_on_file(who, medium, sender, keys)]


def _is_on_file(who: ReporterIdentity, medium: Medium, sender: str, keys: Keys) -> bool:
    try:
        known = open_sealed(who, keys=keys)
    except Unreadable:  # erased
        return False
    if medium is Medium.EMAIL:
        return addresses.normal_email(known.email) == sender
    return addresses.normal_phone(known.phone) == sender


def mark_some(session: Session, *, keys: Keys, after: int) -> int | None:
    """Those whose contact was sealed before there were marks; only the application has the key to
    make them. The last report's id, None where there are no more."""
    rows = session.scalars(
        select(ReporterIdentity)
        .where(
            ReporterIdentity.report_id > after,
            ReporterIdentity.has_contact,
            ReporterIdentity.sealed.is_not(None),
            ReporterIdentity.phone_mark.is_(None),
            ReporterIdentity.email_mark.is_(None),
        )
        .order_by(ReporterIdentity.report_id)
        .limit(MARKED_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        with contextlib.suppress(Unreadable):
            mark(row, open_sealed(row, keys=keys), keys=keys)
    return rows[-1].report_id if rows else None


def last_written_to(session: Session, reports: list[Report]) -> Report | None:
    """The one that we told its reporter about last; None where we told of none."""
    newest = session.scalar(
        select(OutboxMessage.report_id)
        .where(
            OutboxMessage.report_id.in_([one.id for one in reports]),
            OutboxMessage.user_id.is_(None),
            OutboxMessage.sent_at.is_not(None),
        )
        .order_by(OutboxMessage.sent_at.desc(), OutboxMessage.id.desc())
        .limit(1)
    )
    return next((one for one in reports if one.id == newest), None)


def quoted(session: Session, reports: list[Report], provider_id: str) -> Report | None:
    """The one that a message of ours was about, where the answer says which message it answers."""
    if not provider_id:
        return None
    about = set(
        session.scalars(
            union_all(
                select(OutboxMessage.report_id).where(
                    OutboxMessage.provider_id == provider_id, OutboxMessage.user_id.is_(None)
                ),
                select(Answer.report_id).where(Answer.provider_id == provider_id),
            )
        )
    )
    return next((one for one in reports if one.id in about), None)


def told_an_officer(session: Session, provider_ids: Collection[str]) -> bool:
    """Whether one of those messages was to an officer. Who presses "reply" under a notice means a
    report that is there already."""
    ids = [one for one in provider_ids if one]
    theirs = select(OutboxMessage.id).where(
        OutboxMessage.provider_id.in_(ids), OutboxMessage.user_id.is_not(None)
    )
    return bool(ids) and session.scalar(theirs.limit(1)) is not None
