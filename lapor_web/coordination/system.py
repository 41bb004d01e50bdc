"""How the machine is doing, for who runs it: queues, failures, schedules. No report's contents (S-52)."""

import datetime as dt
from typing import Any

from babel.dates import format_timedelta
from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from lapor_web import clock
from lapor_web.by_the_clock import retention
from lapor_web.coordination.system_words import QUEUE, WORK
from lapor_web.dates import LOCALE
from lapor_web.extensions import db
from lapor_web.fragments import render, render_or_redirect
from lapor_web.models import Role
from lapor_web.services import machinery
from lapor_web.sign_in import admit

bp = Blueprint("system", __name__, url_prefix="/koordinasi/sistem")
bp.before_request(admit(Role.COORDINATOR))

PAGE, FRAGMENT = "coordination/system.html", "coordination/_system.html"


@bp.get("")
def show() -> ResponseReturnValue:
    return render(PAGE, FRAGMENT, **shown())


@bp.post("/coba-lagi")
def try_again() -> ResponseReturnValue:
    """All that failed of one kind of work."""
    many = machinery.try_again(db.session(), request.form.get("task", ""))
    db.session.commit()
    flash(f"{many} tugas dicoba lagi." if many else "Tidak ada lagi yang gagal dari jenis itu.")
    return render_or_redirect(FRAGMENT, url_for(".show"), **shown())


def shown() -> dict[str, Any]:
    session, now = db.session(), clock.now()

    def ago(at: dt.datetime) -> str:
        return format_timedelta(at - now, add_direction=True, threshold=1, locale=LOCALE)

    return {
        "queues": machinery.queues(session),
        "failures": machinery.failures(session),
        "schedules": machinery.schedules(session),
        "letters": machinery.letters(session, now=now),
        "erased": machinery.erased_of_late(session, now=now),
        "kept": retention(),
        "worker": machinery.workers(session).state,
        "work_words": WORK,
        "queue_words": QUEUE,
        "ago": ago,
    }
