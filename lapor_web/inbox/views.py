"""The list of each view, and one report to read."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from lapor_web import clock
from lapor_web.extensions import db
from lapor_web.fragments import render, wants_fragment
from lapor_web.inbox.address import Place, place_of
from lapor_web.inbox.blueprint import bp
from lapor_web.inbox.desk import beside, calendar, my_desk, undo_strip
from lapor_web.inbox.filter_form import filtering
from lapor_web.inbox.other_desks import not_on_this_desk
from lapor_web.inbox.pane import Pane, make_pane
from lapor_web.no_transaction import only_reads
from lapor_web.services.desk import Desk
from lapor_web.services.inbox_reports import find_report
from lapor_web.services.reading import note_read
from lapor_web.services.surroundings import list_joined, read_surroundings
from lapor_web.services.working_days import WorkingDays


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
@only_reads  # but for one statement, by which its first reader is noted
def read_report(number: str) -> ResponseReturnValue:
    desk = my_desk()
    report = find_report(db.session(), desk, number)
    if report is None:
        return not_on_this_desk(desk, number)
    place, days = place_of(desk), calendar(desk)
    pane = make_pane(desk, report, days, wanted=request.args.get("formulir", ""))
    answer = show_report(desk, place, pane, days)
    if opens_first(desk, pane):
        note_read(db.session(), report, desk.user, desk.units, clock.now())
        db.session.commit()
    return answer


def show_report(desk: Desk, place: Place, pane: Pane, days: WorkingDays) -> str:
    if wants_fragment():
        return render_template("inbox/_swap.html", desk=desk, place=place, pane=pane)
    return render_template(
        "inbox/report.html",
        desk=desk,
        pane=pane,
        undo=undo_strip(desk, pane.report),
        **beside(desk, place, days),
    )


def opens_first(desk: Desk, pane: Pane) -> bool:
    """Whether this is the holder's first look; what a browser loads ahead nobody has looked at."""
    holds = pane.report.holder_opd_id in desk.units and pane.offices.held_since is not None
    asked = request.headers
    ahead = "prefetch" in asked.get("Sec-Purpose", "") + asked.get("Purpose", "")
    return holds and pane.offices.first_read_at is None and not ahead


@bp.get("/<number>/gabungan")
def list_merged(number: str) -> ResponseReturnValue:
    """What others wrote about the same, for whoever reads the report that it was merged with."""
    desk = my_desk()
    report = find_report(db.session(), desk, number)
    if report is None:
        abort(404)
    joined = list_joined(db.session(), desk.user, report)
    around = read_surroundings(db.session(), desk.user, desk.kin, report, now=clock.now())
    return render(
        "inbox/merged.html",
        "inbox/_merged.html",
        desk=desk,
        report=report,
        place=place_of(desk),
        joined=joined,
        not_shown=around.joined - len(joined),
    )
