"""Walls: a screen without a person, let in by a code of six digits.

The code is shown on the wall and entered by whoever leads the meeting. Bound, it opens what that
meeting shows, in whatever browser it is typed, and nothing else: no name of a reporter, no report
that is hidden. Hence guessing is limited, a code that is not bound dies soon, and a bound one dies
with its meeting or when it is taken back.
"""

import datetime as dt
import secrets
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, false, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lapor_web.models import Meeting, Steering, Wall, WallMode
from lapor_web.services import steering
from lapor_web.services.events import announce, wall_topic
from lapor_web.services.throttle import Limit

UNBOUND_FOR = dt.timedelta(hours=2)
"""A code that nobody enters is forgotten when its screen has not looked for so long."""
LOOK_WRITTEN_DOWN = dt.timedelta(seconds=30)
CONNECTED_FOR = dt.timedelta(seconds=75)
"""So long after its last look a wall counts as there."""

GUESSES = Limit(tries=10)
"""Wrong codes from one address. With some walls open, a million codes take years."""
NEW_CODES = Limit(tries=60, first_delay=dt.timedelta(0))
"""Codes given to one address in a quarter of an hour: a hall of screens, and no more."""


class NoSuchCode(Exception):
    """Nobody's wall shows it, or another meeting has it."""


def new_wall(session: Session, *, now: dt.datetime) -> Wall:
    """A screen that nobody has let in yet, with a code that no other has."""
    session.execute(delete(Wall).where(Wall.meeting_id.is_(None), Wall.seen_at < now - UNBOUND_FOR))
    while True:
        row = insert(Wall).values(
            code=f"{secrets.randbelow(10**6):06}", created_at=now, seen_at=now
        )
        taken = row.on_conflict_do_nothing().returning(Wall.id)
        if wall_id := session.scalar(taken):
            return session.get_one(Wall, wall_id)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a wall needs to know to tell whether it shows something else now."""

    wall_id: int
    code: str
    seen_at: dt.datetime
    meeting_id: int | None
    version: int | None
    """Of the meeting's steering; None where the wall is bound to none."""
    mode: WallMode | None
    frozen: bool


def find_wall(session: Session, code: str) -> Sight | None:
    """The living wall of that code: columns and no objects, for fifty walls ask all at once."""
    row = session.connection().execute(_SIGHT, {"code": code}).one_or_none()
    return Sight(*row) if row else None


_SIGHT = (
    select(
        Wall.id,
        Wall.code,
        Wall.seen_at,
        Wall.meeting_id,
        Steering.version,
        Steering.mode,
        func.coalesce(Steering.frozen, false()),
    )
    .outerjoin(Steering, Steering.meeting_id == Wall.meeting_id)
    .where(Wall.code == bindparam("code"), Wall.revoked_at.is_(None))
)


def bind(session: Session, meeting: Meeting, code: str, *, now: dt.datetime) -> Wall:
    """Show this meeting on the wall that shows the code. Raises NoSuchCode."""
    wall = session.scalar(
        select(Wall).where(Wall.code == code, Wall.revoked_at.is_(None)).with_for_update(of=Wall)
    )
    if wall is None or wall.meeting_id not in (None, meeting.id):
        raise NoSuchCode
    wall.meeting, wall.bound_at = meeting, now
    session.flush()
    announce(session, wall_topic(wall.id))
    steering.touch(session, meeting)
    return wall


def revoke(session: Session, meeting: Meeting, wall_id: int, *, now: dt.datetime) -> None:
    """The code is worthless from here on; the wall asks for a new one by itself."""
    wall = session.scalar(select(Wall).where(Wall.id == wall_id, Wall.meeting_id == meeting.id))
    if wall is not None and wall.revoked_at is None:
        wall.revoked_at = now
        announce(session, wall_topic(wall.id))
        steering.touch(session, meeting)


def revoke_all(session: Session, meeting: Meeting, *, now: dt.datetime) -> None:
    """In one statement; what the walls showed last is told once."""
    gone = session.scalars(
        update(Wall)
        .where(Wall.meeting_id == meeting.id, Wall.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(Wall.id)
    ).all()
    for wall_id in gone:
        announce(session, wall_topic(wall_id))
    if gone:
        steering.touch(session, meeting)


def walls_of(session: Session, meeting: Meeting) -> list[Wall]:
    living = select(Wall).where(Wall.meeting_id == meeting.id, Wall.revoked_at.is_(None))
    return list(session.scalars(living.order_by(Wall.id)))


def is_connected(wall: Wall, now: dt.datetime) -> bool:
    return now - wall.seen_at <= CONNECTED_FOR


def note_look(session: Session, sight: Sight, *, now: dt.datetime) -> bool:
    """That the screen is there, written down now and then; True where it was."""
    if now - sight.seen_at < LOOK_WRITTEN_DOWN:
        return False
    session.execute(update(Wall).where(Wall.id == sight.wall_id).values(seen_at=now))
    return True
