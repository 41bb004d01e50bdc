"""What the clock has to do in a life, by hand: (what, day) for every act of the system."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from year.days import ONE, Days
from year.lives import Life

VERIFY, FIRST_ANSWER, FINISH, SILENCE, HOLD, OMBUDSMAN = 3, 5, 14, 10, 10, 60
REMINDER, SUPERVISOR, LEADERS = 2, 1, 5
REMINDERS = ("soon", "today")
Act = tuple[str, dt.date]


@dataclass
class Stretch:
    """A time in which one has to act, in which nothing else is done to the report."""

    what: str
    start: dt.date
    due: dt.date
    end: dt.date | None = None
    """The day of the next deed, at ten; none, if nobody ever acts again."""


def acts_of(life: Life, days: Days, last: dt.date) -> list[Act]:
    """Up to and with the day `last`."""
    stretches = list(stretches_of(life, days))
    consent = next((day for day, deed in life.deeds if deed == "consent"), None)
    received = life.deeds[0][0]
    found: list[Act] = []
    climbed: set[object] = set()
    for one in stretches:
        if one.what in {"silence", "hold"}:
            if one.end is None or one.end > one.due:
                found.append(("finish" if one.what == "silence" else "expire", one.due + ONE))
        else:
            found += climb(one, days, climbed, received, consent)
    return sorted((act for act in found if act[1] <= last), key=lambda act: (act[1], act[0]))


def climb(
    one: Stretch,
    days: Days,
    climbed: set[object],
    received: dt.date,
    consent: dt.date | None,
) -> Iterator[Act]:
    ready = max(one.due + ONE, received + OMBUDSMAN * ONE)
    rungs: list[tuple[str, dt.date, object]] = [
        ("soon", days.before(one.due, REMINDER), ("soon", one.due, one.what == "verify")),
        ("today", one.due, ("today", one.due, one.what == "verify")),
        ("supervisor", days.after(one.due, SUPERVISOR), ("above", one.due, one.what == "verify")),
        ("leaders", days.after(one.due, LEADERS), ("leaders", one.due, one.what == "verify")),
    ]
    if one.what != "verify":
        rungs.append(("ombudsman_ready", ready, "ready"))
        if consent is not None:
            rungs.append(("ombudsman", max(ready, consent), "told"))
    for name, day, key in rungs:
        on = max(day, one.start)
        if name in REMINDERS and on > one.due:
            continue
        if one.end is not None and (one.end == one.start or on > one.end):
            continue
        if key not in climbed:
            climbed.add(key)
            yield name, on


def stretches_of(life: Life, days: Days) -> Iterator[Stretch]:
    now: Stretch | None = None
    before_hold: Stretch | None = None
    verified: dt.date | None = None
    paused = 0
    for day, deed in life.deeds:
        if deed == "consent":
            continue
        if now is not None:
            now.end = day
            yield now
        match deed:
            case "submit":
                now = Stretch("verify", day, days.after(day, VERIFY))
            case "verify":
                verified, paused = day, 0
                now = Stretch("answer", day, days.after(day, FIRST_ANSWER))
            case "follow_up":
                assert verified is not None
                now = Stretch("finish", day, days.after(verified, FINISH + paused))
            case "propose" | "undo":
                now = Stretch("silence", day, days.after(day, SILENCE))
            case "hold":
                before_hold, now = now, Stretch("hold", day, days.after(day, HOLD))
            case "complete":
                assert now is not None
                assert before_hold is not None
                paused += days.between(now.start, day)
                begun, limit = (
                    (life.deeds[0][0], VERIFY)
                    if before_hold.what == "verify"
                    else (verified or day, FIRST_ANSWER)
                )
                now = Stretch(before_hold.what, day, days.after(begun, limit + paused))
            case "confirm":
                now = None
    if now is not None:
        yield now
