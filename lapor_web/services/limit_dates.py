"""How long a step may take, from a day on: always a new row, and none that began is touched."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lapor_web.models import Classification, Limit, Step, Subject
from lapor_web.services.configuration import Configuring, NotThisWay

MOST_DAYS = 366
FARTHEST = dt.timedelta(days=3660)
"""Ten years: what is later is a slip of the hand."""


@dataclass(frozen=True, slots=True)
class Series:
    """All limits of one step and class, newest first."""

    step: Step
    classification: Classification | None
    rows: Sequence[Limit]

    def holds_on(self, day: dt.date) -> Limit | None:
        return next((row for row in self.rows if row.valid_from <= day), None)


STEPS: tuple[tuple[Step, Classification | None], ...] = (
    (Step.VERIFICATION, None),
    (Step.FIRST_FOLLOW_UP, None),
    *((Step.FINISH, one) for one in Classification),
    (Step.REPORTER_SILENCE, None),
    (Step.HOLD, None),
    (Step.OMBUDSMAN, None),
)


def list_series(session: Session, agency_id: int) -> list[Series]:
    rows = session.scalars(
        select(Limit).where(Limit.agency_id == agency_id).order_by(Limit.valid_from.desc())
    ).all()
    return [
        Series(step, kind, [row for row in rows if (row.step, row.classification) == (step, kind)])
        for step, kind in STEPS
    ]


def add_limit(
    act: Configuring,
    step: Step,
    classification: Classification | None,
    *,
    name: str,
    days: int,
    valid_from: dt.date,
    source: str,
    today: dt.date,
) -> Limit:
    """From tomorrow at the earliest: what held on a day never changes. `name` is what the history
    calls it. Raises NotThisWay."""
    if valid_from <= today:
        raise NotThisWay("valid_from", "Pilih tanggal mulai besok. Batas yang lalu tidak berubah")
    if valid_from > today + FARTHEST:
        raise NotThisWay("valid_from", "Pilih tanggal dalam sepuluh tahun ke depan")
    if not 1 <= days <= MOST_DAYS:
        raise NotThisWay("days", f"Tulis jumlah hari dari 1 sampai {MOST_DAYS}")
    same = select(Limit).where(
        Limit.agency_id == act.agency.id,
        Limit.step == step,
        Limit.classification.is_not_distinct_from(classification),
    )
    if act.session.scalar(same.where(Limit.valid_from == valid_from)) is not None:
        raise NotThisWay("valid_from", "Sudah ada batas mulai hari itu. Batalkan dulu yang itu")
    before = act.session.scalars(
        same.where(Limit.valid_from < valid_from).order_by(Limit.valid_from.desc()).limit(1)
    ).one_or_none()
    row = Limit(
        agency_id=act.agency.id,
        step=step,
        classification=classification,
        days=days,
        valid_from=valid_from,
        source=source,
    )
    act.session.add(row)
    act.session.flush()
    act.note(
        Subject.LIMIT,
        key_of(step, classification),
        name,
        {"days": before.days, "valid_from": before.valid_from.isoformat()} if before else {},
        facts_of(row),
    )
    return row


def withdraw_limit(act: Configuring, row: Limit, *, name: str, today: dt.date) -> None:
    """Before it begins. Raises NotThisWay."""
    if row.valid_from <= today:
        raise NotThisWay("valid_from", "Batas ini sudah berlaku. Tambahkan batas baru")
    act.note(
        Subject.LIMIT,
        key_of(row.step, row.classification),
        name,
        facts_of(row),
        {},
    )
    act.session.delete(row)
    act.session.flush()


def key_of(step: Step, classification: Classification | None) -> str:
    return f"{step.value}:{classification.value}" if classification else step.value


def facts_of(row: Limit) -> dict[str, Any]:
    return {
        "days": row.days,
        "valid_from": row.valid_from.isoformat(),
        "source": row.source,
    }
