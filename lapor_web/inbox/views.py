"""The list of each view, and one report to read."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from lapor_web import clock
from lapor_web.extensions import db
from lapor_web.fragments import render, wants_fragment
from lapor_web.inbox.address import place_of
from lapor_web.inbox.blueprint import bp
from lapor_web.inbox.desk import beside, calendar, my_desk, undo_strip
from lapor_web.inbox.filter_form import filtering
from lapor_web.inbox.pane import make_pane
from lapor_web.only_reads import only_reads
from lapor_web.services.inbox import find_report
from lapor_web.services.presence import list_present_at
from lapor_web.services.surroundings import list_joined


@bp.get("")
@only_reads
def list_reports() -> ResponseReturnValue:
    desk = my_desk()
    place = place_of(desk)
    context = beside(desk, place, calendar(desk)) | filtering(desk, place)
    return render(
        "inbox/inbox.html",
        "inbox/_list.html",
        desk=desk,
        undo=undo_strip(desk),
        picks=request.args.get("pilih"),
        **context,
    )


@bp.get("/<number>")
def read_report(number: str) -> ResponseReturnValue:
    desk = my_desk()
    report = find_report(db.session(), desk, number)
    if report is None:
        abort(404)
    place, days = place_of(desk), calendar(desk)
    present = list_present_at(db.session(), desk.user, report.id, now=clock.now())
    pane = make_pane(desk, report, days, wanted=request.args.get("formulir", ""))
    if wants_fragment():
        return render_template(
            "inbox/_swap.html", desk=desk, place=place, pane=pane, present=present
        )
    return render_template(
        "inbox/report.html",
        desk=desk,
        pane=pane,
        undo=undo_strip(desk, report),
        **beside(desk, place, days) | {"present": present},
    )


@bp.get("/<number>/gabungan")
def list_merged(number: str) -> ResponseReturnValue:
    """What others wrote about the same, for whoever reads the report that it was merged with."""
    desk = my_desk()
    report = find_report(db.session(), desk, number)
    if report is None:
        abort(404)
    return render(
        "inbox/merged.html",
        "inbox/_merged.html",
        desk=desk,
        report=report,
        place=place_of(desk),
        joined=list_joined(db.session(), desk.user, report),
    )
