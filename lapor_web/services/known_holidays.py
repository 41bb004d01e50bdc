"""Days off of a year as the `holidays` package knows them: a proposal, to be checked by a person."""

import datetime as dt
from dataclasses import dataclass

from lapor_web.models import HolidayKind


@dataclass(frozen=True, slots=True, order=True)
class DayOff:
    date: dt.date
    name: str
    kind: HolidayKind


KINDS = (("public", HolidayKind.NATIONAL), ("government", HolidayKind.COLLECTIVE_LEAVE))
"""Its categories; without `government` the collective leave (cuti bersama) would be missing."""


def proposed(year: int) -> list[DayOff]:
    """In order; what is only estimated says so in its name. A day of both kinds is a national one."""
    # Only here: no page but one needs its tables.
    import holidays

    found: dict[dt.date, DayOff] = {}
    for category, kind in KINDS:
        known = holidays.country_holidays("ID", years=year, categories=category, language="id")
        for date, name in known.items():
            found.setdefault(date, DayOff(date, name, kind))
    return sorted(found.values())
