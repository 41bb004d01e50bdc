"""Days and times as people in Samarinda say them: "Jumat, 27 November", "09.41"."""

import datetime as dt

from babel.dates import format_date, format_time
from flask import Flask

from lapor_web import clock
from lapor_web.services.working_days import WITA, wita_date

LOCALE = "id_ID"


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(day=day, moment=moment, clock_time=clock_time)


def day(when: dt.date | dt.datetime) -> str:
    """An instant is meant as its day in WITA. The year is said only where it is not this one."""
    date = wita_date(when) if isinstance(when, dt.datetime) else when
    this_year = date.year == wita_date(clock.now()).year
    return format_date(date, "EEEE, d MMMM" if this_year else "EEEE, d MMMM y", locale=LOCALE)


def clock_time(at: dt.datetime) -> str:
    return format_time(at.astimezone(WITA), "HH.mm", locale=LOCALE)


def moment(at: dt.datetime) -> str:
    return f"{day(at)}, {clock_time(at)}"
