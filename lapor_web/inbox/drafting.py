"""Help with an answer that is not sent yet: a canned text put into it, or what would be received.

Other buttons of the same form, to the same address: nothing is done, and nothing that was typed is lost.
"""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from lapor_web.extensions import db
from lapor_web.fragments import wants_fragment
from lapor_web.inbox.address import Place
from lapor_web.inbox.deed_form import DeedForm
from lapor_web.inbox.desk import beside, calendar, undo_strip
from lapor_web.inbox.pane import make_pane
from lapor_web.inbox.preview import preview_of
from lapor_web.inbox.registry import Verb
from lapor_web.models import Report
from lapor_web.services import canned
from lapor_web.services.desk import Desk

CANNED, PREVIEW = "siap", "lihat"
"""The names of the buttons. The value of the first is which text, or the word for their list."""
LIST = "daftar"


def asks_for_help(form: DeedForm) -> bool:
    return (CANNED in request.form and form.takes_canned) or (
        PREVIEW in request.form and form.is_previewed
    )


def help_writing(
    verb: Verb, form: DeedForm, desk: Desk, report: Report, place: Place
) -> ResponseReturnValue:
    """The report again, the form with what was typed, and in it what was asked for."""
    status = 200
    if CANNED in request.form:
        put_in(form, desk, request.form[CANNED])
    elif form.validate():
        words = form[form.words_field].data
        form.preview = preview_of(report, verb.action, desk.user.role, words)
    else:
        status = 422
    days = calendar(desk)
    pane = make_pane(desk, report, days, tried=(verb, form))
    if wants_fragment():
        return render_template("inbox/_swap.html", desk=desk, place=place, pane=pane), status
    page = render_template(
        "inbox/report.html",
        desk=desk,
        pane=pane,
        undo=undo_strip(desk),
        **beside(desk, place, days),
    )
    return page, status


def put_in(form: DeedForm, desk: Desk, which: str) -> None:
    """Behind what was typed already; or, for the list, nothing yet."""
    if which == LIST:
        form.canned = canned.list_for(db.session(), desk.user)
        return
    chosen = canned.find_for(db.session(), desk.user, int(which)) if which.isdecimal() else None
    if chosen is None:
        abort(404)
    field = form[form.words_field]
    field.data = "\n\n".join(words for words in (field.data, chosen.text) if words)
    form.was_put_in = True
