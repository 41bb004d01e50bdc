"""Files that come in pieces, each kept as soon as it is here: a cut costs no more than the last one.

The pieces lie sealed in the database, which every web host shares; once whole, a file goes the way
of all attachments. Only whoever holds the report may ask, which is the caller's business.
"""

import datetime as dt

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lapor_web.models import Action, Agency, FileUpload, HistoryEntry, Role, UploadPiece
from lapor_web.services.attachments import (
    BYTES_AT_MOST,
    FILES_AT_MOST,
    GIGABYTE,
    AttachmentRefused,
    Owner,
    Upload,
    accept,
    shown_name,
    siblings,
    wait_for_others,
)
from lapor_web.services.keys import Keys
from lapor_web.services.sealing import decrypt, encrypt, new_key
from lapor_web.services.storage import Storage

KEPT = dt.timedelta(days=1)
"""From the first piece to the last."""
FOLLOWS = dt.timedelta(days=1)
"""So long after their words do photos belong to them. Later ones come with words of their own."""
OF_AN_ADDRESS = 1 * GIGABYTE
"""In a day. A whole neighbourhood may have one address: this is some seven thousand photos."""
OF_ALL = 20 * GIGABYTE
"""In a day, so that no flood fills the storage."""

BRING_PHOTOS = frozenset({Action.SUBMIT, Action.REPLY, Action.COMPLETE})


class WrongOffset(Exception):
    """The piece does not follow on what is here (409)."""


def begin(
    session: Session,
    agency: Agency,
    report_id: int,
    *,
    name: str,
    size: int,
    sender_name: str | None,
    address_hash: bytes,
    keys: Keys,
    now: dt.datetime,
) -> FileUpload:
    """Room for a file that follows on the reporter's newest words. Asked twice for the same
    `sender_name`, it is the same one. Raises AttachmentRefused: empty, too_large, too_many,
    too_late, crowded."""
    name = shown_name(name)
    sequence = words_it_follows(session, report_id, name, now)
    wait_for_others(session, Owner(report_id, sequence))
    there = find_by_sender_name(session, report_id, sender_name)
    if there is not None and there.expires_at > now:
        return there
    if there is not None:
        stop(session, there)
    if not size:
        raise AttachmentRefused("empty", name)
    if size > BYTES_AT_MOST:
        raise AttachmentRefused("too_large", name)
    if count_beside(session, report_id, sequence, now) >= FILES_AT_MOST:
        raise AttachmentRefused("too_many", name)
    if is_crowded(session, address_hash, size, now):
        raise AttachmentRefused("crowded", name)
    row = FileUpload(
        agency_id=agency.id,
        report_id=report_id,
        history_sequence=sequence,
        sender_name=sender_name,
        original_name=name,
        size=size,
        received=0,
        address_hash=address_hash,
        created_at=now,
        expires_at=now + KEPT,
    )
    session.add(row)
    session.flush()  # for its id, which the key is bound to
    row.wrapped_key = encrypt(keys.wrapping, new_key(), _bound(row, "key"))
    session.flush()
    return row


def words_it_follows(session: Session, report_id: int, name: str, now: dt.datetime) -> int | None:
    """The reporter's newest row of history, as attachments name it."""
    newest = session.execute(
        select(HistoryEntry.sequence, HistoryEntry.action, HistoryEntry.at)
        .where(HistoryEntry.report_id == report_id, HistoryEntry.role == Role.REPORTER)
        .order_by(HistoryEntry.sequence.desc())
        .limit(1)
    ).first()
    if newest is None or newest.action not in BRING_PHOTOS or newest.at < now - FOLLOWS:
        raise AttachmentRefused("too_late", name)
    return None if newest.action is Action.SUBMIT else newest.sequence


def find_by_sender_name(
    session: Session, report_id: int, sender_name: str | None
) -> FileUpload | None:
    if sender_name is None:
        return None
    return session.scalar(
        select(FileUpload).where(
            FileUpload.report_id == report_id, FileUpload.sender_name == sender_name
        )
    )


