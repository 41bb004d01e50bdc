"""Answers written beforehand: an office's own, those of the offices above it, and the city's."""

import datetime as dt

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from lapor_web.models import CannedText, Role, User
from lapor_web.services.access import units_above

KEEPS = frozenset({Role.COORDINATOR, Role.LIAISON, Role.SUPERVISOR, Role.INSPECTOR})
"""A coordinator those of the city; the others those of their office."""
USED_AT_MOST = 30


class TitleTaken(Exception):
    """The office has another one of that name."""


def list_for(session: Session, user: User) -> list[CannedText]:
    """What the officer may answer with, one's own office's first."""
    known = [user.opd_id, *units_above(session, user.opd_id)] if user.opd_id else []
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
    session: Session,
    user: User,
    changed: CannedText | None,
    title: str,
    text: str,
    now: dt.datetime,
) -> CannedText:
    """A new one, or `changed` with other words. Raises TitleTaken."""
    same = session.scalar(select(CannedText).where(_own(user), CannedText.title == title))
    if same is not None and same is not changed:
        raise TitleTaken
    if changed is None:
        changed = CannedText(agency_id=user.agency_id, opd_id=_office(user))
        session.add(changed)
    changed.title, changed.text = title, text
    changed.changed_by_id, changed.changed_at = user.id, now
    return changed


def _own(user: User) -> ColumnElement[bool]:
    office = _office(user)
    whose = CannedText.opd_id.is_(None) if office is None else CannedText.opd_id == office
    return (CannedText.agency_id == user.agency_id) & whose


def _office(user: User) -> int | None:
    return None if user.role is Role.COORDINATOR else user.opd_id
