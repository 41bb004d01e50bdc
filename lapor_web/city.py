"""The agency this installation serves, the keys derived from its secret, and its storage."""

import threading
import time
from dataclasses import dataclass
from typing import Any, Protocol, cast

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from lapor_web.archive_reasons import Reason, reasons_of
from lapor_web.config import UnsafeSettings
from lapor_web.extensions import db
from lapor_web.models import Agency
from lapor_web.palette import USUAL, Palette
from lapor_web.services.calendars import calendar_of
from lapor_web.services.keys import Keys
from lapor_web.services.places import has_shapes
from lapor_web.services.storage import Storage, open_storage
from lapor_web.services.working_days import WorkingDays

SECONDS_KEPT = 30


class NotSeeded(Exception):
    """No agency is there to serve; the text says what to do."""


class Hears(Protocol):
    """Whoever is told of changes; `lapor_web.live.Listener` is one."""

    nudged: threading.Event


@dataclass
class _Kept:
    keys: Keys
    agency: Agency | None = None
    storage: Storage | None = None
    until: float = 0.0
    knows_areas: bool = False
    calendar: WorkingDays | None = None
    calendar_until: float = 0.0
    told_by: Hears | None = None


def init_app(app: Flask) -> None:
    app.extensions["lapor_city"] = _Kept(Keys.from_secret(app.config["SECRET_KEY"]))
    app.context_processor(name_of_the_service)
    app.jinja_env.globals["palette"] = palette


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
    """A copy that belongs to no session; read anew when it was changed, and twice a minute in any
    case."""
    kept = _kept()
    forget_what_changed(kept)
    if kept.agency is None or time.monotonic() > kept.until or current_app.testing:
        row = db.session.execute(select(Agency.__table__).order_by(Agency.id).limit(1)).first()
        if row is None:
            raise NotSeeded("Data acuan kota belum ada. Jalankan dulu: lapor seed")
        kept.agency, kept.until = Agency(**row._mapping), time.monotonic() + SECONDS_KEPT
        kept.knows_areas = has_shapes(db.session(), kept.agency)
    return kept.agency


def hears() -> bool:
    return _kept().told_by is not None


def hear(told_by: Hears | None) -> None:
    """What it is told of is read again at the next request."""
    _kept().told_by = told_by


def forget_what_changed(kept: _Kept) -> None:
    if kept.told_by is not None and kept.told_by.nudged.is_set():
        kept.told_by.nudged.clear()
        kept.until = kept.calendar_until = 0.0


def archive_reasons() -> dict[str, Reason]:
    """By code, closed ones too: reports have them."""
    return reasons_of(current_agency())


def reason_words(code: str | None) -> str:
    """What the city says for a reason."""
    reason = archive_reasons().get(code or "")
    return reason.words if reason else ""


def offered_reasons() -> dict[str, str]:
    """What an officer may archive a report for, by code."""
    return {code: one.words for code, one in archive_reasons().items() if one.is_offered}


def palette() -> Palette:
    """Of the copy that is there, without a look into the database: an error page has colours too."""
    agency = _kept().agency
    return Palette.of(agency.colours or {}) if agency else USUAL


def knows_areas() -> bool:
    """Whether it has said where its areas lie (`lapor load-areas`); as old as the agency's copy."""
    current_agency()
    return _kept().knows_areas


def calendar() -> WorkingDays:
    """Days off as they hold now, to show days by; a change of them is seen within half a minute.
    Clocks that start ask the database."""
    kept = _kept()
    forget_what_changed(kept)
    if kept.calendar is None or time.monotonic() > kept.calendar_until or current_app.testing:
        kept.calendar = calendar_of(db.session(), current_agency().id)
        kept.calendar_until = time.monotonic() + SECONDS_KEPT
    return kept.calendar


def name_of_the_service() -> dict[str, Any]:
    """For every page. Where the database cannot tell, as on an error page, the templates do."""
    try:
        agency = current_agency()
        return {
            "service_name": agency.service_name,
            "city_name": agency.city_name or agency.name,
        }
    except (SQLAlchemyError, NotSeeded):
        return {}
