"""`/lampiran/<id>`: a picture or paper, to whoever may read what it came with; to others, 404."""

import io

from flask import Blueprint, Response, abort, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import ColumnElement

from lapor_web import city, errors, reporter_session
from lapor_web.extensions import db
from lapor_web.models import Attachment
from lapor_web.services import attachment_rights
from lapor_web.services.attachments import DRAWN_TYPE, Copy, NotReadable, read
from lapor_web.services.file_kinds import FileKind
from lapor_web.services.storage import NotStored, StorageAway

bp = Blueprint("attachments", __name__)

SMALL = "kecil"
LARGEST_ID = 2**63 - 1
SECONDS_PUBLIC = 300
"""How long others may keep what everybody may read: it can be taken down."""

ENDINGS = {
    DRAWN_TYPE: "jpg",
    FileKind.PDF.value: "pdf",
    FileKind.MP4.value: "mp4",
    FileKind.GPP.value: "3gp",
}


@bp.get(f"/lampiran/<int(max={LARGEST_ID}):attachment_id>")
def show(attachment_id: int) -> ResponseReturnValue:
    """`?ukuran=kecil` is the small copy of a picture."""
    public = find(attachment_id, attachment_rights.for_public())
    attachment = public or find(attachment_id, *own_rights())
    if attachment is None:
        abort(404)
    copy = which_copy(attachment)
    try:
        content = read(attachment, copy, keys=city.keys(), storage=city.storage())
    except (NotReadable, NotStored):
        abort(404)
    return answer(attachment, content, copy, public=public is not None)


def find(attachment_id: int, *rights: ColumnElement[bool]) -> Attachment | None:
    agency_id = city.current_agency().id
    return attachment_rights.find_ready(db.session(), agency_id, attachment_id, *rights)


def own_rights() -> list[ColumnElement[bool]]:
    """Of this browser: as the reporter of what it holds, and as an officer."""
    rights = [attachment_rights.for_reporter(reporter_session.held_report_ids())]
    if current_user.is_authenticated:
        rights.append(attachment_rights.for_officer(db.session(), current_user))
    return rights


def which_copy(attachment: Attachment) -> Copy:
    """Never the original of a picture: only what was redrawn tells nothing but itself."""
    if not attachment.is_picture:
        return Copy.ORIGINAL
    return Copy.THUMBNAIL if request.args.get("ukuran") == SMALL else Copy.CLEAN


def answer(attachment: Attachment, content: bytes, copy: Copy, *, public: bool) -> Response:
    """What we drew may show in a page; anything else is only ever saved. The name is ours, for
    the sender's own may name them."""
    drawn = copy is not Copy.ORIGINAL
    media_type = DRAWN_TYPE if drawn else attachment.media_type
    response = send_file(
        io.BytesIO(content),
        mimetype=media_type,
        as_attachment=not drawn,
        download_name=f"lampiran-{attachment.id}.{ENDINGS[media_type]}",
        etag=False,
    )
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; frame-ancestors 'none'; sandbox"
    )
    response.headers["Cache-Control"] = (
        f"public, max-age={SECONDS_PUBLIC}" if public else "private, no-store"
    )
    return response


@bp.app_errorhandler(StorageAway)
def show_storage_away(error: StorageAway) -> ResponseReturnValue:
    response = errors.error_page(503)
    response.headers["Retry-After"] = errors.SECONDS_UNTIL_RETRY
    return response
