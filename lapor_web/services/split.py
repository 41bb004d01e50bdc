"""One report that holds two matters becomes two: the second with a number of its own.

Its clocks start where the first one's did, and whoever sent the first reaches both with one code.
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from lapor_web.models import (
    Action,
    Agency,
    Attachment,
    AttachmentState,
    HistoryEntry,
    Report,
    ReporterIdentity,
    ReportPoint,
    Status,
)
from lapor_web.services import attachments, deadlines, identity
from lapor_web.services.attachments import Copy, NotReadable, Owner, Upload
from lapor_web.services.deeds import Act, DeedRefused, Told
from lapor_web.services.identity import Unreadable
from lapor_web.services.keys import Keys
from lapor_web.services.storage import NotStored, Storage
from lapor_web.services.submission import next_number

SPLIT_FROM, SPLIT_INTO = "split_from", "split_into"
"""In the details of both rows of history: the other one's number."""
COPIED = (
    *("agency_id", "receipt_hash", "channel", "source_account", "entered_by_id", "imported"),
    *("area_id", "happened_on", "anonymous", "confidential", "about_conduct", "about_service"),
    *("accused_opd_id", "accused_user_id", "ombudsman_consent_at", "received_at", "received_on"),
    *("verification_limit", "calendar_id"),
)
"""What both have. Who may know of the second is loosened, with a reason, when it is verified."""


@dataclass(frozen=True, slots=True)
class Split:
    """`story` is the second matter, in the reporter's words; what they wrote stays whole in the
    first. One level: what was split off is not split again."""

    action: ClassVar[Action] = Action.SPLIT

    story: str
    place: str
    keys: Keys
    title: str = ""
    note: str = ""

    def change(self, act: Act) -> Told:
        report = act.report
        if report.split_from_id is not None:
            raise DeedRefused("story", "split_once")
        other = self.begin_other(act)
        copy_point(act.session, report, other)
        copy_identity(act.session, report, other, keys=self.keys)
        return Told(text=self.note, details={SPLIT_INTO: other.number})

    def begin_other(self, act: Act) -> Report:
        report, session = act.report, act.session
        agency = session.get_one(Agency, report.agency_id)
        other = Report(
            number=next_number(session, agency, act.now),
            story=self.story,
            place=self.place,
            title=self.title or None,
            status=Status.UNVERIFIED,
            version=1,
            entered_at=act.now,
            split_from_id=report.id,
            **{name: getattr(report, name) for name in COPIED},
        )
        session.add(other)
        session.flush()
        user = act.doer.user
        first = HistoryEntry(
            report_id=other.id,
            sequence=1,
            action=Action.SUBMIT,
            to_status=Status.UNVERIFIED,
            role=act.doer.role,
            user_id=user.id if user else None,
            doer_name=user.name if user else "",
            details={SPLIT_FROM: report.number},
            at=act.now,
        )
        session.add(first)
        session.flush()
        deadlines.derive(session, other)
        return other


def copy_point(session: Session, report: Report, other: Report) -> None:
    point = session.get(ReportPoint, report.id)
    if point is not None:
        session.add(
            ReportPoint(
                report_id=other.id,
                latitude=point.latitude,
                longitude=point.longitude,
                accuracy=point.accuracy,
                outside=point.outside,
            )
        )


def copy_identity(session: Session, report: Report, other: Report, *, keys: Keys) -> None:
    """Sealed anew under a key of the other report. What cannot be opened stays where it is: the
    code opens both all the same."""
    row = session.get(ReporterIdentity, report.id)
    try:
        who = identity.open_sealed(row, keys=keys) if row else None
    except Unreadable:
        who = None
    if row is None or who is None:
        return
    sealed = identity.seal(other.id, who, keys=keys)
    sealed.news_stopped_at = row.news_stopped_at
    sealed.contact_by_officer = row.contact_by_officer
    session.add(sealed)


def find_other(session: Session, entry: HistoryEntry) -> Report:
    """What was split off by this row of history."""
    number = entry.details[SPLIT_INTO]
    own = select(Report).where(Report.split_from_id == entry.report_id, Report.number == number)
    return session.scalars(own).one()


def bring_photos(
    session: Session, other: Report, *, keys: Keys, storage: Storage, now: dt.datetime
) -> None:
    """What the reporter sent with the first, sealed anew for the other. What cannot be read any
    longer stays where it is."""
    agency = session.get_one(Agency, other.agency_id)
    sent = select(Attachment).where(
        Attachment.report_id == other.split_from_id,
        Attachment.history_sequence.is_(None),
        Attachment.by_reporter,
        Attachment.state != AttachmentState.REFUSED,
    )
    for one in session.scalars(sent.order_by(Attachment.id)).all():
        try:
            data = attachments.read(one, Copy.ORIGINAL, keys=keys, storage=storage)
        except (NotReadable, NotStored):
            continue
        upload = Upload(one.original_name, data, one.alt_text)
        attachments.accept(
            session, agency, upload, Owner(other.id), keys=keys, storage=storage, now=now
        )
