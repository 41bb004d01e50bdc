"""The agency this installation serves, the keys derived from its secret, and its storage."""

import time
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from lapor_web.config import UnsafeSettings
from lapor_web.extensions import db
from lapor_web.models import Agency
from lapor_web.services.calendars import calendar_of
from lapor_web.services.keys import Keys
from lapor_web.services.places import has_shapes
from lapor_web.services.storage import Storage, open_storage
from lapor_web.services.working_days import WorkingDays

SECONDS_KEPT = 30


class NotSeeded(Exception):
    """No agency is there to serve; the text says what to do."""


@dataclass
class _Kept:
    keys: Keys
    agency: Agency | None = None
    storage: Storage | None = None
    until: float = 0.0
    knows_areas: bool = False
    calendar: WorkingDays | None = None
    calendar_until: float = 0.0


def init_app(app: Flask) -> None:
    app.extensions["lapor_city"] = _Kept(Keys.from_secret(app.config["SECRET_KEY"]))
    app.context_processor(name_of_the_service)


def _kept() -> _Kept:
    return cast(_Kept, current_app.extensions["lapor_city"])


def keys() -> Keys:
    return _kept().keys


def storage() -> Storage:
    """Where attachments lie. Raises UnsafeSettings where nobody said."""
    kept = _kept()
    if kept.storage is None:
        where = current_app.config.get("LAPOR_STORAGE")
        if not where:
            raise UnsafeSettings("Isi LAPOR_STORAGE dengan folder atau s3:// untuk lampiran.")
        kept.storage = open_storage(where)
    return kept.storage


def current_agency() -> Agency:
    """A copy that belongs to no session; read anew twice a minute, for an officer may rename it."""
    kept = _kept()
    if kept.agency is None or time.monotonic() > kept.until or current_app.testing:
        row = db.session.execute(select(Agency.__table__).order_by(Agency.id).limit(1)).first()
        if row is None:
            raise NotSeeded("Data acuan kota belum ada. Jalankan dulu: lapor seed")
        kept.agency, kept.until = Agency(**row._mapping), time.monotonic() + SECONDS_KEPT
        kept.knows_areas = has_shapes(db.session(), kept.agency)
    return kept.agency


def knows_areas() -> bool:
    """Whether it has said where its areas lie (`lapor load-areas`); as old as the agency's copy."""
    current_agency()
    return _kept().knows_areas


def calendar() -> WorkingDays:
    """Days off as they hold now, to show days by; a change of them is seen within half a minute.
    Clocks that start ask the database."""
    kept = _kept()
    if kept.calendar is None or time.monotonic() > kept.calendar_until or current_app.testing:
        kept.calendar = calendar_of(db.session(), current_agency().id)
        kept.calendar_until = time.monotonic() + SECONDS_KEPT
    return kept.calendar


def name_of_the_service() -> dict[str, str]:
    """For every page. Where the database cannot tell, as on an error page, the templates do."""
    try:
        return {"service_name": current_agency().service_name}
    except (SQLAlchemyError, NotSeeded):
        return {}
