"""A whole list as a file, made by the worker: POST /kotak-masuk/ekspor/<list>."""

from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue

from lapor_web import long_jobs_view
from lapor_web.inbox.address import Place, place_of
from lapor_web.inbox.blueprint import COPIES, bp
from lapor_web.inbox.desk import my_desk
from lapor_web.inbox.words import VIEW
from lapor_web.services.jobs import Job

FORMATS = {"xlsx": "XLSX", "csv": "CSV"}
VIEWED, NOT_COPIED = "tampilan", "belum-disalin"


@bp.post("/ekspor/<name>")
def export_list(name: str) -> ResponseReturnValue:
    """What was typed into the search stays here: the work is given the reports that it found."""
    desk, format_ = my_desk(), request.form.get("format", "")
    if name not in {VIEWED, NOT_COPIED} or format_ not in FORMATS:
        abort(404)
    if name == NOT_COPIED and desk.user.role not in COPIES:
        abort(403)
    given: dict[str, Any] = {"list": name, "format": format_}
    if name == VIEWED:
        place = place_of(desk)
        given |= as_given(place)
        title = f"Tampilan {VIEW[place.asked.view]}"
    else:
        title = "Belum disalin ke SP4N"
    if desk.user.acts_for:
        given["substitution"] = desk.user.acts_for.substitution_id
    return long_jobs_view.ask(Job.EXPORT_LIST, f"{title}, {FORMATS[format_]}", **given)


def as_given(place: Place) -> dict[str, Any]:
    kept = {
        name: value for name, value in place.arguments.items() if name not in {"cari", "halaman"}
    }
    given: dict[str, Any] = {"place": kept | {"tampilan": place.asked.view.value}}
    if place.asked.search:
        given["found"] = list(place.asked.found)
    return given
