"""Answers written beforehand: an office's own, those of the offices above it, and the city's.

Whoever answers with one speaks for the office, so each change is in the history of the configuration.
"""

from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from lapor_web.models import CannedText, Opd, Role, Subject, User
from lapor_web.services.access import line_of
from lapor_web.services.configuration import Configuring

KEEPS = frozenset({Role.COORDINATOR, Role.LIAISON, Role.SUPERVISOR, Role.INSPECTOR})
"""A coordinator those of the city; the others those of their office."""
USED_AT_MOST = 30


class TitleTaken(Exception):
    """The office has another one of that name."""


def list_for(session: Session, user: User) -> list[CannedText]:
    """What the officer may answer with, one's own office's first."""
    known = [user.opd_id, *line_of(session, user).above] if user.opd_id else []
    offered = or_(CannedText.opd_id.in_(known), CannedText.opd_id.is_(None))
    texts = session.scalars(
        select(CannedText)
        .where(CannedText.agency_id == user.agency_id, offered)
        .order_by(CannedText.title)
    ).all()
    order = {opd_id: place for place, opd_id in enumerate(known)}
    nearest = sorted(texts, key=lambda one: order.get(one.opd_id or 0, len(order)))
    return nearest[:USED_AT_MOST]


def find_for(session: Session, user: User, text_id: int) -> CannedText | None:
    return next((one for one in list_for(session, user) if one.id == text_id), None)


def list_own(session: Session, user: User) -> list[CannedText]:
    """What the officer keeps."""
    return list(session.scalars(select(CannedText).where(_own(user)).order_by(CannedText.title)))


def find_own(session: Session, user: User, text_id: int) -> CannedText | None:
    return session.scalar(select(CannedText).where(_own(user), CannedText.id == text_id))


def save(
    act: Configuring, user: User, changed: CannedText | None, *, title: str, text: str
) -> CannedText:
    """A new one, or `changed` with other words. Raises TitleTaken."""
    session = act.session
    same = session.scalar(select(CannedText).where(_own(user), CannedText.title == title))
    if same is not None and same is not changed:
        raise TitleTaken
    before = facts_of(session, changed) if changed else {}
    if changed is None:
        changed = CannedText(agency_id=user.agency_id, opd_id=_office(user))
        session.add(changed)
    changed.title, changed.text = title, text
    changed.changed_by_id, changed.changed_at = user.id, act.now
    session.flush()
    act.note(Subject.CANNED_TEXT, str(changed.id), title, before, facts_of(session, changed))
    return changed


def remove(act: Configuring, one: CannedText) -> None:
    act.note(Subject.CANNED_TEXT, str(one.id), one.title, facts_of(act.session, one), {})
    act.session.delete(one)


def facts_of(session: Session, one: CannedText) -> dict[str, Any]:
    opd = session.get(Opd, one.opd_id) if one.opd_id else None
    return {"name": one.title, "words": one.text, "opd": opd.short_name if opd else None}


def _own(user: User) -> ColumnElement[bool]:
    office = _office(user)
    whose = CannedText.opd_id.is_(None) if office is None else CannedText.opd_id == office
    return (CannedText.agency_id == user.agency_id) & whose


def _office(user: User) -> int | None:
    return None if user.role is Role.COORDINATOR else user.opd_id
