"""The agency this installation serves, and the keys derived from its secret."""

import time
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app
from sqlalchemy import select

from lapor_web.extensions import db
from lapor_web.models import Agency
from lapor_web.services.keys import Keys

SECONDS_KEPT = 30


@dataclass
class _Kept:
    keys: Keys
    agency: Agency | None = None
    until: float = 0.0


def init_app(app: Flask) -> None:
    app.extensions["lapor_city"] = _Kept(Keys.from_secret(app.config["SECRET_KEY"]))


def _kept() -> _Kept:
    return cast(_Kept, current_app.extensions["lapor_city"])


def keys() -> Keys:
    return _kept().keys


def current_agency() -> Agency:
    """A copy that belongs to no session; read anew twice a minute, for an officer may rename it."""
    kept = _kept()
    if kept.agency is None or time.monotonic() > kept.until or current_app.testing:
        row = db.session.execute(select(Agency.__table__).order_by(Agency.id).limit(1)).one()
        kept.agency, kept.until = Agency(**row._mapping), time.monotonic() + SECONDS_KEPT
    return kept.agency
