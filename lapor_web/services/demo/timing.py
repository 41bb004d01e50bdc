"""Puts the steps of a life on instants: in office hours, at home, at night."""

import datetime as dt
from random import Random

from lapor_web.services.demo.lives import Hours, Life, Step
from lapor_web.services.working_days import WITA, WorkingDays, wita_date

OPENS, CLOSES, LEAVES = 8 * 60, 15 * 60 + 40, 16 * 60 + 30  # minutes of the day
WAKES, SLEEPS = 6 * 60, 22 * 60
CLOCKS_ACT = dt.time(1, 5)


def instant(day: dt.date, minute: int, rng: Random) -> dt.datetime:
    local = dt.datetime.combine(day, dt.time(minute // 60, minute % 60, rng.randrange(60)), WITA)
    return local.astimezone(dt.UTC)


def at_home(day: dt.date, rng: Random) -> dt.datetime:
    """When somebody reports: in the evening most of all."""
    minute = rng.randint(18 * 60, SLEEPS) if rng.random() < 0.4 else rng.randint(WAKES, SLEEPS)
    return instant(day, minute, rng)


def instants(start: dt.datetime, life: Life, days: WorkingDays, rng: Random) -> list[dt.datetime]:
    """One for each step, each after the one before."""
    found: list[dt.datetime] = []
    for step in life:
        found.append(next_instant(found[-1] if found else start, step, days, rng))
    return found


def next_instant(before: dt.datetime, step: Step, days: WorkingDays, rng: Random) -> dt.datetime:
    day = days.add(wita_date(before), step.wait)
    match step.hours:
        case Hours.AT_ONCE:
            return before + dt.timedelta(seconds=rng.randint(15, 45))
        case Hours.NIGHT_AFTER:
            night = dt.datetime.combine(day + dt.timedelta(days=1), CLOCKS_ACT, WITA)
            return night.astimezone(dt.UTC)
        case Hours.HOME:
            found = at_home(day, rng)
            return found if found > before else before + dt.timedelta(minutes=rng.randint(4, 40))
        case Hours.OFFICE:
            return in_office(before, day, days, rng)


def in_office(before: dt.datetime, day: dt.date, days: WorkingDays, rng: Random) -> dt.datetime:
    """On `day` if it can be, else on the next that is worked on."""
    if days.is_working_day(day):
        found = instant(day, rng.randint(OPENS, CLOSES), rng)
        if found > before:
            return found
        soon = before + dt.timedelta(minutes=rng.randint(4, 40))
        if soon < instant(day, LEAVES, rng):
            return soon
    return instant(days.add(day, 1), rng.randint(OPENS, CLOSES), rng)


def day_before(today: dt.date, working_days: int, days: WorkingDays) -> dt.date:
    """The latest working day from which `working_days` have passed until today."""
    day = today
    while not days.is_working_day(day) or days.between(day, today) < working_days:
        day -= dt.timedelta(days=1)
    return day


def until(horizon: dt.datetime, planned: list[dt.datetime], rng: Random) -> list[dt.datetime]:
    """The same instants, those that would lie ahead of `horizon` pressed into its day before it."""
    morning = start_of_work(horizon)
    pressed: list[dt.datetime] = []
    for at in planned:
        if at >= horizon:
            earliest = max([*pressed[-1:], morning])
            at = earliest + (horizon - earliest) * rng.uniform(0.2, 0.6)
        pressed.append(at)
    return pressed


def start_of_work(horizon: dt.datetime) -> dt.datetime:
    """Of the day of `horizon`; midnight where it is earlier."""
    opening = dt.datetime.combine(wita_date(horizon), dt.time(OPENS // 60), WITA)
    return opening if opening < horizon else opening.replace(hour=0)
