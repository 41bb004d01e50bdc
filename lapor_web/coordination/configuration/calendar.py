"""Days off: a year at a time, proposed by a library, checked by a person, saved as a new version."""

from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue

from lapor_web import city, clock
from lapor_web.coordination.configuration.blueprint import bp, save, show, version
from lapor_web.coordination.configuration.calendar_form import KIND, YearForm
from lapor_web.extensions import db
from lapor_web.fields import VersionedForm
from lapor_web.models import Subject
from lapor_web.services import calendar_versions as versions
from lapor_web.services.configuration import Configuring, refuse_if_overtaken
from lapor_web.services.known_holidays import proposed
from lapor_web.services.working_days import wita_date

FIRST_YEAR, YEARS_AHEAD = 2018, 3


@bp.get("/kalender")
def calendar() -> ResponseReturnValue:
    session, agency_id = db.session(), city.current_agency().id
    kept = versions.count_by_year(session, agency_id)
    years = sorted({*kept, *range(this_year(), this_year() + 2)}, reverse=True)
    return show(
        "calendar", years=years, kept=kept, versions=versions.list_versions(session, agency_id)
    )


@bp.get("/kalender/<int:year>")
def calendar_year(year: int) -> ResponseReturnValue:
    """`usulan` puts what the library knows beside what is there; a year without days begins so."""
    form = YearForm(None, year=year_or_404(year), data={"versi": version_of(year)})
    there = versions.days_of(db.session(), city.current_agency().id, year)
    form.fill(there, proposed(year) if "usulan" in request.args or not there else [])
    return year_page(form, year=year)


@bp.post("/kalender/<int:year>")
def change_calendar(year: int) -> ResponseReturnValue:
    """First what it does to open deadlines; the same days sent once more are saved."""
    form = YearForm(request.form, year=year_or_404(year))
    if form.validate() and form.checked.data != form.mark:
        form.checked.data = form.mark
        form.checked.raw_data = None
        return year_page(form, year=year)

    def change(act: Configuring) -> str:
        refuse_if_overtaken(act, Subject.CALENDAR, str(year), form.version)
        made = versions.save_year(act, year, form.days)
        if not made:
            return f"Hari libur {year} tidak berubah."
        if made.moved:
            return "Kalender baru berlaku. Tenggat laporan terbuka sedang dihitung ulang."
        return "Kalender baru berlaku. Tidak ada tenggat yang berubah."

    def again(form: VersionedForm, status: int, **more: Any) -> ResponseReturnValue:
        return year_page(form, status, year=year, **more)

    return save(form, change, to=url_for(".calendar"), again=again)


def year_page(
    form: VersionedForm, status: int = 200, *, year: int, **more: Any
) -> ResponseReturnValue:
    """With the consequences, once the days were read."""
    made = moves = None
    session, agency_id = db.session(), city.current_agency().id
    if form.checked.data and not form.form_errors:
        made = versions.difference(versions.days_of(session, agency_id, year), form.days)
        moves = versions.may_move(session, agency_id, made)
    return show(
        "calendar_year", status, form=form, year=year, kinds=KIND, made=made, moves=moves, **more
    )


def version_of(year: int) -> str:
    return version(Subject.CALENDAR, str(year))


def this_year() -> int:
    return wita_date(clock.now()).year


def year_or_404(year: int) -> int:
    if not FIRST_YEAR <= year <= this_year() + YEARS_AHEAD:
        abort(404)
    return year