def count_beside(session: Session, report_id: int, sequence: int | None, now: dt.datetime) -> int:
    """Files with the same words: those that are here, and those on their way."""
    coming = session.scalar(
        select(func.count())
        .select_from(FileUpload)
        .where(
            FileUpload.report_id == report_id,
            FileUpload.history_sequence.is_not_distinct_from(sequence),
            FileUpload.received < FileUpload.size,
            FileUpload.expires_at > now,
        )
    )
    return len(siblings(session, Owner(report_id, sequence))) + (coming or 0)


def is_crowded(session: Session, address_hash: bytes, size: int, now: dt.datetime) -> bool:
    """Whether this address, or all together, brought as much as a day may bring."""
    day = FileUpload.created_at > now - dt.timedelta(days=1)
    ours = FileUpload.address_hash == address_hash
    row = session.execute(
        select(
            func.coalesce(func.sum(FileUpload.size).filter(ours), 0).label("address"),
            func.coalesce(func.sum(FileUpload.size), 0).label("all"),
        ).where(day)
    ).one()
    return bool(row.address + size > OF_AN_ADDRESS or row.all + size > OF_ALL)


def find(
    session: Session, report_id: int, upload_id: int, now: dt.datetime, *, lock: bool = False
) -> FileUpload | None:
    """None where it never was, is another report's, or has expired."""
    query = select(FileUpload).where(
        FileUpload.id == upload_id,
        FileUpload.report_id == report_id,
        FileUpload.expires_at > now,
    )
    return session.scalar(query.with_for_update() if lock else query)


def append(session: Session, row: FileUpload, offset: int, piece: bytes, *, keys: Keys) -> None:
    """`row` is locked. Raises WrongOffset, and AttachmentRefused where more comes than was said."""
    if offset != row.received:
        raise WrongOffset
    if offset + len(piece) > row.size:
        raise AttachmentRefused("too_large", row.original_name)
    if not piece:
        return
    sealed = encrypt(_key(row, keys), piece, _bound(row, str(offset)))
    session.execute(insert(UploadPiece).values(upload_id=row.id, start=offset, sealed=sealed))
    row.received = offset + len(piece)
    session.flush()


def finish(
    session: Session,
    agency: Agency,
    row: FileUpload,
    *,
    keys: Keys,
    storage: Storage,
    now: dt.datetime,
) -> None:
    """All of it is here: an attachment like any other. What is left tells a sender who missed the
    answer that nothing is missing. Raises AttachmentRefused or StorageAway."""
    upload = Upload(row.original_name, content_of(session, row, keys=keys))
    owner = Owner(row.report_id, row.history_sequence)
    made = accept(session, agency, upload, owner, keys=keys, storage=storage, now=now)
    row.attachment_id, row.wrapped_key = made.id, None
    session.execute(delete(UploadPiece).where(UploadPiece.upload_id == row.id))
    session.flush()


def content_of(session: Session, row: FileUpload, *, keys: Keys) -> bytes:
    key = _key(row, keys)
    pieces = session.execute(
        select(UploadPiece.start, UploadPiece.sealed)
        .where(UploadPiece.upload_id == row.id)
        .order_by(UploadPiece.start)
    )
    return b"".join(decrypt(key, one.sealed, _bound(row, str(one.start))) for one in pieces)


def stop(session: Session, row: FileUpload) -> None:
    session.delete(row)
    session.flush()


def remove_expired(session: Session, now: dt.datetime) -> None:
    """For the worker: with them goes what they tell of an address."""
    session.execute(delete(FileUpload).where(FileUpload.expires_at <= now))


def _key(row: FileUpload, keys: Keys) -> bytes:
    if row.wrapped_key is None:  # nothing follows on what is whole
        raise WrongOffset
    return decrypt(keys.wrapping, row.wrapped_key, _bound(row, "key"))


def _bound(row: FileUpload, what: str) -> bytes:
    """So that no piece opens in another's place."""
    return f"lapor/upload/{row.id}/{what}".encode()
