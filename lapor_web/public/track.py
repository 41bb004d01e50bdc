"""The reporter follows a report: in by number and code, then the page and what is done on it."""

import logging

from flask import abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from lapor_web import city, clock, reporter_session
from lapor_web.body_size import takes_files
from lapor_web.extensions import db
from lapor_web.models import Action, Agency, NotFromThisStatus, Report
from lapor_web.no_transaction import only_reads
from lapor_web.public import photos
from lapor_web.public.blueprint import bp
from lapor_web.public.contact import where_news_goes
from lapor_web.public.deeds import SLUGS, DeedForm, Verb, verb_of
from lapor_web.public.not_here import not_here
from lapor_web.public.report_page import Offer, blank_fields, own_page, published_parent
from lapor_web.public.too_often import too_often
from lapor_web.public.track_form import TrackForm
from lapor_web.public.words import overtaken_by
from lapor_web.services import followers, throttle, tracking
from lapor_web.services.attachments import FILES_AT_MOST
from lapor_web.services.deeds import REPORTER, DeedRefused, Overtaken, allow, perform
from lapor_web.services.keys import Keys
from lapor_web.services.numbers import candidates
from lapor_web.services.own_report import Beside, find_with_beside, read_beside

logger = logging.getLogger(__name__)

NO_MATCH = "Nomor atau kode lacak tidak cocok"
"""One sentence for a wrong code, a wrong number and no such report."""


@bp.get("/lacak")
def ask_for_code() -> ResponseReturnValue:
    form = TrackForm(None, number=request.args.get("number", ""))
    return render_template("public/track.html", form=form)


@bp.post("/lacak")
def open_report() -> ResponseReturnValue:
    form = TrackForm(request.form)
    if not form.validate():
        return render_template("public/track.html", form=form), 422
    number, code = form.number.data or "", form.code.data or ""
    agency, keys = city.current_agency(), city.keys()
    report = tracking.open_with_code(db.session(), agency, number, code, keys=keys)
    if report is None:
        return count_wrong_code(form, gates(agency, number, keys))
    # The right code is never made to wait: nobody guesses 80 bits, but anybody can keep guessing
    # at a number, and would shut its reporter out.
    reporter_session.remember(report.id, report.receipt_hash)
    to = url_for(".follow", number=report.number)
    db.session.commit()
    return redirect(to, 303)


@bp.post("/lacak/keluar")
def leave() -> ResponseReturnValue:
    """For a phone that others use too: this browser knows no report any more."""
    reporter_session.forget_all()
    session.pop("sent", None)
    return redirect(url_for(".home"), 303)


def count_wrong_code(form: TrackForm, gates: list[throttle.Gate]) -> ResponseReturnValue:
    try:
        throttle.reserve(db.session(), gates, clock.now())
    except throttle.TooManyTries as refused:
        logger.warning("receipt codes are being guessed at")
        return too_often("public/track.html", form, "dicoba", refused.wait)
    db.session.commit()
    form.form_errors = [NO_MATCH]
    return render_template("public/track.html", form=form), 422


def gates(agency: Agency, number: str, keys: Keys) -> list[throttle.Gate]:
    """By what is guessed at, existing or not, in each reading of what was typed; and by whoever
    goes through the numbers."""
    sender = keys.hash_of_subject("receipt-from", request.remote_addr or "")
    return [
        throttle.Gate(sender, throttle.ADDRESS),
        *(
            throttle.Gate(keys.hash_of_subject("receipt", one), throttle.RECEIPT)
            for one in candidates(agency.prefixes, number)
        ),
    ]


@bp.get("/lacak/<number>")
@only_reads
def follow(number: str) -> ResponseReturnValue:
    found = find_with_beside(db.session(), city.current_agency(), number)
    if found is None or not reporter_session.holds(found[0]):
        return not_here(number)
    return show_page(*found)


@bp.post("/lacak/<number>/<slug>")
@takes_files
def act(number: str, slug: str) -> ResponseReturnValue:
    report = own_report(number)
    if report is None:
        return not_here(number)
    if slug not in SLUGS:
        abort(404)
    verb = verb_of(slug, report)
    form = verb.form(request.form, slug=slug)
    try:
        return do(verb, form, report)
    except DeedRefused as refused:
        form.refuse(refused.field, refused.code)
        return refuse(422, verb, form, number)
    except Overtaken as faster:
        conflict = overtaken_by(faster.by, parent=published_parent(report))
    except NotFromThisStatus:
        conflict = "Ini tidak dapat dilakukan lagi pada laporan ini."
    return refuse(409, verb, form, number, conflict=conflict)


def do(verb: Verb, form: DeedForm, report: Report) -> ResponseReturnValue:
    """Raises Overtaken, NotFromThisStatus and DeedRefused."""
    refuse_overtaken(report, request.form.get("version", 0, int))
    allow(db.session(), report, verb.action, doer=REPORTER, version=report.version)
    if verb.action is Action.CONSENT_OMBUDSMAN and not too_long_unfinished(report):
        raise NotFromThisStatus(verb.action, report.status)
    if not form.validate():
        return refuse(422, verb, form, report.number)
    entry = perform(
        db.session(),
        report.id,
        form.deed(),
        doer=REPORTER,
        version=report.version,
        now=clock.now(),
    )
    if problems := photos.add_to(report, entry.sequence, request.files.getlist("photos")):
        form["photos"].errors = problems
        return refuse(422, verb, form, report.number)
    if verb.action is Action.WITHDRAW:
        followers.release(db.session(), report, now=clock.now())
    number = report.number
    db.session.commit()
    return redirect(url_for(".follow", number=number), 303)


def refuse_overtaken(report: Report, version: int) -> None:
    """Raises Overtaken, but only by what the reporter is told of: a note among officers costs
    nobody a second try."""
    read = version if version <= report.version else 0
    if news := tracking.news_since(report.history, read):
        raise Overtaken(news)


def too_long_unfinished(report: Report) -> bool:
    beside = read_beside(db.session(), report)
    return tracking.may_go_to_ombudsman(report, beside, clock.now())


def refuse(
    status: int, verb: Verb, form: DeedForm, number: str, *, conflict: str = ""
) -> ResponseReturnValue:
    """The page as the report is now, and on it the form as it was sent."""
    db.session.rollback()
    report = own_report(number)
    if report is None:
        return not_here(number)
    beside = read_beside(db.session(), report)
    return show_page(report, beside, status, tried=Offer(verb, form, tried=True), conflict=conflict)


def show_page(
    report: Report,
    beside: Beside,
    status: int = 200,
    *,
    tried: Offer | None = None,
    conflict: str = "",
) -> ResponseReturnValue:
    rare = "pilihan" in request.args
    page = render_template(
        "public/report.html",
        page=own_page(report, beside, tried=tried),
        tried=tried,
        conflict=conflict,
        rare=rare,
        news=where_news_goes(report) if rare else None,
        photos_at_most=FILES_AT_MOST,
        blank_fields=blank_fields,
    )
    return page, status


def own_report(number: str) -> Report | None:
    """None for a browser that does not hold it, and for a number that never was."""
    report = tracking.find_report(db.session(), city.current_agency(), number)
    return report if report and reporter_session.holds(report) else None
