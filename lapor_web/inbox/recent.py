"""`/kotak-masuk/riwayat`: what one did last, and what of it can still be taken back."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from lapor_web import clock
from lapor_web.extensions import db
from lapor_web.inbox.blueprint import bp
from lapor_web.inbox.desk import my_desk
from lapor_web.inbox.registry import can_take_back
from lapor_web.inbox.told import what_happened
from lapor_web.models import HistoryEntry
from lapor_web.services.inbox_reports import list_own_deeds
from lapor_web.services.undo import may_undo

AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Done:
    entry: HistoryEntry
    words: str
    readable: bool
    """Whether one may still open the report: one's own deed may have sent it elsewhere."""
    undoable: bool


@bp.get("/riwayat")
def list_recent() -> ResponseReturnValue:
    desk, now = my_desk(), clock.now()
    done = [
        Done(
            entry,
            what_happened(entry),
            readable,
            undoable=entry.sequence == entry.report.version
            and can_take_back(entry, desk.user.role)
            and may_undo(db.session(), entry, desk.user, now),
        )
        for entry, readable in list_own_deeds(db.session(), desk, limit=AT_MOST)
    ]
    return render_template("inbox/recent.html", desk=desk, done=done)
