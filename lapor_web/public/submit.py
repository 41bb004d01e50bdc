"""From three questions over a check page to a number and a code, without losing a word."""

import math
from collections.abc import Sequence

from flask import make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from lapor_web import city, clock, reporter_session
from lapor_web.body_size import takes_files
from lapor_web.extensions import db
from lapor_web.models import Status, Step
from lapor_web.no_transaction import ask_alone
from lapor_web.public import floods, photos
from lapor_web.public.blueprint import bp
from lapor_web.public.contact import masked_contact
from lapor_web.public.not_here import not_here
from lapor_web.public.promise import promise
from lapor_web.public.report_form import ReportForm, new_key
from lapor_web.public.report_page import place_words, published_parent
from lapor_web.public.words import public_stage, sentence
from lapor_web.services import followers, tracking
from lapor_web.services.attachments import FILES_AT_MOST
from lapor_web.services.limits import limit_days
from lapor_web.services.places import find_area, has_shapes
from lapor_web.services.published import list_kecamatan
from lapor_web.services.similar import Similar, Told, find_similar
from lapor_web.services.submission import KeyUsedForAnotherText, submit

REMEMBERED = 3
"""How many reports of this browser can show their code again."""


@bp.get("/lapor")
def ask() -> ResponseReturnValue:
    return show_form(ReportForm(None, now=clock.now()))


@bp.post("/lapor")
@takes_files
def check() -> ResponseReturnValue:
    """The check page. Photos come with this post and wait for the report under its form's key,
    also where an answer is missing: nobody sends a photo twice."""
    form = sent_form()
    problems = photos.keep_for_later(request.files.getlist("photos"), form.key.data or "")
    db.session.commit()
    if "ubah" in request.form:
        return show_form(form)
    whole = form.validate()
    if problems:
        form.photos.errors = problems
    if not whole or problems:
        return show_form(form, 422)
    look_up_place(form)
    return show_check(form, similar=already_reported(form))


@bp.post("/lapor/kirim")
def send() -> ResponseReturnValue:
    if not is_more_than_a_report():
        ask_alone()
    form = sent_form()
    if request.form.get("key") != form.key.data:
        # Without the key that the form came with, a second try would be a second report.
        return show_check(form, 422, notice="Tekan Kirim laporan sekali lagi.")
    if not form.validate():
        return show_form(form, 422)
    try:
        doubtful = floods.is_doubtful(form)
    except floods.TooMany as refused:
        return show_too_many(form, refused)
    look_up_place(form)
    keys = city.keys()
    try:
        receipt = submit(
            db.session(),
            city.current_agency(),
            form.submission(quarantined=doubtful),
            keys=keys,
            now=clock.now(),
        )
    except KeyUsedForAnotherText:
        db.session.rollback()
        form.key.data = new_key()
        return show_check(form, 409, notice=USED)
    if joins := request.form.get("ikut"):
        followers.join(db.session(), city.current_agency(), receipt, joins, now=clock.now())
    reporter_session.remember(receipt.report_id, keys.hash_of_receipt(receipt.code))
    db.session.commit()
    if not receipt.repeated:
        floods.count_in_browser()
    remember_key(receipt.number, form.key.data or "", again=receipt.repeated)
    return redirect(url_for(".sent", number=receipt.number), 303)


def is_more_than_a_report() -> bool:
    """Where a deed follows, by which it goes to the Inspektorat or joins another. All else is one
    statement."""
    return bool(request.form.get("about_service") or request.form.get("ikut"))


def show_too_many(form: ReportForm, refused: floods.TooMany) -> ResponseReturnValue:
    """Everything typed stays in the page."""
    if form.kecamatan.data:
        offer_places(form)
    page = make_response(show_check(form, 429, notice=refused.words))
    page.headers["Retry-After"] = str(math.ceil(refused.wait.total_seconds()))
    return page


USED = (
    "Formulir ini sudah dipakai untuk laporan lain yang terkirim. Bila ini laporan baru,"
    " tekan Kirim laporan. Foto perlu dipilih sekali lagi."
)


@bp.get("/lapor/terkirim/<number>")
def sent(number: str) -> ResponseReturnValue:
    """Number and code, to the browser that sent the report and to no other."""
    key, again = session.get("sent", {}).get(number, ("", False))
    report = tracking.find_report(db.session(), city.current_agency(), number)
    keys = city.keys()
    if report is None or report.key_hash != keys.hash_of_form(key):
        return not_here(number)
    if not reporter_session.holds(report):  # forgotten after half a day: phones are shared
        return not_here(number)
    answer_days = limit_days(
        db.session(), report.agency_id, Step.FIRST_FOLLOW_UP, report.received_on
    )
    return render_template(
        "public/sent.html",
        report=report,
        code=keys.receipt_code(key),
        again=again,
        waits=report.status is Status.UNVERIFIED,
        sentence=sentence(report, parent=published_parent(report)),
        promise=promise(report, city.calendar(), clock.now()),
        answer_days=answer_days,
        contact=masked_contact(report),
        photos=photos.count(report),
    )


def remember_key(number: str, key: str, *, again: bool) -> None:
    """In the signed cookie of this browser; the newest few."""
    others = [(one, kept) for one, kept in session.get("sent", {}).items() if one != number]
    session["sent"] = dict([*others, (number, (key, again))][-REMEMBERED:])


def sent_form() -> ReportForm:
    """The places are asked for only where one was chosen: who sends without one waits less."""
    form = ReportForm(request.form, now=clock.now())
    if form.kecamatan.data:
        offer_places(form)
    return form


def offer_places(form: ReportForm) -> None:
    if not form.places:
        form.offer(list_kecamatan(db.session(), city.current_agency()))


def show_form(form: ReportForm, status: int = 200) -> ResponseReturnValue:
    offer_places(form)
    # Nothing waits under a key that was made just now.
    sent = request.method == "POST"
    page = render_template(
        "public/report_form.html",
        form=form,
        waiting=photos.names_of_waiting(form.key.data or "") if sent else [],
        photos_at_most=FILES_AT_MOST,
        knows_areas=city.knows_areas(),
    )
    return page, status


def look_up_place(form: ReportForm) -> None:
    """Only where a phone told its place."""
    if form.point is None:
        return
    session, agency = db.session(), city.current_agency()
    form.found = find_area(session, agency, form.point)
    form.outside = form.found is None and has_shapes(session, agency)


def already_reported(form: ReportForm) -> list[Similar]:
    """Nothing for who reports in confidence: theirs must not hang on what everybody reads."""
    if form.hides_report or form.looks_like_a_bot:
        return []
    chosen = form.chosen_place.id if form.chosen_place else None
    told = Told(
        story=form.story.data or "",
        place=form.place.data or "",
        kecamatan_id=chosen or (form.found.kecamatan_id if form.found else None),
        point=form.point,
    )
    return find_similar(db.session(), city.current_agency(), told, now=clock.now())


def show_check(
    form: ReportForm, status: int = 200, *, notice: str = "", similar: Sequence[Similar] = ()
) -> ResponseReturnValue:
    page = render_template(
        "public/check.html",
        form=form,
        waiting=photos.names_of_waiting(form.key.data or ""),
        notice=notice,
        similar=similar,
        stage_of=public_stage,
        place_words=place_words,
    )
    return page, status
