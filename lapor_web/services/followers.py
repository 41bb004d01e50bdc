"""Who joins a report that somebody else sent, because theirs is about the same thing.

To join is to send one's own report and have it merged with that one at once: their words, photos
and contact are as safe as anybody's, they have a number and a code of their own, hear what becomes
of the matter (`deeds.tell_followers`), and can withdraw. A coordinator who sees that it is another
matter takes it apart again.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lapor_web.models import (
    Action,
    Agency,
    ArchiveReason,
    MessageKind,
    OutboxMessage,
    Report,
    Status,
)
from lapor_web.services.access import ORDINARY
from lapor_web.services.closing import Merge, Unmerge
from lapor_web.services.deeds import REPORTER, SYSTEM, Act, DeedRefused, Told, perform
from lapor_web.services.published import find_published
from lapor_web.services.similar import JOINABLE
from lapor_web.services.submission import Receipt

NOT_TO_CHANGE = ("status", "confidential", "about_conduct", "about_service")
WHY_ALONE: Mapping[str, str] = {
    ArchiveReason.WITHDRAWN: "Laporan yang digabung dengan laporan Anda ditarik pelapornya.",
    ArchiveReason.NOT_COMPLETED: "Laporan yang digabung dengan laporan Anda ditutup karena"
    " keterangan pelapornya tidak datang.",
}
"""What ended by its reporter, not by an answer about the matter."""


def join(
    session: Session, agency: Agency, receipt: Receipt, number: str, *, now: dt.datetime
) -> bool:
    """Merge the report that was just sent with the published one of that number.

    False where that is no longer to be had, or theirs is one that must not hang on another: then
    it stays what it is, a report that waits to be verified. A repeat of the form joins nothing.
    """
    if receipt.repeated:
        return False
    parent = find_published(session, agency, number)
    if parent is not None:  # held, so that it does not end while theirs is put under it
        session.refresh(parent, NOT_TO_CHANGE, with_for_update={"read": True})
    own = session.get_one(Report, receipt.report_id)
    if parent is None or parent.status not in JOINABLE or not own.is_ordinary or own.quarantined:
        return False
    try:
        perform(session, own.id, Merge(parent=parent), doer=REPORTER, version=own.version, now=now)
    except DeedRefused:
        return False
    return True


def count_followers(session: Session, report: Report) -> int:
    """Of those whom everybody may know of; that a hidden report is about the same tells nobody."""
    followers = select(func.count()).where(
        Report.parent_id == report.id, Report.status == Status.MERGED, ORDINARY
    )
    return session.scalar(followers) or 0


def release(
    session: Session, report: Report, *, now: dt.datetime, told_from: dt.datetime | None = None
) -> int:
    """Whoever hangs on a report that ended by its reporter: each is verified by itself from now
    on, and told so. How many."""
    assert report.archive_reason is not None  # noqa: S101
    words = f"{WHY_ALONE[report.archive_reason]} Laporan Anda diperiksa tersendiri."
    deed = _Release(words, told_from or now)
    ids = session.scalars(
        select(Report.id).where(Report.parent_id == report.id).order_by(Report.id)
    ).all()
    for one in ids:
        version = session.get_one(Report, one, populate_existing=True).version
        perform(session, one, deed, doer=SYSTEM, version=version, now=now)
    return len(ids)


@dataclass(frozen=True, slots=True)
class _Release(Unmerge):
    action: ClassVar[Action] = Action.UNMERGE

    told_from: dt.datetime

    def change(self, act: Act) -> Told:
        act.session.add(
            OutboxMessage(
                agency_id=act.report.agency_id,
                report_id=act.report.id,
                sequence=act.sequence,
                kind=MessageKind.REOPENED,
                not_before=self.told_from,
                created_at=act.now,
            )
        )
        return Unmerge(self.reason).change(act)
