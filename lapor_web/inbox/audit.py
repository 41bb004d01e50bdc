"""Who looked behind an anonymous report, when and why: for the Inspektorat to look through."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from lapor_web.extensions import db
from lapor_web.inbox.blueprint import bp
from lapor_web.inbox.desk import my_desk
from lapor_web.models import Role
from lapor_web.no_transaction import only_reads
from lapor_web.services import reveal

AUDITS = frozenset({Role.INSPECTOR})
FURTHEST_PAGE = 2000


@bp.get("/pembukaan-identitas")
@only_reads
def list_reveals() -> ResponseReturnValue:
    desk = my_desk()
    if desk.user.role not in AUDITS:
        abort(403)
    page = min(max(request.args.get("halaman", 1, int), 1), FURTHEST_PAGE)
    reveals, more = reveal.list_reveals(db.session(), desk.user, desk.kin, desk.scope, page=page)
    return render_template("inbox/reveals.html", reveals=reveals, page=page, more=more)
