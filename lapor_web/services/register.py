"""The side register that offices keep: the reports of a list, a row each, with nobody's name in it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Select, any_, bindparam, func, select
from sqlalchemy.orm import Session

from lapor_web.models import Attachment, Category, Classification, Opd, Report
from lapor_web.services.working_days import wita_date

AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class RegisterRow:
    number: str
    tracking_id: str | None
    title: str | None
    text: str
    """What the public reads where a coordinator made a copy for it, else as it was written."""
    classification: Classification | None
    category: str | None
    holder: str | None
    received_on: dt.date
    disposed_on: dt.date | None
    """None too of what the national system handled: its export does not say when."""
    followed_up_on: dt.date | None
    follow_up_due_on: dt.date | None
    files: int


def count(session: Session, ids: Select[int], most: int) -> int:
    """Of what is selected, up to one more than `most`."""
    some = ids.order_by(None).limit(most + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def read_rows(session: Session, ids: Select[int]) -> Iterator[RegisterRow]:
    """In the order of `ids`, which holds the scope of whoever reads them."""
    found = list(session.scalars(ids))
    for at in range(0, len(found), AT_A_TIME):
        some = found[at : at + AT_A_TIME]
        rows = {row.id: row for row in session.execute(_ROWS, {"ids": some})}
        for report_id in some:
            # One that went while we read is no loss.
            if row := rows.get(report_id):
                yield _register_row(row)


def _register_row(row: Any) -> RegisterRow:
    return RegisterRow(
        number=row.number,
        tracking_id=row.tracking_id,
        title=row.title,
        text=row.public_text or row.story,
        classification=row.classification,
        category=row.category,
        holder=row.holder,
        received_on=row.received_on,
        disposed_on=_day(row.disposed_at, row.imported),
        followed_up_on=_day(row.first_follow_up_at, row.imported),
        follow_up_due_on=None if row.imported else row.follow_up_due_on,
        files=row.files,
    )


def _day(instant: dt.datetime | None, imported: bool) -> dt.date | None:
    return None if instant is None or imported else wita_date(instant)


_FILES = (
    select(func.count())
    .select_from(Attachment)
    .where(Attachment.report_id == Report.id)
    .scalar_subquery()
)
_ROWS = (
    select(
        Report.id,
        Report.number,
        Report.tracking_id,
        Report.title,
        Report.public_text,
        Report.story,
        Report.classification,
        Report.received_on,
        Report.disposed_at,
        Report.first_follow_up_at,
        Report.follow_up_due_on,
        Report.imported,
        Category.name.label("category"),
        Opd.name.label("holder"),
        _FILES.label("files"),
    )
    .outerjoin(Category, Category.id == Report.category_id)
    .outerjoin(Opd, Opd.id == Report.holder_opd_id)
    .where(Report.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
)
