"""/kotak-masuk/belum-disalin: what the national system does not have yet, to be typed in there.

Its Tracking ID comes back into the same row. Each row is saved by itself, and an honest word is
said of each that is not.
"""

import re
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from lapor_web import clock
from lapor_web.extensions import db
from lapor_web.inbox.blueprint import COPIES, bp
from lapor_web.inbox.desk import my_desk
from lapor_web.inbox.taken import taken
from lapor_web.models import Report
from lapor_web.services import sp4n_copies
from lapor_web.services.deeds import Deed, Doer, perform
from lapor_web.services.desk import Desk
from lapor_web.services.inbox import PER_PAGE
from lapor_web.services.numbers import bare_tracking_id
from lapor_web.services.sp4n_copies import NoteTrackingId, SettleWithoutCopy, TrackingIdTaken
from lapor_web.text import clean_line

FURTHEST_PAGE = 2000
LONGEST_ID = 15


@dataclass(frozen=True, slots=True)
class Typed:
    """Of one row of the form."""

    number: str
    tracking_id: str
    needless: bool
    """Ticked: it need not be copied."""


@bp.get("/belum-disalin")
def list_not_copied() -> ResponseReturnValue:
    return page(desk_of_coordinator(), {}, {})


@bp.post("/belum-disalin")
def note_copies() -> ResponseReturnValue:
    desk = desk_of_coordinator()
    saved, wrong = 0, {}
    rows = read_rows()
    for row in rows:
        if problem := save(desk, row):
            wrong[row.number] = problem
        else:
            saved += 1
    db.session.commit()
    if saved:
        flash(f"{saved} laporan dicatat sudah diurus.")
    if wrong:
        return page(desk, wrong, {row.number: row.tracking_id for row in rows}), 422
    return redirect(url_for(".list_not_copied", halaman=request.args.get("halaman")), 303)


def desk_of_coordinator() -> Desk:
    desk = my_desk()
    if desk.user.role not in COPIES:
        abort(403)
    return desk


def read_rows() -> list[Typed]:
    """The rows in which something was typed or ticked."""
    needless = set(request.form.getlist("needless"))
    typed = {
        name.removeprefix("id-"): bare_tracking_id(clean_line(value))
        for name, value in request.form.items()
        if name.startswith("id-")
    }
    rows = (Typed(number, value, number in needless) for number, value in typed.items())
    return [row for row in rows if row.tracking_id or row.needless][:PER_PAGE]


def save(desk: Desk, row: Typed) -> str | None:
    """What is wrong with it, or None when it was saved; nothing is left of what was not."""
    report = sp4n_copies.find_not_copied(db.session(), desk, row.number)
    if report is None:
        return "Laporan ini sudah tidak ada di daftar"
    if row.tracking_id and not re.fullmatch(rf"[0-9]{{1,{LONGEST_ID}}}", row.tracking_id):
        return "Tracking ID hanya angka"
    deed = NoteTrackingId(row.tracking_id) if row.tracking_id else SettleWithoutCopy()
    try:
        do(desk, report, deed)
    except (IntegrityError, TrackingIdTaken):
        # The one by the other's commit a moment ago, the other because it stands there.
        return taken(desk, row.tracking_id)
    return None


def do(desk: Desk, report: Report, deed: Deed) -> None:
    with db.session.begin_nested():
        perform(
            db.session(),
            report.id,
            deed,
            doer=Doer.officer(desk.user),
            version=report.version,
            now=clock.now(),
        )


def page(desk: Desk, wrong: dict[str, str], typed: dict[str, str]) -> str:
    number = min(max(request.args.get("halaman", 1, int), 1), FURTHEST_PAGE)
    reports, total = sp4n_copies.list_not_copied(db.session(), desk, number)
    return render_template(
        "inbox/not_copied.html",
        reports=reports,
        total=total,
        most=sp4n_copies.COUNTED_AT_MOST,
        page=number,
        pages=-(-total // PER_PAGE),
        wrong=wrong,
        typed=typed,
    )
