"""`/pekerjaan/<id>`: how far the work is that an officer waits for, and its file once it is there.

A view that started one sends its officer here: `redirect(waiting_address(row), 303)`. To htmx it may answer with
the fragment `long_jobs/_progress.html` (its context is `shown(row)`), which asks for itself until it is done.
"""

import io
from typing import Any

from flask import Blueprint, abort, send_file, url_for
from flask.typing import ResponseReturnValue

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.fragments import render
from lapor_web.models import LongJob, LongJobState
from lapor_web.services import long_jobs
from lapor_web.services.storage import NotStored
from lapor_web.sign_in import admit, signed_in_user

bp = Blueprint("long_jobs", __name__, url_prefix="/pekerjaan")
bp.before_request(admit())

LARGEST_ID = 2**63 - 1


@bp.get(f"/<int(max={LARGEST_ID}):long_job_id>")
def show(long_job_id: int) -> ResponseReturnValue:
    return render("long_jobs/progress.html", "long_jobs/_progress.html", **shown(find(long_job_id)))


@bp.get(f"/<int(max={LARGEST_ID}):long_job_id>/berkas")
def download(long_job_id: int) -> ResponseReturnValue:
    try:
        product = long_jobs.open_product(
            find(long_job_id), keys=city.keys(), storage=city.storage()
        )
    except NotStored:
        abort(404)
    response = send_file(
        io.BytesIO(product.content),
        mimetype=product.media_type,
        as_attachment=True,
        download_name=product.file_name,
        etag=False,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def find(long_job_id: int) -> LongJob:
    """404 for everybody but its owner, and for its owner after a day."""
    row = long_jobs.find(db.session(), signed_in_user(), long_job_id, now=clock.now())
    if row is None:
        abort(404)
    return row


def waiting_address(row: LongJob) -> str:
    return url_for("long_jobs.show", long_job_id=row.id)


def shown(row: LongJob) -> dict[str, Any]:
    return {
        "long_job": row,
        "unfinished": row.state in long_jobs.UNFINISHED,
        "finished": row.state is LongJobState.FINISHED,
        "until": row.created_at + long_jobs.KEPT,
    }
