"""Figures drawn once and shown again, as long as they are still exact.

A stamp of the kept counters tells at the price of one small query whether anything was committed
since; ages grow with the day, so the day belongs to the key.
"""

import datetime as dt
from collections import OrderedDict
from typing import Any

from flask import get_template_attribute

from lapor_web.extensions import db
from lapor_web.models import Agency
from lapor_web.services.figures import figures_stamp
from lapor_web.services.periods import Period
from lapor_web.services.recap import recap
from lapor_web.services.working_days import wita_date

AT_MOST = 32
"""Pages kept by one process; a page of figures is some 60 KB."""

_kept: OrderedDict[tuple[object, ...], tuple[tuple[object, ...], Any]] = OrderedDict()


def figures_of(agency: Agency, period: Period, *, opens: bool, now: dt.datetime) -> Any:
    """The figures as markup; `opens` says whether numbers are links to their reports."""
    session = db.session()
    stamp = figures_stamp(session)
    database = session.get_bind().engine.url
    key = (database, agency.id, agency.name, period, wita_date(now), opens)
    stamped, drawn = _kept.get(key, (None, None))
    if stamped != stamp:
        drawn = draw(agency, period, opens=opens, now=now)
        _kept[key] = stamp, drawn
    _kept.move_to_end(key)
    while len(_kept) > AT_MOST:
        _kept.popitem(last=False)
    return drawn


def draw(agency: Agency, period: Period, *, opens: bool, now: dt.datetime) -> Any:
    session = db.session()
    macro = get_template_attribute("coordination/figures.html", "city_and_offices")
    this = recap(session, agency, period, now=now)
    before = recap(session, agency, period.a_year_earlier(), now=now)
    return macro(this, before, opens)
