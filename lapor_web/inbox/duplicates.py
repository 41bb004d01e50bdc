"""What a report may be a second telling of: GET /kotak-masuk/<number>/serupa, asked for beside the pane."""

from flask import abort
from flask.typing import ResponseReturnValue

from lapor_web import clock
from lapor_web.extensions import db
from lapor_web.fragments import render
from lapor_web.inbox.address import place_of
from lapor_web.inbox.blueprint import bp
from lapor_web.inbox.desk import my_desk
from lapor_web.models import Action
from lapor_web.no_transaction import only_reads
from lapor_web.services.duplicates import find_duplicates
from lapor_web.services.inbox_reports import find_report
from lapor_web.services.permitted import rights_at


@bp.get("/<number>/serupa")
@only_reads
def list_duplicates(number: str) -> ResponseReturnValue:
    desk = my_desk()
    report = find_report(db.session(), desk, number)
    if report is None:
        abort(404)
    may_merge = Action.MERGE in rights_at(desk.units, desk.user, report).actions
    return render(
        "inbox/duplicates.html",
        "inbox/_duplicates.html",
        desk=desk,
        report=report,
        place=place_of(desk),
        found=find_duplicates(db.session(), desk.scope, report, clock.now()),
        may_merge=may_merge,
    )
