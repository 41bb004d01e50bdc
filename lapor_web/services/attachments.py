"""Pictures and papers of a report: taken in sealed, bound to their report, opened again.

Who may open one is the business of `attachment_rights`; what happens to a picture between being
taken and being ready, of `attachment_work`.
"""

import datetime as dt
import enum
import hmac
from dataclasses import dataclass
from typing import cast

from cryptography.exceptions import InvalidTag
from sqlalchemy import Table, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from lapor_web.models import Agency, Attachment, AttachmentState, FileUpload
from lapor_web.services import jobs
from lapor_web.services.file_kinds import BrokenFile, FileKind, Header, UnknownKind, read_header
from lapor_web.services.jobs import Job
from lapor_web.services.keys import Keys
from lapor_web.services.sealing import decrypt, encrypt, new_key
from lapor_web.services.storage import Storage, new_name
from lapor_web.text import clean_line

FILES_AT_MOST = 5
"""With one form: a report, a reply, an answer of an office."""
BYTES_AT_MOST = 8 * 1024 * 1024
"""Of one file."""
LONGEST_NAME = 200
GIGABYTE = 1024**3
WAITING_OF_AN_ADDRESS = 1 * GIGABYTE
"""Of forms that are not sent yet. A whole neighbourhood may have one address."""
WAITING_IN_ALL = 8 * GIGABYTE

DRAWN_TYPE = FileKind.JPEG.value
"""The media type of every picture that is served."""


class AttachmentRefused(Exception):
    """`code` says why: empty, too_large, not_a_picture, too_many_pixels, broken, too_many,
    crowded; `services.uploads` adds too_late."""

    def __init__(self, code: str, name: str):
        super().__init__(code)
        self.code, self.name = code, name


class NotReadable(Exception):
    """Erased, not ready yet, or sealed under another secret."""


class Copy(enum.StrEnum):
    """One of the sealed files of an attachment."""

    ORIGINAL = "original"
    CLEAN = "clean"
    THUMBNAIL = "thumbnail"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent; `name` is what the sender calls it."""

    name: str
    data: bytes
    alt_text: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """What it belongs to: a report (and the history row it came with), or a form not yet sent."""

    report_id: int | None = None
    history_sequence: int | None = None
    key_hash: bytes | None = None
    by_reporter: bool = True
    address_hash: bytes | None = None
    """Keyed, of where it came from: for a form not yet sent, which anybody can make up."""


# ---- taking in ----


def accept(
    session: Session,
    agency: Agency,
    upload: Upload,
    owner: Owner,
    *,
    keys: Keys,
    storage: Storage,
    now: dt.datetime,
) -> Attachment:
    """Look at the header, store the original sealed, ask the worker to redraw a picture.

    The same file once more, with the same form, is the one that is there already.
    Raises AttachmentRefused or StorageAway. What was stored for a transaction that is then rolled
    back belongs to nobody, and the cleaning up finds it.
    """
    name = shown_name(upload.name)
    header = examine(name, upload.data)
    content_hash = hmac.digest(keys.content, upload.data, "sha256")
    wait_for_others(session, owner)
    there = siblings(session, owner)
    for one in there:
        if (one.content_hash, one.original_name) == (content_hash, name):
            return one
    if len(there) >= FILES_AT_MOST:
        raise AttachmentRefused("too_many", name)
    if owner.report_id is None and is_crowded(session, owner, len(upload.data)):
        raise AttachmentRefused("crowded", name)
    row = Attachment(
        agency_id=agency.id,
        report_id=owner.report_id,
        history_sequence=owner.history_sequence,
        key_hash=owner.key_hash,
        address_hash=owner.address_hash,
        content_hash=content_hash,
        by_reporter=owner.by_reporter,
        media_type=header.kind.value,
        original_name=name,
        alt_text=upload.alt_text,
        size=len(upload.data),
        state=AttachmentState.RECEIVED if header.kind.is_picture else AttachmentState.READY,
        created_at=now,
    )
    session.add(row)
    session.flush()  # for its id, which key and bytes are bound to
    key = new_key()
    row.wrapped_key = encrypt(keys.wrapping, key, _bound(row, "key"))
    row.original_blob = new_name()
    storage.put(row.original_blob, encrypt(key, upload.data, _bound(row, Copy.ORIGINAL)))
    if header.kind.is_picture or owner.report_id is None:  # drawn anew, or bound late
        jobs.defer(session, Job.PREPARE_ATTACHMENT, attachment_id=row.id)
    session.flush()
    return row


def examine(name: str, content: bytes) -> Header:
    """By its bytes alone, and of those the header. Raises AttachmentRefused."""
    if not content:
        raise AttachmentRefused("empty", name)
    if len(content) > BYTES_AT_MOST:
        raise AttachmentRefused("too_large", name)
    try:
        header = read_header(content)
    except UnknownKind:
        raise AttachmentRefused("not_a_picture", name) from None
    except BrokenFile:
        raise AttachmentRefused("broken", name) from None
    if header.has_too_many_pixels:
        raise AttachmentRefused("too_many_pixels", name)
    return header


def shown_name(name: str) -> str:
    """Without folders and what is no text; only ever shown, never used as a path."""
    last = clean_line(name).replace("\\", "/").rsplit("/", 1)[-1]
    return last[:LONGEST_NAME] or "Berkas"


def wait_for_others(session: Session, owner: Owner) -> None:
    """One at a time per owner, so that two equal posts at once do not make ten of five."""
    whose = f"attachment {owner.key_hash!r} {owner.report_id} {owner.history_sequence}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(whose, 0))))


def siblings(session: Session, owner: Owner) -> list[Attachment]:
    """What came with the same form."""
    if owner.report_id is None:
        mine = Attachment.key_hash == owner.key_hash
    else:
        mine = Attachment.report_id == owner.report_id
    return list(
        session.scalars(
            select(Attachment).where(
                mine,
                Attachment.history_sequence.is_not_distinct_from(owner.history_sequence),
                Attachment.by_reporter == owner.by_reporter,
            )
        )
    )


def is_crowded(session: Session, owner: Owner, size: int) -> bool:
    """Whether as many bytes wait for reports as may, of this address or of all."""
    row = session.execute(
        select(
            func.coalesce(
                func.sum(Attachment.size).filter(Attachment.address_hash == owner.address_hash), 0
            ).label("address"),
            func.coalesce(func.sum(Attachment.size), 0).label("all"),
        ).where(Attachment.report_id.is_(None))
    ).one()
    return bool(row.address + size > WAITING_OF_AN_ADDRESS or row.all + size > WAITING_IN_ALL)


# ---- binding ----


def waiting_for(session: Session, key_hash: bytes) -> list[Attachment]:
    """What came with a form whose report is not sent yet."""
    return list(
        session.scalars(
            select(Attachment)
            .where(Attachment.key_hash == key_hash, Attachment.report_id.is_(None))
            .order_by(Attachment.id)
        )
    )


def bind(session: Session, key_hash: bytes, report_id: int) -> None:
    """The report of that form was sent, and what waited for it is its own from now on.

    What is still on its way at this very moment, the worker binds; see `attachment_work`.
    """
    session.execute(_BIND, {"form": key_hash, "of_report": report_id})


_ROWS = cast(Table, Attachment.__table__)
# Built once, and past the session, which has none of them: most reports come without.
_BIND = (
    update(_ROWS)
    .where(_ROWS.c.key_hash == bindparam("form"), _ROWS.c.report_id.is_(None))
    .values(report_id=bindparam("of_report"), address_hash=None)
)


def count_of(session: Session, report_id: int) -> int:
    """All that came with the report or later, whoever sent it, but for what could not be opened."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Attachment)
            .where(Attachment.report_id == report_id, Attachment.state != AttachmentState.REFUSED)
        )
        or 0
    )


