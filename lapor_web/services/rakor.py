"""Coordination meetings (rakor): planned, opened, closed; who came; what was written down."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from lapor_web.models import Agency, Attendance, Meeting, Opd, Steering, User, WallMode
from lapor_web.services import steering, wall
from lapor_web.services.periods import Period
from lapor_web.services.recap import Recap, recap


class NotNow(Exception):
    """The meeting is over, or has not begun: what was asked for is not possible any more, or yet."""


@dataclass(frozen=True, slots=True)
class Plan:
    name: str
    place: str
    held_on: dt.date
    period: Period
    chair: str = ""
    note_taker: str = ""


def plan(session: Session, agency: Agency, given: Plan, *, user: User, now: dt.datetime) -> Meeting:
    meeting = Meeting(agency_id=agency.id, created_by_id=user.id, created_at=now)
    meeting.steering = Steering()
    change(meeting, given)
    session.add(meeting)
    session.flush()
    return meeting


def change(meeting: Meeting, given: Plan) -> None:
    meeting.name, meeting.place, meeting.held_on = given.name, given.place, given.held_on
    meeting.period_start, meeting.period_end = given.period.start, given.period.end
    meeting.chair, meeting.note_taker = given.chair, given.note_taker


def period_of(meeting: Meeting) -> Period:
    return Period(meeting.period_start, meeting.period_end)


def find_meeting(session: Session, agency_id: int, meeting_id: int) -> Meeting | None:
    return session.scalars(
        select(Meeting)
        .where(Meeting.agency_id == agency_id, Meeting.id == meeting_id)
        .options(joinedload(Meeting.steering))
    ).one_or_none()


def list_meetings(session: Session, agency_id: int) -> list[Meeting]:
    """Newest first; a city holds some dozens a year."""
    newest = select(Meeting).where(Meeting.agency_id == agency_id)
    return list(session.scalars(newest.order_by(Meeting.held_on.desc(), Meeting.id.desc())))


def previous_meeting(session: Session, meeting: Meeting) -> Meeting | None:
    """The one that was held before it: its commitments are gone through in this one."""
    earlier = select(Meeting).where(
        Meeting.agency_id == meeting.agency_id,
        Meeting.id != meeting.id,
        Meeting.opened_at.is_not(None),
        Meeting.held_on <= meeting.held_on,
        # Two on a day: the one that was planned first.
        (Meeting.held_on < meeting.held_on) | (Meeting.id < meeting.id),
    )
    return session.scalar(earlier.order_by(Meeting.held_on.desc(), Meeting.id.desc()).limit(1))


def open_meeting(
    session: Session, agency: Agency, meeting: Meeting, *, user: User, now: dt.datetime
) -> None:
    """From here on its walls are steered; the figures of this moment are kept. Raises NotNow."""
    lock(session, meeting)
    if meeting.opened_at is not None:
        raise NotNow
    meeting.opened_at = now
    meeting.figures_at_opening = recap_of(session, agency, meeting, now=now).to_json()
    steering.steer(session, meeting, user=user, now=now, mode=WallMode.OVERVIEW)


def close_meeting(
    session: Session, agency: Agency, meeting: Meeting, *, user: User, now: dt.datetime
) -> None:
    """Its figures are kept once more, and its walls let go. Raises NotNow."""
    lock(session, meeting)
    if not meeting.is_open:
        raise NotNow
    meeting.closed_at = now
    meeting.figures_at_closing = recap_of(session, agency, meeting, now=now).to_json()
    steering.steer(session, meeting, user=user, now=now, mode=WallMode.PAUSE)
    wall.revoke_all(session, meeting, now=now)


def lock(session: Session, meeting: Meeting) -> None:
    """Two who open or close it at once: the second sees what the first did."""
    session.refresh(meeting, ["opened_at", "closed_at"], with_for_update=True)


def recap_of(session: Session, agency: Agency, meeting: Meeting, *, now: dt.datetime) -> Recap:
    """The figures of the meeting's period, by the one query that all figures come from."""
    return recap(session, agency, period_of(meeting), now=now)


def attendance_of(session: Session, meeting: Meeting) -> list[Attendance]:
    """Offices in their order, then guests."""
    came = (
        select(Attendance)
        .outerjoin(Attendance.opd)
        .where(Attendance.meeting_id == meeting.id)
        .options(joinedload(Attendance.opd))
        .order_by(Attendance.opd_id.nulls_last(), Attendance.id)
    )
    return list(session.scalars(came))


def speaker_for(session: Session, meeting: Meeting, opd_id: int) -> str | None:
    """Who came for that office, where somebody wrote it down."""
    return session.scalar(
        select(Attendance.name).where(
            Attendance.meeting_id == meeting.id, Attendance.opd_id == opd_id, Attendance.name != ""
        )
    )


def note_attendance(
    session: Session, meeting: Meeting, offices: Mapping[int, str], guests: Iterable[str]
) -> None:
    """All who came: by office the person who spoke for it (empty: somebody did), and the guests.
    Offices that do not exist in this city are left out."""
    known = set(
        session.scalars(
            select(Opd.id).where(Opd.agency_id == meeting.agency_id, Opd.id.in_(list(offices)))
        )
    )
    session.execute(delete(Attendance).where(Attendance.meeting_id == meeting.id))
    session.add_all(
        Attendance(meeting_id=meeting.id, opd_id=opd_id, name=name)
        for opd_id, name in offices.items()
        if opd_id in known
    )
    session.add_all(Attendance(meeting_id=meeting.id, name=name) for name in guests)
    session.flush()
