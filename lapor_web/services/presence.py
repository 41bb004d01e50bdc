"""Who has a report open just now: told by their page every 20 seconds, forgotten after 45.

One small table, so that every host knows the same. Whoever may read a report may know who else
reads it; nobody else is told. A beat changes one row and wakes nobody; only what others see
differently (somebody came, went, began to write) is announced.
"""

import datetime as dt
import enum
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lapor_web.models import Opd, Presence, Report, User
from lapor_web.services.events import announce

PRESENCE = "presence"
"""The topic that screens listen to."""
BEAT = dt.timedelta(seconds=20)
EXPIRES = dt.timedelta(seconds=45)
IDLE = dt.timedelta(minutes=5)
FORGOTTEN = dt.timedelta(hours=1)


class State(enum.StrEnum):
    VIEWING = "viewing"
    WRITING = "writing"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody else at a report."""

    report_number: str
    name: str
    unit: str | None
    state: State
    since: dt.datetime
    idle_minutes: int

    @property
    def first_name(self) -> str:
        """Without what stands before it: "Dr. Ir. Rina Sari, M.T." is Rina."""
        words = (word.rstrip(",") for word in self.name.split() if not word.endswith("."))
        return next(words, self.name)


_EVERYBODY_ELSE = (
    select(
        func.json_agg(
            func.json_build_array(
                Report.number,
                User.name,
                Opd.short_name,
                Presence.writing,
                func.extract("epoch", Presence.since),
                func.extract("epoch", Presence.active_at),
            )
        )
    )
    .select_from(Presence)
    .join(Report, Report.id == Presence.report_id)
    .join(User, User.id == Presence.user_id)
    .outerjoin(Opd, Opd.id == User.opd_id)
    .where(
        Presence.user_id != bindparam("me"),
        Presence.seen_at > bindparam("living"),
        Report.agency_id == bindparam("agency"),
    )
)
ALL_PRESENT = _EVERYBODY_ELSE.correlate(None).scalar_subquery()
"""Everybody else of the agency at work, a few dozen, for `read_present`: part of a statement that is
made anyway. What of it is shown is only what stands in the list that one sees."""
_OF_ONE = _EVERYBODY_ELSE.where(Presence.report_id == bindparam("report_id"))
PRESENT_AT_ONE = _OF_ONE.correlate(None).scalar_subquery()
"""The same of one report, whose `report_id` is asked for beside."""


def asked_of(user: User, now: dt.datetime) -> dict[str, object]:
    """The values of `ALL_PRESENT`."""
    return {"me": user.id, "living": now - EXPIRES, "agency": user.agency_id}


def list_present_at(
    session: Session, user: User, report_id: int, *, now: dt.datetime
) -> list[Present]:
    found = session.execute(_OF_ONE, {**asked_of(user, now), "report_id": report_id})
    return read_present(found.scalar_one(), now)


def read_present(rows: list[list[Any]] | None, now: dt.datetime) -> list[Present]:
    """Whoever writes is named first: a row of the list has room for one."""
    order = {State.WRITING: 0, State.VIEWING: 1, State.IDLE: 2}
    present = [_present(row, now) for row in rows or ()]
    return sorted(present, key=lambda one: (order[one.state], one.since, one.name))


def _present(row: list[Any], now: dt.datetime) -> Present:
    number, name, unit, writing, since, active = row
    still = now - dt.datetime.fromtimestamp(active, dt.UTC)
    state = State.IDLE if still >= IDLE else State.WRITING if writing else State.VIEWING
    since = dt.datetime.fromtimestamp(since, dt.UTC)
    return Present(number, name, unit, state, since, int(still.total_seconds() // 60))


def beat(session: Session, user: User, report_id: int, *, state: State, now: dt.datetime) -> None:
    """Somebody's page is open on it. Of idle ones the hand stays where it was last."""
    known = session.get(Presence, (user.id, report_id), populate_existing=True)
    if known and known.seen_at <= now - EXPIRES:
        known = None
    active_at = known.active_at if known and state is State.IDLE else now
    values = {
        "since": known.since if known else now,
        "active_at": active_at,
        "seen_at": now,
        "writing": state is State.WRITING,
    }
    changed = known is None or _looks_other(known, active_at, now, writing=state is State.WRITING)
    row = insert(Presence).values(user_id=user.id, report_id=report_id, **values)
    session.execute(
        row.on_conflict_do_update(
            index_elements=[Presence.user_id, Presence.report_id], set_=values
        )
    )
    if known is None:
        session.execute(delete(Presence).where(Presence.seen_at < now - FORGOTTEN))
    if changed:
        announce(session, PRESENCE)


def _looks_other(
    known: Presence, active_at: dt.datetime, now: dt.datetime, *, writing: bool
) -> bool:
    """Began or ceased to write, went idle or came back."""
    was_idle, is_idle = known.seen_at - known.active_at >= IDLE, now - active_at >= IDLE
    return known.writing != writing or was_idle != is_idle


def leave(session: Session, user: User, report_id: int) -> None:
    gone = delete(Presence).where(Presence.user_id == user.id, Presence.report_id == report_id)
    if session.scalar(gone.returning(Presence.user_id)) is not None:
        announce(session, PRESENCE)
