"""From when to when: the one form of the coordination view."""

import datetime as dt
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import StopValidation

from lapor_web.fields import Day, asked
from lapor_web.services.periods import Period

EARLIEST_YEAR, LATEST_YEAR = 2000, dt.MAXYEAR - 1
LONGEST = dt.timedelta(days=20 * 366)
ASK = "Isi tanggal, misalnya 2026-01-31"


class FirstOrLastDay(Day):
    ask = ASK


def check_span(start: dt.date | None, end: dt.date | None) -> None:
    """For the field of the last day. A day that is missing is asked for by its own field."""
    if start is None or end is None:
        return
    if start.year < EARLIEST_YEAR or end.year > LATEST_YEAR:
        raise StopValidation(ASK)
    if end < start:
        raise StopValidation("Tanggal akhir lebih awal daripada tanggal mulai")
    if end - start > LONGEST:
        raise StopValidation("Pilih masa paling lama 20 tahun")


class PeriodForm(Form):
    """Both days are in WITA and belong to the period. Its fields are the address."""

    dari = FirstOrLastDay("Diterima dari", [asked(ASK)])
    sampai = FirstOrLastDay("sampai", [asked(ASK)])

    @classmethod
    def of(cls, period: Period) -> "PeriodForm":
        return cls(MultiDict({"dari": period.start.isoformat(), "sampai": period.end.isoformat()}))

    def validate_sampai(self, field: Any) -> None:
        check_span(self.dari.data, field.data)

    @property
    def period(self) -> Period:
        """Of a form that was validated."""
        return Period(self.dari.data, self.sampai.data)
