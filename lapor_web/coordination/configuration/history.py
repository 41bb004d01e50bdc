"""Who changed what of the configuration, and what stood there before."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lapor_web import city
from lapor_web.coordination.configuration import words
from lapor_web.coordination.configuration.blueprint import bp, show
from lapor_web.extensions import db
from lapor_web.models import Subject
from lapor_web.services.configuration import list_changes


@bp.get("")
def index() -> ResponseReturnValue:
    return redirect(url_for(".officers"), 303)


@bp.get("/riwayat")
def history() -> ResponseReturnValue:
    """`bagian` is a kind of thing, `kunci` one of them."""
    asked = request.args.get("bagian", "")
    subject = Subject(asked) if asked in list(Subject) else None
    page = max(request.args.get("halaman", 1, int), 1)
    return show(
        "history",
        changes=list_changes(
            db.session(),
            city.current_agency().id,
            subject=subject,
            key=request.args.get("kunci", "") if subject else "",
            page=min(page, 10_000),
        ),
        subject=subject,
        key=request.args.get("kunci", "") if subject else "",
        subject_words=words.SUBJECT,
        fact=words.fact,
        value=words.value,
    )
