"""Handouts of a period, a meeting, an office and a year: pages to print, and files made by the worker."""

import datetime as dt
import io
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lapor_web import city, clock, long_jobs_view
from lapor_web.coordination.period import EARLIEST_YEAR, LATEST_YEAR, PeriodForm
from lapor_web.extensions import db
from lapor_web.handouts import kinds, paper, sheets
from lapor_web.handouts.cells import paper_day
from lapor_web.handouts.kinds import FORMAT_WORDS, Format, Handout
from lapor_web.models import COORDINATION_ROLES, Meeting, Opd, User
from lapor_web.services import agenda, rakor
from lapor_web.services.jobs import Job
from lapor_web.services.long_jobs import Product
from lapor_web.services.periods import Period
from lapor_web.services.working_days import wita_date
from lapor_web.sign_in import admit, signed_in_user

bp = Blueprint("handouts", __name__, url_prefix="/koordinasi")
bp.before_request(admit(*COORDINATION_ROLES))

OF_FIGURES = (Format.PDF, Format.XLSX, Format.CSV)


@dataclass(frozen=True, slots=True)
class Screen:
    """What a page to print has beside its sheet, on a screen."""

    back: str
    files: list[tuple[str, str]]


# ---- a period ----


@bp.get("/rekap.<ending>")
def recap_file(ending: str) -> ResponseReturnValue:
    user, format_, period = whoever_may(Handout.RECAP), format_or_404(ending), period_or_404()
    if format_ is Format.CSV:
        now = clock.now()
        return at_once(
            sheets.of_period(db.session(), city.current_agency(), user, period, format_, now)
        )
    return ask(
        Handout.RECAP,
        format_,
        f"Rekap {span(period)}",
        start=period.start.isoformat(),
        end=period.end.isoformat(),
    )


@bp.get("/rekap/cetak")
def print_recap() -> ResponseReturnValue:
    period = period_or_404()
    days: dict[str, Any] = {"dari": period.start.isoformat(), "sampai": period.end.isoformat()}
    files = [
        (FORMAT_WORDS[one], url_for(".recap_file", ending=one.value, **days)) for one in OF_FIGURES
    ]
    screen = Screen(url_for("coordination.recap", **days), files)
    return paper.recap_page(
        db.session(), city.current_agency(), period, now=clock.now(), screen=screen
    )


def period_or_404() -> Period:
    form = PeriodForm(request.args)
    if not form.validate():
        abort(404)
    return form.period


def span(period: Period) -> str:
    return str(period.year or f"{paper_day(period.start)} sampai {paper_day(period.end)}")


# ---- a meeting ----


@bp.get("/rakor/<int:meeting_id>.<ending>")
def meeting_file(meeting_id: int, ending: str) -> ResponseReturnValue:
    whoever_may(Handout.MEETING)
    meeting, format_ = meeting_or_404(meeting_id), format_or_404(ending)
    if format_ is Format.CSV:
        now = clock.now()
        return at_once(
            sheets.of_meeting(db.session(), city.current_agency(), meeting, format_, now)
        )
    title = f"{meeting.name}, {paper_day(meeting.held_on)}"
    return ask(Handout.MEETING, format_, title, meeting_id=meeting.id)


def meeting_or_404(meeting_id: int) -> Meeting:
    meeting = rakor.find_meeting(db.session(), city.current_agency().id, meeting_id)
    if meeting is None:
        abort(404)
    return meeting


# ---- an office ----


@bp.get("/kunjungan")
def list_visits() -> ResponseReturnValue:
    whoever_may(Handout.VISIT)
    today = wita_date(clock.now())
    late = agenda.late_offices(db.session(), city.current_agency().id, today=today)
    return render_template("coordination/visits.html", late=late)


@bp.get("/kunjungan/<code>")
def print_visit(code: str) -> ResponseReturnValue:
    whoever_may(Handout.VISIT)
    opd = opd_or_404(code)
    file = ("PDF", url_for(".visit_file", code=opd.code))
    return paper.visit_page(
        db.session(),
        city.current_agency(),
        opd,
        now=clock.now(),
        screen=Screen(url_for(".list_visits"), [file]),
    )


@bp.get("/kunjungan/<code>.pdf")
def visit_file(code: str) -> ResponseReturnValue:
    whoever_may(Handout.VISIT)
    opd = opd_or_404(code)
    return ask(Handout.VISIT, Format.PDF, f"Lembar kunjungan {opd.short_name}", opd_id=opd.id)


def opd_or_404(code: str) -> Opd:
    own = select(Opd).where(Opd.agency_id == city.current_agency().id, Opd.code == code)
    opd = db.session.scalar(own)
    if opd is None:
        abort(404)
    return opd


# ---- a year ----


@bp.get("/laporan-tahunan/<int:year>")
def print_year(year: int) -> ResponseReturnValue:
    year_or_404(year)
    file = ("PDF", url_for(".year_file", year=year))
    return paper.year_page(
        db.session(),
        city.current_agency(),
        year,
        now=clock.now(),
        screen=Screen(url_for("coordination.overview", tahun=year), [file]),
    )


@bp.get("/laporan-tahunan/<int:year>.pdf")
def year_file(year: int) -> ResponseReturnValue:
    year_or_404(year)
    return ask(Handout.YEAR, Format.PDF, f"Laporan tahunan {year}", year=year)


@bp.get("/surat-jawaban/<int:year>.docx")
def letter_file(year: int) -> ResponseReturnValue:
    """A draft of the answer to the ministry's letter."""
    whoever_may(Handout.LETTER)
    year_or_404(year)
    return ask(Handout.LETTER, Format.DOCX, f"Draf surat jawaban evaluasi {year}", year=year)


def year_or_404(year: int) -> None:
    if not max(EARLIEST_YEAR, dt.MINYEAR + 1) <= year <= LATEST_YEAR:
        abort(404)


# ---- all of them ----


def whoever_may(handout: Handout) -> User:
    user = signed_in_user()
    if not kinds.may_have(user, handout):
        abort(403)
    return user


def format_or_404(ending: str) -> Format:
    if ending not in OF_FIGURES:
        abort(404)
    return Format(ending)


def ask(handout: Handout, format_: Format, title: str, **given: Any) -> ResponseReturnValue:
    """What is asked for changes nothing, so an address is enough; it is drawn in the worker."""
    whole_title = f"{title}, {FORMAT_WORDS[format_]}"
    kind = {"handout": handout.value, "format": format_.value}
    return long_jobs_view.ask(Job.MAKE_HANDOUT, whole_title, **kind, **given)


def at_once(product: Product) -> ResponseReturnValue:
    response = send_file(
        io.BytesIO(product.content),
        mimetype=product.media_type,
        as_attachment=True,
        download_name=product.file_name,
        etag=False,
    )
    response.headers["Cache-Control"] = "no-store"
    return response
