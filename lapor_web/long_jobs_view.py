"""`/pekerjaan/<id>`: how far the work is that an officer waits for, and its file once it is there.

A view that asks for one returns `ask(Job.…, "Rekap 2026, PDF", …)`: the file itself where it is made at once, else
303 to its page, and to htmx the fragment `long_jobs/_progress.html`, which asks for itself until it is done.
"""

import io
import time
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.fragments import render, wants_fragment
from lapor_web.models import LongJob, LongJobState
from lapor_web.services import long_jobs
from lapor_web.services.jobs import Job
from lapor_web.services.storage import NotStored
from lapor_web.sign_in import admit, signed_in_user

bp = Blueprint("long_jobs", __name__, url_prefix="/pekerjaan")
bp.before_request(admit())

LARGEST_ID = 2**63 - 1

SECONDS_OF_PATIENCE, SECONDS_BETWEEN_LOOKS = 3.0, 0.1


def ask(job: Job, title: str, **arguments: Any) -> ResponseReturnValue:
    """Starts it for whoever is signed in, and commits. 429 where they wait for too many already.

    What they may have is asked before, by the view, and once more by the work.
    """
    try:
        row = long_jobs.start(
            db.session(), signed_in_user(), job, title, now=clock.now(), **arguments
        )
    except long_jobs.TooManyAtOnce:
        abort(429)
    db.session.commit()
    if wants_fragment():
        return render_template("long_jobs/_progress.html", **shown(row))
    wait_a_little(row)
    if row.state is LongJobState.FINISHED:
        return file_of(row)
    return redirect(waiting_address(row), 303)


def wait_a_little(row: LongJob) -> None:
    """Most of it takes a second: nobody should see a page about that. Holds no connection."""
    last_look = time.monotonic() + (0 if current_app.testing else SECONDS_OF_PATIENCE)
    while row.state in long_jobs.UNFINISHED and time.monotonic() < last_look:
        db.session.commit()
        time.sleep(SECONDS_BETWEEN_LOOKS)
        db.session.refresh(row)


@bp.get(f"/<int(max={LARGEST_ID}):long_job_id>")
def show(long_job_id: int) -> ResponseReturnValue:
    return render("long_jobs/progress.html", "long_jobs/_progress.html", **shown(find(long_job_id)))


@bp.get(f"/<int(max={LARGEST_ID}):long_job_id>/berkas")
def download(long_job_id: int) -> ResponseReturnValue:
    return file_of(find(long_job_id))


def file_of(row: LongJob) -> ResponseReturnValue:
    """404 where there is none, yet or any more."""
    try:
        product = long_jobs.open_product(row, keys=city.keys(), storage=city.storage())
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
