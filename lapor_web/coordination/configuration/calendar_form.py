"""The days off of one year, a row each, as they are typed."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from lapor_web.fields import VersionedForm
from lapor_web.models import HolidayKind
from lapor_web.services.known_holidays import DayOff
from lapor_web.text import clean_line

MOST_DAYS, LONGEST_NAME = 80, 120
EMPTY_ROWS = 3
KIND = {
    HolidayKind.NATIONAL: "Libur nasional",
    HolidayKind.COLLECTIVE_LEAVE: "Cuti bersama",
    HolidayKind.ELECTION: "Pemilihan",
}


@dataclass(slots=True)
class Row:
    date: str = ""
    name: str = ""
    kind: str = HolidayKind.NATIONAL.value
    on: bool = True
    """Whether it is to be a day off; a proposal may be left out, and a day taken away."""
    hint: str = ""
    error: str = ""

    @property
    def counts(self) -> bool:
        return self.on and bool(self.date or self.name)

    def read(self, year: int) -> DayOff | None:
        """None with `error` where it is no day of that year."""
        try:
            day = dt.date.fromisoformat(self.date)
        except ValueError:
            self.error = "Tulis tanggal seperti 2026-11-27"
            return None
        if day.year != year:
            self.error = f"Tulis tanggal di tahun {year}"
        elif not self.name:
            self.error = "Tulis nama hari libur"
        elif self.kind not in list(HolidayKind):
            self.error = "Pilih jenis yang ada di daftar"
        return None if self.error else DayOff(day, self.name, HolidayKind(self.kind))


class YearForm(VersionedForm):
    checked = HiddenField()
    """A mark of the days whose consequences were shown; other days are shown first."""

    def __init__(self, sent: MultiDict[str, str] | None, *, year: int, **more: Any):
        super().__init__(sent, **more)
        self.year, self.days = year, list[DayOff]()
        self.rows = rows_of(sent) if sent is not None else []

    def validate(self, extra_validators: Any = None) -> bool:
        read = [row.read(self.year) for row in self.rows if row.counts]
        self.days = sorted(day for day in read if day)
        dates = [day.date.isoformat() for day in self.days]
        for row in self.rows:
            if row.counts and not row.error and dates.count(row.date) > 1:
                row.error = "Tanggal ini ada dua kali"
        self.form_errors = [
            f"{row.date or 'Baris baru'}: {row.error}" for row in self.rows if row.error
        ]
        return super().validate(extra_validators) and not self.form_errors

    def fill(self, there: Iterable[DayOff], proposals: Iterable[DayOff]) -> None:
        """What is there, and what is proposed beside it, by date."""
        known = {day.date: day for day in there}
        offered = {day.date: day for day in proposals}
        for date in sorted({*known, *offered}):
            day = known.get(date) or offered[date]
            row = Row(date.isoformat(), day.name, day.kind.value)
            if date not in known:
                row.hint = "Usulan"
            elif offered and date not in offered:
                row.hint = "Tidak ada dalam usulan"
            self.rows.append(row)

    def with_empty_rows(self) -> list[Row]:
        filled = [row for row in self.rows if row.date or row.name]
        return [*filled, *(Row() for _ in range(EMPTY_ROWS))]

    @property
    def mark(self) -> str:
        said = "\n".join(f"{day.date} {day.name} {day.kind.value}" for day in self.days)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def rows_of(sent: MultiDict[str, str]) -> list[Row]:
    return [
        Row(
            date=clean_line(sent.get(f"date-{at}")),
            name=clean_line(sent.get(f"name-{at}"))[:LONGEST_NAME],
            kind=sent.get(f"kind-{at}", ""),
            on=f"on-{at}" in sent,
        )
        for at in range(MOST_DAYS)
        if f"date-{at}" in sent
    ]
