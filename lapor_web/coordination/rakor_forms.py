"""The forms of a meeting."""

import datetime as dt
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form, IntegerField, StringField, TextAreaField

from lapor_web.coordination.period import check_span
from lapor_web.fields import Day, asked
from lapor_web.models import Meeting
from lapor_web.services.commitments import proposed_days
from lapor_web.services.periods import Period
from lapor_web.services.rakor import Plan
from lapor_web.services.working_days import WorkingDays
from lapor_web.text import clean, clean_line

USUAL_NAME, USUAL_PLACE = "Rakor SP4N-LAPOR", "Ruang Mangkupelas"
LONGEST_NAME, LONGEST_MINUTES = 200, 20_000
OTHER_DAY = "lain"
ASK_DAY = "Tulis tanggal seperti 2026-11-27"


class Line(StringField):
    """Of a field that comes twice the first counts."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = clean_line(valuelist[0])[:LONGEST_NAME]


class Paragraphs(TextAreaField):
    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = clean(valuelist[0])[:LONGEST_MINUTES]


class PlanForm(Form):
    name = Line("Nama rapat", [asked("Tulis nama rapat")])
    place = Line("Tempat", [asked("Tulis tempat rapat")])
    held_on = Day("Tanggal rapat", [asked(ASK_DAY)])
    dari = Day("Laporan yang diterima dari", [asked(ASK_DAY)])
    sampai = Day("sampai", [asked(ASK_DAY)])
    chair = Line("Pimpinan rapat")
    note_taker = Line("Notulis")

    @classmethod
    def usual(cls, today: dt.date) -> "PlanForm":
        year = Period.of_year(today.year)
        return cls(
            data={
                "name": USUAL_NAME,
                "place": USUAL_PLACE,
                "held_on": today,
                "dari": year.start,
                "sampai": year.end,
            }
        )

    @classmethod
    def of(cls, meeting: Meeting) -> "PlanForm":
        return cls(obj=meeting, data={"dari": meeting.period_start, "sampai": meeting.period_end})

    def validate_sampai(self, field: Any) -> None:
        check_span(self.dari.data, field.data)

    @property
    def plan(self) -> Plan:
        """Of a form that was validated."""
        return Plan(
            self.name.data,
            self.place.data,
            self.held_on.data,
            Period(self.dari.data, self.sampai.data),
            self.chair.data or "",
            self.note_taker.data or "",
        )


class MinutesForm(Form):
    minutes = Paragraphs("Notulen")


class CommitForm(Form):
    """A day that is one tap away, or another; and who answers for it."""

    case = IntegerField()
    version = IntegerField()
    due = StringField()
    other_day = Day("Tanggal lain")
    responsible = Line("Penanggung jawab")

    def __init__(self, sent: MultiDict[str, str] | None = None, **more: Any):
        super().__init__(sent, **more)
        self.refused: dict[str, str] = {}
        """Sentences by field, of the deed that said no."""

    @property
    def day(self) -> dt.date | None:
        """The day that was chosen; None where none was, or what was typed is none."""
        if self.due.data == OTHER_DAY:
            return None if self.other_day.errors else self.other_day.data
        try:
            return dt.date.fromisoformat(self.due.data or "")
        except ValueError:
            return None

    def chips(self, days: WorkingDays, today: dt.date) -> list[tuple[str, dt.date]]:
        return [(day.isoformat(), day) for day in proposed_days(days, today)]
