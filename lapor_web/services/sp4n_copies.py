"""What the national system does not have yet, and how it is noted that it has.

A report stands in that list once it is verified, until it gets its Tracking ID (typed in here, or
with an import) or a coordinator decides that it need not be copied.
"""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, joinedload

from lapor_web.models import Action, Report, Status
from lapor_web.services.deeds import OVERTAKES_NOBODY, Act, Told
from lapor_web.services.desk import Desk
from lapor_web.services.inbox import PER_PAGE

COUNTED_AT_MOST = 1000
TRACKING_ID = "tracking_id"
NEEDLESS = "sp4n_needless"
"""In the details of the rows of history that these deeds leave."""

# Word for word what the index `ix_report_not_copied` has.
NOT_COPIED: ColumnElement[bool] = and_(
    Report.tracking_id.is_(None),
    Report.sp4n_settled_at.is_(None),
    ~Report.imported,
    Report.verified_at.is_not(None),
    Report.status.not_in([Status.ARCHIVED, Status.MERGED, Status.OUTSIDE_AUTHORITY]),
)


def select_ids(desk: Desk) -> Select[int]:
    """Oldest first: the national system is told in the order in which people spoke."""
    return select(Report.id).where(desk.scope, NOT_COPIED).order_by(Report.received_on, Report.id)


def list_not_copied(session: Session, desk: Desk, page: int) -> tuple[list[Report], int]:
    """A page of them, and how many there are, up to one more than COUNTED_AT_MOST."""
    ids = select_ids(desk)
    some = ids.order_by(None).limit(COUNTED_AT_MOST + 1).subquery()
    total = session.scalar(select(func.count()).select_from(some)) or 0
    reports = session.scalars(
        select(Report)
        .where(desk.scope, NOT_COPIED)
        .options(joinedload(Report.holder), joinedload(Report.category))
        .order_by(Report.received_on, Report.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return list(reports), total


def find_not_copied(session: Session, desk: Desk, number: str) -> Report | None:
    return session.scalar(select(Report).where(desk.scope, NOT_COPIED, Report.number == number))


def find_bearer(session: Session, desk: Desk, tracking_id: str) -> Report | None:
    """The report that has that Tracking ID, where the officer may see it."""
    same = and_(Report.agency_id == desk.agency.id, Report.tracking_id == tracking_id)
    return session.scalar(select(Report).where(desk.scope, same))


class TrackingIdTaken(Exception):
    """Another report has it, perhaps one that the officer may not see."""


@dataclass(frozen=True, slots=True)
class NoteTrackingId:
    """What the national system calls the report; the same one is no other report's."""

    action: ClassVar[Action] = Action.EDIT

    tracking_id: str

    def change(self, act: Act) -> Told:
        taken = select(Report.id).where(
            Report.agency_id == act.report.agency_id,
            Report.tracking_id == self.tracking_id,
            Report.id != act.report.id,
        )
        if act.session.scalar(taken) is not None:
            raise TrackingIdTaken
        act.report.tracking_id = self.tracking_id
        return Told(details={TRACKING_ID: self.tracking_id, OVERTAKES_NOBODY: True})


@dataclass(frozen=True, slots=True)
class SettleWithoutCopy:
    """The national system need not have it."""

    action: ClassVar[Action] = Action.EDIT

    def change(self, act: Act) -> Told:
        act.report.sp4n_settled_at = act.now
        return Told(details={NEEDLESS: True, OVERTAKES_NOBODY: True})
