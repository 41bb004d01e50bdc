"""Lists that officers gave a name: their own, and those that somebody of their office shares."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, func, or_, select
from sqlalchemy.orm import Session

from lapor_web.models import SavedView, User

AT_MOST = 20
"""Of one person. The first nine have a key."""
LONGEST_NAME = 40


class TooMany(Exception):
    """They have as many as a person can."""


@dataclass(frozen=True, slots=True)
class Saved:
    id: int
    name: str
    query: str
    shared: bool
    own: bool


_MINE = or_(SavedView.user_id == bindparam("me"), SavedView.opd_id == bindparam("unit"))
ALL_SAVED = (
    select(
        func.json_agg(
            func.json_build_array(
                SavedView.id,
                SavedView.name,
                SavedView.query,
                SavedView.opd_id.is_not(None),
                SavedView.user_id == bindparam("me"),
            )
        )
    )
    .where(_MINE)
    .correlate(None)
    .scalar_subquery()
)
"""For `read_saved`: part of a statement that is made anyway."""


def asked_of(user: User) -> dict[str, object]:
    """The values of `ALL_SAVED`."""
    return {"me": user.id, "unit": user.opd_id}


def list_saved(session: Session, user: User) -> list[Saved]:
    return read_saved(session.execute(select(ALL_SAVED), asked_of(user)).scalar_one())


def read_saved(rows: list[list[Any]] | None) -> list[Saved]:
    """One's own first, each in the order in which they were made: a key stays a key."""
    return sorted((Saved(*row) for row in rows or ()), key=lambda one: (not one.own, one.id))


def save_view(
    session: Session, user: User, *, name: str, query: str, shared: bool, now: dt.datetime
) -> SavedView:
    """Under a name that one has already, it replaces what was there. Raises TooMany.

    Shared means with everybody of one's own office; who has none keeps it alone.
    """
    own = select(SavedView).where(SavedView.user_id == user.id)
    view = session.scalar(own.where(SavedView.name == name))
    if view is None:
        count = session.scalar(select(func.count()).select_from(own.subquery()))
        if (count or 0) >= AT_MOST:
            raise TooMany
        view = SavedView(user_id=user.id, name=name, created_at=now)
        session.add(view)
    view.query, view.opd_id = query, user.opd_id if shared else None
    session.flush()
    return view


def delete_view(session: Session, user: User, view_id: int) -> bool:
    """Whether there was one of that id that is one's own."""
    gone = delete(SavedView).where(SavedView.id == view_id, SavedView.user_id == user.id)
    return session.scalar(gone.returning(SavedView.id)) is not None
