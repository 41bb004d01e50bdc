"""How long a step may take, on the day it begins."""

import datetime as dt
from typing import TypeAlias, TypeVar

from sqlalchemy import Select, SQLColumnExpression, or_, select
from sqlalchemy.orm import Session

from lapor_web.models import Classification, Limit, Step

Thing = TypeVar("Thing")
_Of: TypeAlias = Thing | SQLColumnExpression[Thing]
"""A value, or what stands for it in a query."""


def limit_days(
    session: Session,
    agency_id: int,
    step: Step,
    on: dt.date,
    classification: Classification | None = None,
) -> int | None:
    """Working days of the newest limit that holds on `on`; None where none is set.

    One for the class goes before one for all classes.
    """
    return session.scalar(select_limit(agency_id, step, on, classification))


def select_limit(
    agency_id: _Of[int],
    step: Step,
    on: _Of[dt.date],
    classification: Classification | None = None,
) -> Select[int]:
    """The same, to be asked together with something else."""
    return (
        select(Limit.days)
        .where(
            Limit.agency_id == agency_id,
            Limit.step == step,
            Limit.valid_from <= on,
            or_(Limit.classification.is_(None), Limit.classification == classification),
        )
        .order_by(Limit.classification.is_(None), Limit.valid_from.desc())
        .limit(1)
    )
