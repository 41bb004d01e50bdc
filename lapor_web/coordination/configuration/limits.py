"""Limits of each step and class, with the day they hold from; first what a new one means."""

import datetime as dt
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, IntegerField, SelectChoice

from lapor_web import city, clock, labels
from lapor_web.coordination.configuration.blueprint import bp, save, show
from lapor_web.coordination.configuration.fields import line
from lapor_web.coordination.configuration.words import STEP
from lapor_web.extensions import db
from lapor_web.fields import ChosenFrom, Day, VersionedForm, asked
from lapor_web.models import Classification, Limit, Step
from lapor_web.services import limit_dates
from lapor_web.services.configuration import Configuring
from lapor_web.services.limit_dates import STEPS, key_of
from lapor_web.services.working_days import wita_date


def name_of(step: Step, classification: Classification | None) -> str:
    if classification is None:
        return STEP[step]
    return f"{STEP[step]}: {labels.CLASSIFICATION[classification].lower()}"


BY_KEY = {key_of(*one): one for one in STEPS}


class Number(IntegerField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([one.strip()[:6] for one in valuelist[:1]])
        except ValueError:
            raise ValueError("Tulis jumlah hari dengan angka") from None


class LimitForm(VersionedForm):
    step = ChosenFrom(
        "Tahap",
        "Pilih tahapnya",
        choices=[
            SelectChoice("", "Pilih"),
            *(SelectChoice(key, name_of(*one)) for key, one in BY_KEY.items()),
        ],
    )
    days = Number(
        "Batas, dalam hari kerja", [asked("Tulis jumlah hari dengan angka, paling sedikit 1")]
    )
    valid_from = Day("Berlaku mulai", [asked("Tulis tanggal seperti 2026-11-27")])
    source = line("Dasar", "Tulis dasarnya, misalnya nomor surat atau peraturan", longest=300)
    checked = HiddenField()
    """What was shown as a consequence; something else is shown first."""

    @property
    def of(self) -> tuple[Step, Classification | None]:
        return BY_KEY[self.step.data]

    @property
    def mark(self) -> str:
        return f"{self.step.data} {self.days.data} {self.valid_from.data}"


@bp.get("/batas", endpoint="limits")
def list_limits() -> ResponseReturnValue:
    return list_page(LimitForm())


@bp.post("/batas")
def add_limit() -> ResponseReturnValue:
    """First what it means; the same limit sent once more is saved."""
    form = LimitForm(request.form)

    def change(act: Configuring) -> str:
        limit_dates.add_limit(
            act,
            *form.of,
            name=name_of(*form.of),
            days=form.days.data,
            valid_from=form.valid_from.data,
            source=form.source.data,
            today=today(),
        )
        if form.checked.data != form.mark:
            raise _Look
        return f"Batas baru untuk {name_of(*form.of).lower()} tersimpan."

    try:
        return save(form, change, to=url_for(".limits"), again=list_page)
    except _Look:
        db.session.rollback()
        form.checked.data = form.mark
        return list_page(form, looked=True)


class _Look(Exception):
    """It would do, and was not shown yet."""


@bp.post("/batas/<int:limit_id>/batal")
def withdraw_limit(limit_id: int) -> ResponseReturnValue:
    form = VersionedForm()
    found = db.session.get(Limit, limit_id)
    if found is None or found.agency_id != city.current_agency().id:
        abort(404)

    def change(act: Configuring) -> str:
        row = act.session.get(Limit, limit_id, populate_existing=True)
        if row is None:
            return "Batas itu sudah dibatalkan."
        name = name_of(row.step, row.classification)
        limit_dates.withdraw_limit(act, row, name=name, today=today())
        return f"Batas untuk {name.lower()} dibatalkan."

    def again(refused: VersionedForm, status: int, **more: Any) -> ResponseReturnValue:
        form = LimitForm()
        form.form_errors = [error for errors in refused.errors.values() for error in errors]
        return list_page(form, status, **more)

    return save(form, change, to=url_for(".limits"), again=again)


def list_page(
    form: VersionedForm, status: int = 200, *, looked: bool = False, **more: Any
) -> ResponseReturnValue:
    series = limit_dates.list_series(db.session(), city.current_agency().id)
    return show(
        "limits",
        status,
        form=form,
        series=series,
        today=today(),
        name_of=name_of,
        meaning=meaning(form, series) if looked else None,
        **more,
    )


def meaning(form: Any, series: list[limit_dates.Series]) -> dict[str, Any]:
    """An example: a report that comes to this step on the first day of the new limit."""
    step, kind = form.of
    begins: dt.date = form.valid_from.data
    before = next(one for one in series if (one.step, one.classification) == (step, kind)).holds_on(
        begins
    )
    return {
        "name": name_of(step, kind),
        "begins": begins,
        "days": form.days.data,
        "last": last_day(step, begins, form.days.data),
        "days_before": before.days if before else None,
        "last_before": last_day(step, begins, before.days) if before else None,
    }


def last_day(step: Step, begins: dt.date, days: int) -> dt.date:
    """Calendar days for the Ombudsman's step, working days for all others."""
    if step is Step.OMBUDSMAN:
        return begins + dt.timedelta(days=days)
    return city.calendar().add(begins, days)


def today() -> dt.date:
    return wita_date(clock.now())
