"""What others do, on a list that is open: `/kotak-masuk/arus`; and `/kotak-masuk/<number>/hadir`, by
which a page says what is read or written in it.

The stream carries markup: the views with their counts, and those rows that are not as they were.
What comes and goes is said, not moved: nobody's row slips away under their hand.
"""

import hashlib

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lapor_web import clock, live
from lapor_web.dates import clock_time
from lapor_web.extensions import db
from lapor_web.inbox.address import Place, place_of
from lapor_web.inbox.blueprint import bp, note_that_none_was_sought
from lapor_web.inbox.desk import around_list, calendar, desk_of, my_desk, naming
from lapor_web.inbox.rows import draw_row
from lapor_web.inbox.told import overtaken_by
from lapor_web.models import Action, Report, User
from lapor_web.services import inbox, inbox_reports, presence, sessions
from lapor_web.services.desk import Desk
from lapor_web.services.events import REPORTS
from lapor_web.services.presence import PRESENCE, State
from lapor_web.services.reading import note_read
from lapor_web.sign_in import token_of_this_browser

SECONDS_OF_REST = 1.0
"""Between two looks of a screen, however much happens."""


@bp.get("/arus")
def stream() -> ResponseReturnValue:
    desk = my_desk()
    place, user_id, token = place_of(desk), desk.user.id, token_of_this_browser()
    sent: dict[str, Markup] = {}
    """By number, each row as this screen has it."""

    def look() -> live.Frame | None:
        user = sessions.find_user(db.session(), token, clock.now())
        if user is None or user.id != user_id or user.role is not desk.user.role:
            return None
        return draw(desk_of(user), place, sent)

    return live.stream(look, [REPORTS, PRESENCE], rest=SECONDS_OF_REST)


def draw(desk: Desk, place: Place, sent: dict[str, Markup]) -> live.Frame:
    around = around_list(desk)
    lines = inbox.list_lines(db.session(), desk, place.asked, calendar(desk), page=place.page)
    named = naming(desk, place.asked.view)
    pills = around["pills"]
    rows = {
        line.number: draw_row(
            line, place.report_address(line.number), named, pill=pills.get(line.number, "")
        )
        for line in lines
    }
    changed = [row for number, row in rows.items() if sent.get(number) != row]
    sent.clear()
    sent.update(rows)
    frame = render_template(
        "inbox/_live.html", desk=desk, place=place, numbers=list(rows), rows=changed, **around
    )
    shown = repr((around["counts"], around["saved"], *rows.values()))
    return live.Frame(digest(shown), frame, clock_time(clock.now()))


def digest(shown: str) -> str:
    return hashlib.blake2b(shown.encode(), digest_size=12).hexdigest()


@bp.post("/<number>/hadir")
def tell_presence(number: str) -> ResponseReturnValue:
    """Answers who else is there, and whether somebody acted since the version that is read."""
    desk, form, now = my_desk(), request.form, clock.now()
    report = inbox_reports.find_report_to_tell(db.session(), desk, number)
    if report is None:
        # By itself, from a page left open on what has gone elsewhere.
        note_that_none_was_sought()
        abort(404)
    if form.get("state") == "left":
        presence.leave(db.session(), desk.user, report.id)
        db.session.commit()
        return "", 204
    if previous := form.get("left"):
        leave(desk, previous)
    state = form.get("state", "")
    presence.beat(
        db.session(),
        desk.user,
        report.id,
        state=State(state) if state in list(State) else State.VIEWING,
        now=now,
    )
    if state != State.IDLE and report.holder_opd_id in desk.units:
        # A report that was loaded ahead is read when it is shown.
        note_read(db.session(), report, desk.user, desk.units, now)
    db.session.commit()
    return render_template(
        "inbox/_presence.html",
        report=report,
        place=place_of(desk),
        present=presence.list_present_at(db.session(), desk.user, report.id, now=now),
        changed=changed_since(report, desk.user, form.get("version", 0, int)),
    )


def leave(desk: Desk, number: str) -> None:
    """Another report, which was open before; one need not see it any longer."""
    if previous := inbox_reports.find_id(db.session(), desk.agency.id, number):
        presence.leave(db.session(), desk.user, previous)


def changed_since(report: Report, user: User, version: int) -> str:
    """Who was faster, where that was somebody else; a page that says no version asks not."""
    if not version or version >= report.version:
        return ""
    entry = inbox_reports.newest_entry(db.session(), report)
    if entry.user_id == user.id or entry.action is Action.ESCALATE:
        return ""
    return overtaken_by(entry)
