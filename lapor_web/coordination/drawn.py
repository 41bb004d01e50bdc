"""The figures of a period as markup, drawn once and shown again while they are exact."""

import datetime as dt
from typing import Any

from flask import get_template_attribute

from lapor_web.coordination import formulas
from lapor_web.coordination.asked import Asked
from lapor_web.extensions import db
from lapor_web.handouts.tables import merged_note
from lapor_web.kept_figures import kept
from lapor_web.models import Agency
from lapor_web.services.backlog import backlog
from lapor_web.services.ordering import ordered
from lapor_web.services.periods import Period
from lapor_web.services.recap import recap
from lapor_web.services.usages import difference, recap_in_usage
from lapor_web.services.working_days import wita_date


def figures_of(agency: Agency, asked: Asked, *, opens: bool, now: dt.datetime) -> Any:
    """`opens` says whether numbers are links to their reports."""
    key = ("coordination", agency.id, agency.name, asked.period, asked.usage, asked.order, opens)
    return kept(key, lambda: draw(agency, asked, opens=opens, now=now))


def draw(agency: Agency, asked: Asked, *, opens: bool, now: dt.datetime) -> Any:
    session, usage = db.session(), asked.usage
    macro = get_template_attribute("coordination/figures.html", "city_and_offices")
    counted = recap(session, agency, asked.period, now=now)
    this = recap_in_usage(counted, usage)
    before = recap(session, agency, asked.period.a_year_earlier(), now=now)
    return macro(
        this,
        recap_in_usage(before, usage),
        opens,
        backlog=backlog(session, agency.id, today=wita_date(now)),
        offices=ordered(this, asked.order),
        differs=difference(counted.figures),
        asked=asked,
        words=formulas,
        merged=merged_note(counted.merged),
        days=days_in_address,
    )


def days_in_address(period: Period) -> dict[str, str]:
    """As a number's list is asked for."""
    if period.year is not None:
        return {"tahun": str(period.year)}
    return {"dari": period.start.isoformat(), "sampai": period.end.isoformat()}
