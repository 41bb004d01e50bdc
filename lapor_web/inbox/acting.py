"""A deed is done: POST /kotak-masuk/<number>/<deed>, for every row of the registry.

What may go wrong has an answer each: not one's report 404, not one's deed 403, somebody was faster
409, something is missing 422. None of them loses what was typed.
"""

import datetime as dt
from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import CombinedMultiDict

from lapor_web import city, clock, labels
from lapor_web.body_size import takes_files
from lapor_web.extensions import db
from lapor_web.fragments import at_address, leave_for, wants_fragment
from lapor_web.inbox.address import Place, place_of
from lapor_web.inbox.blueprint import bp, note_that_none_was_sought
from lapor_web.inbox.choices import Offered
from lapor_web.inbox.conflicts import conflict_of, moved_with
from lapor_web.inbox.deed_form import DeedForm
from lapor_web.inbox.desk import (
    around_list,
    beside,
    calendar,
    my_desk,
    naming,
    remember_undo,
    undo_strip,
)
from lapor_web.inbox.drafting import asks_for_help, help_writing
from lapor_web.inbox.evidence import REFUSED, keep_evidence, keeping
from lapor_web.inbox.office_forms import ProposeForm
from lapor_web.inbox.pane import make_pane
from lapor_web.inbox.queue_forms import SplitForm
from lapor_web.inbox.registry import SLUGS, TAKE_BACK, Verb, find_verb
from lapor_web.models import (
    Action,
    HistoryEntry,
    NotAllowedForRole,
    NotFromThisStatus,
    Report,
    Status,
)
from lapor_web.services import inbox, inbox_reports
from lapor_web.services.attachments import AttachmentRefused
from lapor_web.services.deeds import (
    UNDO_WINDOW,
    DeedRefused,
    Doer,
    Overtaken,
    allow,
    latest,
    perform,
)
from lapor_web.services.desk import Desk
from lapor_web.services.identity import Unreadable
from lapor_web.services.reading import note_read
from lapor_web.services.reveal import read_identity
from lapor_web.services.split import bring_photos, find_other

UNDO_WINDOW_OF_SCRIPT = dt.timedelta(seconds=10)
"""The strip on the screen lives as long."""
AHEAD = "Lapor-Ahead"
"""A report that the browser has already, "SMR-260431-2:5"; and in the answer, that it may show it."""


@bp.post("/<number>/<slug>")
@takes_files
def act(number: str, slug: str) -> ResponseReturnValue:
    desk = my_desk()
    report = find(desk, number, slug)
    if report is None:
        return not_here()
    verb = find_verb(slug, desk.user.role)
    if verb is None:
        abort(403)
    place = place_of(desk)
    form = filled_form(verb, desk, report)
    try:
        return do(verb, form, desk, report, place)
    except NotAllowedForRole:
        abort(403)
    except Overtaken as faster:
        return overtaken(verb, desk, report, place, faster.by)
    except NotFromThisStatus:
        return overtaken(verb, desk, report, place, latest(db.session(), report))
    except DeedRefused as refused:
        form.refuse(refused.field, labels.REFUSAL[refused.code])
        return refuse(422, verb, number, place, form=form)
    except AttachmentRefused as refused:
        form.refuse("evidence", REFUSED[refused.code].format(name=refused.name))
        return refuse(422, verb, number, place, form=form)


def find(desk: Desk, number: str, slug: str) -> Report | None:
    """What one may read; and to take it back, what one's own deed has just sent out of sight."""
    if slug not in SLUGS:
        note_that_none_was_sought()
        return None
    report = inbox_reports.find_report(db.session(), desk, number)
    if report is None and slug == TAKE_BACK:
        report = inbox_reports.find_own_last_deed(db.session(), desk, number, now=clock.now())
    return report


def filled_form(verb: Verb, desk: Desk, report: Report) -> DeedForm:
    sent: CombinedMultiDict[str, Any] = CombinedMultiDict([request.files, request.form])
    return verb.form(sent, offered=Offered(db.session(), desk, report), name=verb.name)