# ---- opening ----


def read(attachment: Attachment, copy: Copy, *, keys: Keys, storage: Storage) -> bytes:
    """Raises NotReadable, NotStored or StorageAway. Who may ask is the caller's business."""
    blob = blob_of(attachment, copy)
    if blob is None:
        raise NotReadable
    return unseal(attachment, copy, storage.get(blob), keys=keys)


def blob_of(attachment: Attachment, copy: Copy) -> str | None:
    match copy:
        case Copy.ORIGINAL:
            return attachment.original_blob
        case Copy.CLEAN:
            return attachment.clean_blob
        case Copy.THUMBNAIL:
            return attachment.thumbnail_blob


def seal(attachment: Attachment, copy: Copy, content: bytes, *, keys: Keys) -> bytes:
    """Under the attachment's own key. Raises NotReadable where that is gone."""
    return encrypt(_own_key(attachment, keys), content, _bound(attachment, copy))


def unseal(attachment: Attachment, copy: Copy, sealed: bytes, *, keys: Keys) -> bytes:
    try:
        return decrypt(_own_key(attachment, keys), sealed, _bound(attachment, copy))
    except InvalidTag:
        raise NotReadable from None


def _own_key(attachment: Attachment, keys: Keys) -> bytes:
    if attachment.wrapped_key is None:
        raise NotReadable
    try:
        return decrypt(keys.wrapping, attachment.wrapped_key, _bound(attachment, "key"))
    except InvalidTag:
        raise NotReadable from None


def _bound(attachment: Attachment, what: str) -> bytes:
    """So that neither a row nor a file opens in another's place."""
    return f"lapor/attachment/{attachment.id}/{what}".encode()


# ---- erasing ----


ERASED = {
    "state": AttachmentState.REFUSED,
    "wrapped_key": None,
    "original_name": "",
    "alt_text": "",
    "content_hash": None,
}
"""What is left of an attachment whose key is destroyed."""


def erase_of_reporter(session: Session, report_id: int) -> None:
    """Destroy the keys of all that the reporter sent: unreadable at once, wherever a copy lies.
    The bytes go with the next cleaning up; that there was a file stays (promise 24)."""
    session.execute(delete(FileUpload).where(FileUpload.report_id == report_id))
    session.execute(
        update(Attachment)
        .where(Attachment.report_id == report_id, Attachment.by_reporter)
        .values(ERASED)
    )
