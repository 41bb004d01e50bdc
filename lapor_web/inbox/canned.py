"""Canned answers as an office keeps them; a coordinator keeps those of the whole city here."""

from typing import Any

from flask import abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from lapor_web import clock
from lapor_web.dates import moment
from lapor_web.extensions import db
from lapor_web.fields import VersionedForm
from lapor_web.fragments import leave_for
from lapor_web.inbox.blueprint import bp
from lapor_web.inbox.fields import line, lines
from lapor_web.models import CannedText, Subject
from lapor_web.services import canned
from lapor_web.services.canned import KEEPS, TitleTaken
from lapor_web.services.configuration import (
    ChangedMeanwhile,
    configure,
    refuse_if_overtaken,
    version_of,
)
from lapor_web.sign_in import signed_in_user

ADDRESS = "/kotak-masuk/balasan-siap-pakai"


class CannedForm(VersionedForm):
    """`id` is empty for a new one."""

    id = HiddenField()
    title = line("Nama", "Tulis nama balasan, misalnya Jadwal perbaikan", longest=80)
    text = lines("Isi balasan", "Tulis isi balasan")


@bp.get("/balasan-siap-pakai")
def list_canned() -> ResponseReturnValue:
    only_who_keeps()
    own = canned.list_own(db.session(), signed_in_user())
    wanted = request.args.get("ubah", type=int)
    chosen = next((one for one in own if one.id == wanted), None)
    return show(CannedForm(None, obj=chosen, versi=newest_change(chosen)), own)


@bp.post("/balasan-siap-pakai")
def change_canned() -> ResponseReturnValue:
    only_who_keeps()
    user, session = signed_in_user(), db.session()
    form = CannedForm(request.form)
    act = configure(session, user.agency_id, user=user, now=clock.now())
    changed = find_changed(form)
    if "remove" in request.form:
        if changed is None:
            abort(404)
        canned.remove(act, changed)
        return done(f"{changed.title} dihapus")
    if not form.validate():
        return show(form, canned.list_own(session, user), 422)
    try:
        if changed is not None:
            refuse_if_overtaken(act, Subject.CANNED_TEXT, str(changed.id), form.version)
        canned.save(act, user, changed, title=form.title.data, text=form.text.data)
    except ChangedMeanwhile as overtaken:
        said = f"{overtaken.by.doer_name} mengubah balasan ini {moment(overtaken.by.at)}"
        return show(form, canned.list_own(session, user), 409, overtaken=said)
    except TitleTaken:
        form.title.errors = ["Sudah ada balasan dengan nama ini. Pilih nama lain"]
        return show(form, canned.list_own(session, user), 422)
    return done(f"{form.title.data} disimpan")


def newest_change(one: CannedText | None) -> int:
    if one is None:
        return 0
    return version_of(db.session(), one.agency_id, Subject.CANNED_TEXT, str(one.id))


def find_changed(form: CannedForm) -> CannedText | None:
    if not form.id.data:
        return None
    known = form.id.data.isdecimal() and len(form.id.data) < 18
    found = canned.find_own(db.session(), signed_in_user(), int(form.id.data)) if known else None
    return found or abort(404)


def only_who_keeps() -> None:
    if signed_in_user().role not in KEEPS:
        abort(403)


def done(words: str) -> ResponseReturnValue:
    db.session.commit()
    flash(words)
    return leave_for(ADDRESS)


def show(
    form: CannedForm, own: list[CannedText], status: int = 200, *, overtaken: str = ""
) -> ResponseReturnValue:
    context: dict[str, Any] = {"form": form, "own": own, "changes": bool(form.id.data)}
    return render_template("inbox/canned.html", overtaken=overtaken, **context), status