def do(verb: Verb, form: DeedForm, desk: Desk, report: Report, place: Place) -> ResponseReturnValue:
    """Raises as `perform`; what is missing in the form is answered here."""
    doer, version = Doer.officer(desk.user), request.form.get("version", 0, int)
    # Asked before the form is read: who came too late should not first mend a field.
    allow(db.session(), report, verb.action, doer=doer, version=version)
    if asks_for_help(form):
        return help_writing(verb, form, desk, report, place)
    if not form.validate():
        return refuse(422, verb, report.number, place, form=form)
    onward = report.number
    if not verb.stays:
        onward = inbox.next_number(db.session(), desk, place.asked, report) or ""
    window = UNDO_WINDOW_OF_SCRIPT if wants_fragment() else UNDO_WINDOW
    if isinstance(form, ProposeForm):
        keep_evidence(form.shown(), report)
    entry = perform(
        db.session(),
        report.id,
        form.deed(),
        doer=doer,
        version=version,
        now=clock.now(),
        undo_window=window,
    )
    # Whoever acts has read it, whichever way they came.
    note_read(db.session(), report, desk.user, desk.units, clock.now())
    if isinstance(form, SplitForm) and form.photos.data:
        bring_photos(db.session(), find_other(db.session(), entry), **keeping())
    if verb.action is Action.REVEAL_IDENTITY:
        return reveal(report, place)
    remember_undo(entry, report, window)
    done = report.number
    db.session.commit()
    return answer(desk, done, onward, place)


def answer(desk: Desk, done: str, onward: str, place: Place) -> ResponseReturnValue:
    """On to the next report: by address, or into the pane with what changed around it."""
    to = place.report_address(onward) if onward else place.list_address()
    if not wants_fragment():
        return leave_for(to)
    days = calendar(desk)
    ahead = has_already(desk, onward)
    report = inbox_reports.find_report(db.session(), desk, onward) if onward and not ahead else None
    fragment = render_template(
        "inbox/_done.html",
        desk=desk,
        place=place,
        pane=make_pane(desk, report, days) if report else None,
        onward=onward,
        ahead=ahead,
        done=done,
        line=inbox.find_line(db.session(), desk, place.asked, done, days),
        naming=naming(desk, place.asked.view),
        **around_list(desk),
        undo=undo_strip(desk, report),
    )
    return at_address(fragment, to, {AHEAD: onward} if ahead else {})


def has_already(desk: Desk, number: str) -> bool:
    """Whether the browser loaded that report ahead, in the version that it has now."""
    loaded, _, version = request.headers.get(AHEAD, "").partition(":")
    if not number or loaded != number:
        return False
    report = inbox_reports.find_report_to_tell(db.session(), desk, number)
    return report is not None and version == str(report.version)


def overtaken(
    verb: Verb, desk: Desk, report: Report, place: Place, by: HistoryEntry
) -> ResponseReturnValue:
    """An answer to what was merged meanwhile goes on to the report that it was merged with."""
    if verb.action is Action.FOLLOW_UP and report.status is Status.MERGED and report.parent:
        parent = report.parent.number
        if inbox_reports.find_report(db.session(), desk, parent):
            return refuse(409, verb, parent, place, conflict=moved_with(parent))
    words, faster = conflict_of(by, verb.action), by.sequence
    return refuse(409, verb, report.number, place, conflict=words, faster=faster)


def refuse(
    status: int,
    verb: Verb,
    number: str,
    place: Place,
    *,
    form: DeedForm | None = None,
    conflict: str | None = None,
    faster: int | None = None,
) -> ResponseReturnValue:
    """The report as it is now, and in it the form as it was sent."""
    db.session.rollback()
    desk = my_desk()
    report = inbox_reports.find_report(db.session(), desk, number)
    if report is None:
        return not_here()
    days = calendar(desk)
    form = form or filled_form(verb, desk, report)
    form.show_again(Offered(db.session(), desk, report))
    tried = (verb, form)
    pane = make_pane(desk, report, days, tried=tried, conflict=conflict, faster=faster)
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


def not_here() -> ResponseReturnValue:
    """Nothing of that number for this officer, be it that there never was or that it just went to
    another office. What was typed is handed back in both cases."""
    names = ("text", "reason", "note", "title", "public_text", "story", "place", "belongs_to")
    kept = [value for name in names if (value := request.form.get(name, "").strip())]
    return render_template("inbox/not_here.html", kept=kept), 404


def reveal(report: Report, place: Place) -> ResponseReturnValue:
    """Shown once, in the answer itself: no address leads to it, and its trace is committed first."""
    try:
        identity = read_identity(db.session(), report, keys=city.keys())
    except Unreadable:
        identity = None
    number = report.number
    db.session.commit()
    template = "inbox/_identity.html" if wants_fragment() else "inbox/identity.html"
    return render_template(
        template, identity=identity, number=number, back=place.report_address(number)
    )
