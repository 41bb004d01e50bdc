"""Canned answers as an office keeps them; a coordinator keeps those of the whole city here."""

from typing import Any

from flask import abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import Form, HiddenField

from lapor_web import clock
from lapor_web.extensions import db
from lapor_web.fragments import leave_for
from lapor_web.inbox.blueprint import bp
from lapor_web.inbox.fields import line, lines
from lapor_web.models import CannedText
from lapor_web.services import canned
from lapor_web.services.canned import KEEPS, TitleTaken
from lapor_web.sign_in import signed_in_user

ADDRESS = "/kotak-masuk/balasan-siap-pakai"


class CannedForm(Form):
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
    return show(CannedForm(None, obj=chosen), own)


@bp.post("/balasan-siap-pakai")
def change_canned() -> ResponseReturnValue:
    only_who_keeps()
    user, session = signed_in_user(), db.session()
    form = CannedForm(request.form)
    changed = find_changed(form)
    if "remove" in request.form:
        if changed is None:
            abort(404)
        title = changed.title
        session.delete(changed)
        return done(f"{title} dihapus")
    if not form.validate():
        return show(form, canned.list_own(session, user), 422)
    try:
        canned.save(session, user, changed, form.title.data, form.text.data, clock.now())
    except TitleTaken:
        form.title.errors = ["Sudah ada balasan dengan nama ini. Pilih nama lain"]
        return show(form, canned.list_own(session, user), 422)
    return done(f"{form.title.data} disimpan")


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


def show(form: CannedForm, own: list[CannedText], status: int = 200) -> ResponseReturnValue:
    context: dict[str, Any] = {"form": form, "own": own, "changes": bool(form.id.data)}
    return render_template("inbox/canned.html", **context), status
