"""A report that is not on the desk that is open, but on another one of the same officer (Plt.)."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from lapor_web import clock
from lapor_web.extensions import db
from lapor_web.inbox.blueprint import note_that_none_was_sought
from lapor_web.inbox.desk import desk_of
from lapor_web.services.desk import Desk
from lapor_web.services.inbox_reports import find_report
from lapor_web.services.sessions import desks_of


def not_on_this_desk(desk: Desk, number: str) -> ResponseReturnValue:
    """404, and the way to the desk that it lies on: a link in a letter knows of no desks."""
    if not desk.user.stands_in_for:
        abort(404)
    for at in desks_of(db.session(), desk.user.id, clock.now()):
        report = find_report(db.session(), desk_of(at), number)
        if report is not None:
            note_that_none_was_sought()
            return render_template("inbox/other_desk.html", at=at, number=report.number), 404
    abort(404)
