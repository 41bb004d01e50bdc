"""What every figure counts: the definitions, in one place.

`of_report` and `of_disposition` say what a row counts as. The views of migration 0006 are these
very expressions (a test holds the two together), the kept counters are sums over those views, and
`services.behind` lists the reports behind a number with the same conditions.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from lapor_web.models import Classification, DispositionKind, EndReason, FinishMode, Status

IN_PROCESS = (Status.IN_PROCESS, Status.AWAITING_APPROVAL, Status.AWAITING_REPORTER)
FIRST_DAY = sa.literal_column("DATE '1970-01-01'", sa.Date)
"""Days are kept as numbers from here on."""


def standing(r: Any) -> dict[str, ColumnElement[bool]]:
    """Where a report stands: exactly one of these holds. The first three make D, diterima.

    A returned report that was once disposed is not acted on until it is disposed again, so that
    returning never improves a figure.
    """
    return {
        "finished": r.status == Status.FINISHED,
        "in_process": r.status.in_(IN_PROCESS),
        "not_acted_on": or_(
            r.status == Status.FORWARDED, and_(r.status == Status.UNVERIFIED, r.returned)
        ),
        "unverified": and_(r.status == Status.UNVERIFIED, ~r.returned),
        "on_hold": r.status == Status.ON_HOLD,
        "archived": r.status == Status.ARCHIVED,
        "outside_authority": r.status == Status.OUTSIDE_AUTHORITY,
        "merged": r.status == Status.MERGED,
    }


def marks(r: Any) -> dict[str, ColumnElement[bool]]:
    """What a report was, beside where it stands. Unknown (NULL) is neither yes nor no.

    Paces and marks of the first follow-up stay with a report that is archived or merged later:
    the office did, or did not, act in time all the same.
    """
    finished = r.status == Status.FINISHED
    once_finished = or_(finished, r.reopened_count > 0)
    # An import knows that an office had it, yet not always which office is ours, or when.
    disposed = or_(r.disposed_at.is_not(None), r.holder_opd_id.is_not(None))
    here = ~r.imported  # what happened to an import elsewhere is unknown, and so never 0
    return {
        "disposed": disposed,
        "in_time": r.pace_days <= r.follow_up_limit,
        "late": r.pace_days > r.follow_up_limit,
        "confirmed": and_(finished, r.finish_mode == FinishMode.CONFIRMED),
        "automatic": and_(finished, r.finish_mode == FinishMode.AUTOMATIC),
        "by_admin": and_(finished, r.finish_mode == FinishMode.BY_ADMIN),
        "disposed_here": and_(disposed, here),
        "returned": and_(r.return_count > 0, here),
        "finished_here": and_(finished, here),
        "evidence": and_(finished, here, r.has_evidence),
        "once_finished_here": and_(once_finished, here),
        "reopened": and_(r.reopened_count > 0, here),
    }


def waits(r: Any) -> ColumnElement[bool]:
    """Not acted on, and no holder has answered yet: its age runs."""
    return and_(standing(r)["not_acted_on"], r.first_follow_up_at.is_(None))


def of_report(r: Any, sign: ColumnElement[int]) -> Select[Any]:
    """What the rows `r` (`Report`, or its kept changes) count as, `sign` times each."""
    named = {
        "sign": sign,
        "agency_id": r.agency_id,
        "received_on": r.received_on,
        "opd_id": r.holder_opd_id,
        "category_id": r.category_id,
        "area_id": r.area_id,
        "channel": r.channel,
        "classification": r.classification,
        **standing(r),
        **marks(r),
        # values, of which means and medians are made
        "pace": r.pace_days,
        "waiting": case((waits(r), day_number(r.waiting_from))),
        "due": case((waits(r), day_number(r.follow_up_due_on))),
        "completion": r.completion_days,
        "rating": r.rating,
        # what an inbox sorts by
        "status": r.status,
        "sent_back": r.returned,
        "confidential": r.confidential,
        "about_conduct": r.about_conduct,
        "about_service": r.about_service,
        "supervisory": func.coalesce(r.classification == Classification.SUPERVISORY, False),
        "consented": r.ombudsman_consent_at.is_not(None),
        "accused_opd_id": r.accused_opd_id,
        "due_on": r.due_on,
    }
    return select(*(column.label(name) for name, column in named.items()))


def is_interval(d: Any) -> ColumnElement[bool]:
    """A holder's own interval. A disposition that was undone never was."""
    return and_(
        d.kind == DispositionKind.RESPONSIBLE, d.end_reason.is_distinct_from(EndReason.UNDONE)
    )


def of_disposition(d: Any, sign: ColumnElement[int]) -> Select[Any]:
    """What the rows `d` (`Disposition`, or its kept changes) count as, `sign` times each."""
    named = {
        "sign": sign,
        "agency_id": d.agency_id,
        "received_on": d.received_on,
        "opd_id": d.opd_id,
        "pace": d.pace_days,
        "waiting": case((d.waiting, day_number(d.waiting_from))),
        "due": case((d.waiting, day_number(d.follow_up_due_on))),
        "in_time": d.in_time,
        # An import's disposition comes with the report itself, and nobody knows what became of it.
        "returned": case(
            (d.started_sequence > 1, func.coalesce(d.end_reason == EndReason.RETURNED, False))
        ),
    }
    columns = (column.label(name) for name, column in named.items())
    return select(*columns).where(is_interval(d))


def day_number(day: ColumnElement[Any]) -> ColumnElement[int]:
    return day - FIRST_DAY
