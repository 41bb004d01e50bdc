"""The checklist of a report: POST /kotak-masuk/<number>/daftar-periksa adds, ticks or removes a step."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from lapor_web import clock
from lapor_web.extensions import db
from lapor_web.fragments import leave_for, wants_fragment
from lapor_web.inbox.address import place_of
from lapor_web.inbox.blueprint import bp, note_that_none_was_sought
from lapor_web.inbox.desk import my_desk
from lapor_web.models import Action, Report, User
from lapor_web.services import checklist
from lapor_web.services.access import handles
from lapor_web.services.checklist import LONGEST_STEP, STEPS_AT_MOST, TooManySteps
from lapor_web.services.desk import Desk
from lapor_web.services.inbox_reports import find_report
from lapor_web.text import clean_line

EMPTY = "Tulis langkahnya"
TOO_LONG = f"Terlalu panjang. Paling banyak {LONGEST_STEP} huruf"
TOO_MANY = f"Paling banyak {STEPS_AT_MOST} langkah"


@bp.post("/<number>/daftar-periksa")
def change_checklist(number: str) -> ResponseReturnValue:
    desk = my_desk()
    report = find_report(db.session(), desk, number)
    if report is None:
        abort(404)
    if not may_keep(desk, report):
        abort(403)
    problem = change(report, desk.user)
    place = place_of(desk)
    if problem is None:
        db.session.commit()
        if not wants_fragment():
            return leave_for(place.report_address(number))
        report = find_report(db.session(), my_desk(), number)
    context = {
        "report": report,
        "place": place,
        "steps": checklist.list_steps(db.session(), report) if report else [],
        "keeps": True,
        "problem": problem,
        "typed": request.form.get("text", "") if problem else "",
        "now_open": True,
    }
    template = "inbox/_checklist.html" if wants_fragment() else "inbox/checklist.html"
    return render_template(template, **context), 422 if problem else 200


def may_keep(desk: Desk, report: Report) -> bool:
    """Whoever works on it: the holder's officers, and those of the unit that does the work."""
    in_office = desk.user.opd_id is not None
    return in_office and handles(desk.user, report, Action.FOLLOW_UP, desk.units)


def change(report: Report, user: User) -> str | None:
    """What is wrong with what was sent, as a sentence; None when it is done."""
    session, now = db.session(), clock.now()
    step_id = request.form.get("step", type=int)
    if step_id is None:
        text = clean_line(request.form.get("text"))
        if not text:
            return EMPTY
        if len(text) > LONGEST_STEP:
            return TOO_LONG
        try:
            checklist.add_step(session, report, text, user, now)
        except TooManySteps:
            return TOO_MANY
        return None
    step = checklist.find_step(session, report, step_id)
    if step is None:
        note_that_none_was_sought()
        abort(404)
    if "remove" in request.form:
        session.delete(step)
    else:
        checklist.tick(step, user, now, done="done" in request.form)
    return None
