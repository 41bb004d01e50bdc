"""`/kotak-masuk/tampilan`: a list gets a name, and loses it again."""

from urllib.parse import parse_qsl

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lapor_web import clock
from lapor_web.extensions import db
from lapor_web.fragments import leave_for
from lapor_web.inbox.address import read_place
from lapor_web.inbox.blueprint import bp
from lapor_web.inbox.desk import my_desk
from lapor_web.services import saved_views
from lapor_web.services.saved_views import AT_MOST, LONGEST_NAME, TooMany
from lapor_web.text import clean_line

NAMELESS = "Beri nama tampilan ini"
TOO_LONG = f"Nama terlalu panjang. Paling banyak {LONGEST_NAME} huruf"
TOO_MANY = f"Anda sudah punya {AT_MOST} tampilan. Hapus satu dulu"


@bp.get("/tampilan")
def manage_views() -> ResponseReturnValue:
    return page(query=request.args.get("dari", ""))


@bp.post("/tampilan")
def save_view() -> ResponseReturnValue:
    desk, form = my_desk(), request.form
    name = clean_line(form.get("name"))
    # Read and written anew: what is kept is an address of ours, whatever was sent.
    place = read_place(desk, dict(parse_qsl(form.get("query", ""))))
    if not name or len(name) > LONGEST_NAME:
        wrong = TOO_LONG if name else NAMELESS
        return page(query=place.kept(), name=name, wrong=wrong, status=422)
    try:
        saved_views.save_view(
            db.session(),
            desk.user,
            name=name,
            query=place.kept(),
            shared="shared" in form,
            now=clock.now(),
        )
    except TooMany:
        return page(query=place.kept(), name=name, wrong=TOO_MANY, status=422)
    db.session.commit()
    return leave_for(f"{url_for('inbox.list_reports')}?{place.kept()}")


@bp.post("/tampilan/<int:view_id>/hapus")
def delete_view(view_id: int) -> ResponseReturnValue:
    if not saved_views.delete_view(db.session(), my_desk().user, view_id):
        abort(404)
    db.session.commit()
    return leave_for(url_for("inbox.manage_views"))


def page(*, query: str, name: str = "", wrong: str = "", status: int = 200) -> ResponseReturnValue:
    desk = my_desk()
    shown = render_template(
        "inbox/saved_views.html",
        desk=desk,
        saved=saved_views.list_saved(db.session(), desk.user),
        query=query,
        name=name,
        wrong=wrong,
    )
    return shown, status
