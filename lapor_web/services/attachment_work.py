"""What the worker does to attachments: pictures drawn anew, and what nobody wants removed.

Every step may happen twice, or be cut off anywhere: the second time ends where the first would have.
"""

import datetime as dt
import logging
from collections.abc import Iterable
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from lapor_web.models import Attachment, AttachmentState, Report
from lapor_web.services import jobs
from lapor_web.services.attachments import Copy, NotReadable, read, seal
from lapor_web.services.jobs import Job
from lapor_web.services.keys import Keys
from lapor_web.services.pictures import NotAPicture, draw_anew
from lapor_web.services.storage import Storage

logger = logging.getLogger(__name__)

WAITS_FOR_A_REPORT = dt.timedelta(days=2)
"""A form that was not sent until then will not be."""
LATE = dt.timedelta(hours=1)
"""A picture that is not ready by then lost its job."""
AT_ONCE = 200
"""Rows of one transaction."""


def prepare(session: Session, attachment_id: int, *, keys: Keys, storage: Storage) -> None:
    """Make a picture ready: redrawn from its pixels, with a small copy. One that cannot be
    decoded is refused, and stays so. Raises Interrupted, NotStored or StorageAway: try again."""
    row = session.scalar(select(Attachment).where(Attachment.id == attachment_id).with_for_update())
    if row is None:
        return
    bind_late(session, row)
    if row.state is not AttachmentState.RECEIVED or row.original_blob is None:
        return
    try:
        drawn = draw_anew(read(row, Copy.ORIGINAL, keys=keys, storage=storage))
    except (NotAPicture, NotReadable) as reason:
        logger.warning("attachment %d refused: %s", row.id, type(reason).__name__)
        row.state = AttachmentState.REFUSED
        return
    # Names that follow from the original's: a second try writes over the first.
    row.clean_blob, row.thumbnail_blob = f"{row.original_blob}.clean", f"{row.original_blob}.small"
    storage.put(row.clean_blob, seal(row, Copy.CLEAN, drawn.picture, keys=keys))
    storage.put(row.thumbnail_blob, seal(row, Copy.THUMBNAIL, drawn.thumbnail, keys=keys))
    row.width, row.height = drawn.width, drawn.height
    row.state = AttachmentState.READY


def bind_late(session: Session, row: Attachment) -> None:
    """It came while its report was being sent, or after."""
    if row.report_id is None:
        row.report_id = session.scalar(
            select(Report.id).where(
                Report.agency_id == row.agency_id, Report.key_hash == row.key_hash
            )
        )
        if row.report_id is not None:
            row.address_hash = None


def ask_again(session: Session, *, now: dt.datetime) -> None:
    """For pictures whose job is lost: it gave up, or its worker died too often."""
    late = session.scalars(
        select(Attachment.id)
        .where(
            Attachment.state == AttachmentState.RECEIVED,
            Attachment.original_blob.is_not(None),
            Attachment.created_at.between(now - WAITS_FOR_A_REPORT, now - LATE),
        )
        .limit(AT_ONCE)
    )
    for attachment_id in late:
        jobs.defer(session, Job.PREPARE_ATTACHMENT, attachment_id=attachment_id)


def remove_orphans(session: Session, *, storage: Storage, now: dt.datetime) -> int:
    """Files of forms that were never sent; how many. Bytes go first: a row without them is found
    again, bytes without a row only by the nightly search."""
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.report_id.is_(None), Attachment.created_at < now - WAITS_FOR_A_REPORT)
        .order_by(Attachment.created_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    removed = 0
    for row in rows:
        bind_late(session, row)
        if row.report_id is None:
            delete_blobs(row, storage)
            session.delete(row)
            removed += 1
    return removed


def remove_erased(session: Session, *, storage: Storage) -> int:
    """Bytes whose key was destroyed; of how many files."""
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.wrapped_key.is_(None), Attachment.original_blob.is_not(None))
        .order_by(Attachment.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        delete_blobs(row, storage)
        row.original_blob = row.clean_blob = row.thumbnail_blob = None
    return len(rows)


def remove_strays(session: Session, *, storage: Storage, now: dt.datetime) -> int:
    """Bytes of transactions that were rolled back, which no row knows; how many."""
    removed = 0
    old = storage.names_before(now - WAITS_FOR_A_REPORT)
    while names := list(islice(old, AT_ONCE)):
        for name in strays_among(session, names):
            storage.delete(name)
            removed += 1
    return removed


def strays_among(session: Session, names: Iterable[str]) -> list[str]:
    """By the original's name, which those of its copies begin with."""
    originals = {name: name.partition(".")[0] for name in names}
    known = set(
        session.scalars(
            select(Attachment.original_blob).where(
                Attachment.original_blob.in_(set(originals.values()))
            )
        )
    )
    return [name for name, original in originals.items() if original not in known]


def delete_blobs(row: Attachment, storage: Storage) -> None:
    """Those of a try that was cut off, too."""
    if row.original_blob is not None:
        for suffix in ("", ".clean", ".small"):
            storage.delete(f"{row.original_blob}{suffix}")
