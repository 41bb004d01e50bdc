"""The figures of a period as markup, drawn once and shown again while they are exact."""

import datetime as dt
from typing import Any

from flask import get_template_attribute

from lapor_web.extensions import db
from lapor_web.kept_figures import kept
from lapor_web.models import Agency
from lapor_web.services.periods import Period
from lapor_web.services.recap import recap


def figures_of(agency: Agency, period: Period, *, opens: bool, now: dt.datetime) -> Any:
    """`opens` says whether numbers are links to their reports."""
    key = ("coordination", agency.id, agency.name, period, opens)
    return kept(key, lambda: draw(agency, period, opens=opens, now=now))


def draw(agency: Agency, period: Period, *, opens: bool, now: dt.datetime) -> Any:
    session = db.session()
    macro = get_template_attribute("coordination/figures.html", "city_and_offices")
    this = recap(session, agency, period, now=now)
    before = recap(session, agency, period.a_year_earlier(), now=now)
    return macro(this, before, opens)
