"""Changes of the city's own rules and names: one after the other, each with its row for ever.

Whoever changes something opens a `Configuring`, which lets nobody else change anything meanwhile,
and notes what stood there before. Nothing is changed without that note.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lapor_web.models import Agency, ConfigurationChange, Subject, User
from lapor_web.services.events import CITY, announce

PER_PAGE = 50
ON_THE_SERVER = "Perintah di server"
"""Who did it, where it was nobody with an account."""


class ChangedMeanwhile(Exception):
    """Somebody changed the same thing since it was read (409); `by` is their row."""

    def __init__(self, by: ConfigurationChange):
        super().__init__(by.subject, by.at)
        self.by = by


class NotThisWay(Exception):
    """What was given does not do (422): `field` says what, the text what to do instead."""

    def __init__(self, field: str, sentence: str):
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


@dataclass(frozen=True, slots=True)
class Configuring:
    """Somebody changes the configuration, now, and nobody else until the transaction ends."""

    session: Session
    agency: Agency
    """The row itself, and not the copy that pages read."""
    user: User | None
    now: dt.datetime

    def note(
        self,
        subject: Subject,
        key: str,
        name: str,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> bool:
        """Only what differs is kept; False where nothing does."""
        changed = [one for one in {**before, **after} if before.get(one) != after.get(one)]
        if not changed:
            return False
        self.session.add(
            ConfigurationChange(
                agency_id=self.agency.id,
                subject=subject,
                key=key,
                name=name,
                before={one: before[one] for one in changed if one in before},
                after={one: after[one] for one in changed if one in after},
                user_id=self.user.id if self.user else None,
                doer_name=self.user.name if self.user else ON_THE_SERVER,
                at=self.now,
            )
        )
        self.session.flush()
        announce(self.session, CITY)
        return True


def configure(
    session: Session, agency_id: int, *, user: User | None, now: dt.datetime
) -> Configuring:
    """Waits for whoever is at it. New reports do not wait: they only ask that the row stays."""
    agency = session.scalars(
        select(Agency)
        .where(Agency.id == agency_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    return Configuring(session, agency, user, now)


def version_of(session: Session, agency_id: int, subject: Subject, key: str) -> int:
    """What a form remembers, so that `refuse_if_overtaken` can tell; 0 for what never changed."""
    newest = _newest(session, agency_id, subject, key)
    return newest.id if newest else 0


def refuse_if_overtaken(act: Configuring, subject: Subject, key: str, version: int) -> None:
    """Raises ChangedMeanwhile."""
    newest = _newest(act.session, act.agency.id, subject, key)
    if newest is not None and newest.id != version:
        raise ChangedMeanwhile(newest)


def _newest(
    session: Session, agency_id: int, subject: Subject, key: str
) -> ConfigurationChange | None:
    return session.scalars(
        select(ConfigurationChange)
        .where(
            ConfigurationChange.agency_id == agency_id,
            ConfigurationChange.subject == subject,
            ConfigurationChange.key == key,
        )
        .order_by(ConfigurationChange.id.desc())
        .limit(1)
    ).one_or_none()


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[ConfigurationChange]
    number: int
    has_next: bool


def list_changes(
    session: Session, agency_id: int, *, subject: Subject | None, key: str = "", page: int = 1
) -> Page:
    """Newest first."""
    rows = select(ConfigurationChange).where(ConfigurationChange.agency_id == agency_id)
    if subject is not None:
        rows = rows.where(ConfigurationChange.subject == subject)
    if key:
        rows = rows.where(ConfigurationChange.key == key)
    found = session.scalars(
        rows.order_by(ConfigurationChange.id.desc())
        .offset((page - 1) * PER_PAGE)
        .limit(PER_PAGE + 1)
    ).all()
    return Page(found[:PER_PAGE], page, len(found) > PER_PAGE)
