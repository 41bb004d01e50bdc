"""Photos in pieces, after the words: the tus 1.0 protocol (core, creation, expiration, termination).

https://tus.io/protocols/resumable-upload. Whoever holds the report as its reporter may send what
belongs to it; to everybody else there is nothing here.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import load_only
from werkzeug.exceptions import ClientDisconnected
from werkzeug.http import http_date

from lapor_web import city, clock, reporter_session
from lapor_web.body_size import takes_pieces
from lapor_web.extensions import db
from lapor_web.models import FileUpload, Report
from lapor_web.public.blueprint import bp
from lapor_web.public.photos import address_hash, why_not
from lapor_web.services import uploads
from lapor_web.services.attachments import BYTES_AT_MOST, AttachmentRefused
from lapor_web.services.numbers import candidates

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination"
OFFSET_STREAM = "application/offset+octet-stream"
PIECE = 32 * 1024
"""As much as a cut may cost. Kept at once, also where a program sends a whole file in one go."""
LONGEST_SENDER_NAME = 64
SECONDS_CROWDED = 3600
LARGEST_ID = 2**63 - 1
STATUS = {"too_large": 413, "crowded": 429}
"""By the code of AttachmentRefused; of all others it is 422."""

COLLECTION = "/lacak/<number>/foto"
ONE = f"{COLLECTION}/<int(max={LARGEST_ID}):upload_id>"


@bp.route(COLLECTION, methods=["OPTIONS"], provide_automatic_options=False)
@bp.route(ONE, methods=["OPTIONS"], provide_automatic_options=False)
def tell_abilities(number: str, upload_id: int = 0) -> ResponseReturnValue:
    abilities = {"Version": VERSION, "Extension": EXTENSIONS, "Max-Size": str(BYTES_AT_MOST)}
    return answer(204, {f"Tus-{name}": value for name, value in abilities.items()})


@bp.post(COLLECTION)
def begin_upload(number: str) -> ResponseReturnValue:
    report_id = own_report_id(number)
    if report_id is None:
        return answer(404)
    if not speaks_our_version():
        return answer(412, {"Tus-Version": VERSION})
    size, about = whole_number("Upload-Length"), metadata()
    if size is None or about is None:
        return answer(400)
    try:
        upload = uploads.begin(
            db.session(),
            city.current_agency(),
            report_id,
            name=about.get("filename", ""),
            size=size,
            sender_name=about.get("id", "")[:LONGEST_SENDER_NAME] or None,
            address_hash=address_hash(),
            keys=city.keys(),
            now=clock.now(),
        )
    except AttachmentRefused as refused:
        db.session.rollback()
        return refuse(refused)
    where = url_for(".send_piece", number=number, upload_id=upload.id, _external=True)
    headers = {"Location": where, **state_of(upload)}
    db.session.commit()
    return answer(201, headers)


@bp.route(ONE, methods=["HEAD"])
def tell_offset(number: str, upload_id: int) -> ResponseReturnValue:
    report_id = own_report_id(number)
    if report_id is None:
        return answer(404)
    upload = uploads.find(db.session(), report_id, upload_id, clock.now())
    if upload is None:
        return answer(404)
    return answer(200, {"Upload-Length": str(upload.size), **state_of(upload)})


@bp.route(ONE, methods=["PATCH", "DELETE", "POST"])
@takes_pieces
def send_piece(number: str, upload_id: int) -> ResponseReturnValue:
    """POST is for those whose network lets nothing else through, and says what it stands for."""
    if not speaks_our_version():
        return answer(412, {"Tus-Version": VERSION})
    method = request.method
    if method == "POST":
        method = request.headers.get("X-HTTP-Method-Override", "")
    if method == "DELETE":
        return stop_upload(number, upload_id)
    offset = whole_number("Upload-Offset")
    if method != "PATCH" or offset is None:
        return answer(400)
    if request.mimetype != OFFSET_STREAM:
        return answer(415)
    return keep_pieces(number, upload_id, offset)


def keep_pieces(number: str, upload_id: int, offset: int) -> ResponseReturnValue:
    """Each in a transaction of its own, begun when the piece is here: a slow phone holds no
    connection to the database, and what it sent before it was cut off is kept."""
    last = answer(400)
    for piece in pieces():
        last = keep(number, upload_id, offset, piece)
        if last.status_code != 204:
            break
        offset += len(piece)
    return last


def keep(number: str, upload_id: int, offset: int, piece: bytes) -> Response:
    report_id = own_report_id(number)
    if report_id is None:
        return answer(404)
    upload = uploads.find(db.session(), report_id, upload_id, clock.now(), lock=True)
    if upload is None:
        db.session.rollback()
        return answer(404)
    try:
        uploads.append(db.session(), upload, offset, piece, keys=city.keys())
        if upload.received == upload.size and upload.attachment_id is None:
            uploads.finish(
                db.session(),
                city.current_agency(),
                upload,
                keys=city.keys(),
                storage=city.storage(),
                now=clock.now(),
            )
    except uploads.WrongOffset:
        db.session.rollback()
        return answer(409)
    except AttachmentRefused as refused:
        uploads.stop(db.session(), upload)
        db.session.commit()
        return refuse(refused)
    headers = state_of(upload)
    db.session.commit()
    return answer(204, headers)


def pieces() -> Iterator[bytes]:
    """Of the body, as they arrive; one at least, be it empty."""
    piece, ended = read_piece()
    while True:
        yield piece
        if ended:
            return
        piece, ended = read_piece()
        if not piece:
            return


def read_piece() -> tuple[bytes, bool]:
    """And whether it is the last: the body ended, or the connection did."""
    piece = bytearray()
    while len(piece) < PIECE:
        try:
            more = request.stream.read(PIECE - len(piece))
        except ClientDisconnected:
            more = b""
        if not more:
            return bytes(piece), True
        piece += more
    return bytes(piece), False


def stop_upload(number: str, upload_id: int) -> ResponseReturnValue:
    report_id = own_report_id(number)
    if report_id is None:
        return answer(404)
    upload = uploads.find(db.session(), report_id, upload_id, clock.now(), lock=True)
    if upload is None:
        return answer(404)
    if upload.attachment_id is not None:  # it was seen by others, and is no upload any more
        return answer(403)
    uploads.stop(db.session(), upload)
    db.session.commit()
    return answer(204)


# ---- the protocol's headers ----


def own_report_id(number: str) -> int | None:
    """Of what this browser holds as its reporter."""
    agency = city.current_agency()
    if number not in candidates(agency.prefixes, number):
        return None
    report = db.session.scalar(
        select(Report)
        .options(load_only(Report.receipt_hash))
        .where(Report.agency_id == agency.id, Report.number == number)
    )
    return report.id if report is not None and reporter_session.holds(report) else None


def speaks_our_version() -> bool:
    return request.headers.get("Tus-Resumable") == VERSION


def whole_number(header: str) -> int | None:
    value = request.headers.get(header, "")
    return int(value) if re.fullmatch("[0-9]{1,15}", value) else None


def metadata() -> Mapping[str, str] | None:
    """`Upload-Metadata`: names, and values in base64. None where it cannot be read."""
    found = {}
    for one in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
        name, _, value = one.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
    return found


def state_of(upload: FileUpload) -> dict[str, str]:
    state = {"Upload-Offset": str(upload.received)}
    if upload.attachment_id is None:
        state["Upload-Expires"] = http_date(upload.expires_at)
    return state


def refuse(refused: AttachmentRefused) -> Response:
    headers = {"Retry-After": str(SECONDS_CROWDED)} if refused.code == "crowded" else {}
    return answer(STATUS.get(refused.code, 422), headers, why_not(refused))


def answer(status: int, headers: Mapping[str, str] | None = None, words: str = "") -> Response:
    response = Response(words, status, headers, mimetype="text/plain")
    response.headers["Tus-Resumable"] = VERSION
    return response
