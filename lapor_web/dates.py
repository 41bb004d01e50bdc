"""Days and times as people in Samarinda say them: "Jumat, 27 November", "09.41"."""

import datetime as dt
import functools

from babel.dates import format_date
from flask import Flask

from lapor_web import clock
from lapor_web.services.working_days import WITA, wita_date

LOCALE = "id_ID"


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(day=day, moment=moment, clock_time=clock_time)
    app.jinja_env.filters.update(
        clock_seconds=clock_seconds, short_day=short_day, full_day=full_day
    )
    app.jinja_env.filters.update(full_moment=full_moment, month=month, short_month=short_month)


def day(when: dt.date | dt.datetime) -> str:
    """An instant is meant as its day in WITA. The year is said only where it is not this one."""
    date = wita_date(when) if isinstance(when, dt.datetime) else when
    this_year = date.year == wita_date(clock.now()).year
    return _in_words(date, "EEEE, d MMMM" if this_year else "EEEE, d MMMM y")


@functools.lru_cache(maxsize=4096)
def _in_words(date: dt.date, pattern: str) -> str:
    """The same few hundred days stand on every page."""
    return format_date(date, pattern, locale=LOCALE)


def clock_time(at: dt.datetime) -> str:
    return f"{at.astimezone(WITA):%H.%M}"


def clock_seconds(at: dt.datetime) -> str:
    return f"{at.astimezone(WITA):%H.%M.%S}"


def full_day(when: dt.date | dt.datetime) -> str:
    """For paper, which is read in other years too."""
    date = wita_date(when) if isinstance(when, dt.datetime) else when
    return _in_words(date, "EEEE, d MMMM y")


def full_moment(at: dt.datetime) -> str:
    return f"{full_day(at)}, {clock_time(at)}"


def short_day(date: dt.date) -> str:
    """For a button: "Jumat, 27 Nov"."""
    return format_date(date, "EEEE, d MMM", locale=LOCALE)


def month(date: dt.date) -> str:
    return _in_words(date, "MMMM y")


def short_month(date: dt.date) -> str:
    """Under a column: "Nov 26"."""
    return _in_words(date, "MMM yy")


def moment(at: dt.datetime) -> str:
    return f"{day(at)}, {clock_time(at)}"
