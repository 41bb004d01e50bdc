"""Kept counters: what the figures are read from, so that no page ever counts a million rows.

Written by the database alone (migration 0006): triggers append to the two `…_change` tables what
the figures know of a row, lost (-1) or gained (+1), and `fold_figures()` adds that up in the
others now and then. Tally and changes together, read in one statement, are exact at every moment,
in the writer's own transaction too. Nobody waits on a counter, for nobody updates one but the
one transaction that folds.

They are tables without classes: no row of them is ever an object.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from lapor_web.models.base import Base
from lapor_web.models.disposition import Disposition
from lapor_web.models.report import Report

COUNTERS = (
    "entered",
    "finished",
    "in_process",
    "not_acted_on",
    "unverified",
    "on_hold",
    "archived",
    "outside_authority",
    "merged",
    "disposed",
    "in_time",
    "late",
    "confirmed",
    "automatic",
    "by_admin",
    "disposed_here",
    "returned",
    "finished_here",
    "evidence",
    "once_finished_here",
    "reopened",
)
"""How many reports are, or were, this: a column each (what they mean: `services.indicators`)."""

SPANS = ("year", "month")

_WATCHED_OF_REPORT = (
    "agency_id",
    "imported",
    "received_on",
    "holder_opd_id",
    "category_id",
    "area_id",
    "channel",
    "classification",
    "status",
    "returned",
    "confidential",
    "about_conduct",
    "about_service",
    "accused_opd_id",
    "ombudsman_consent_at",
    "due_on",
    "disposed_at",
    "first_follow_up_at",
    "follow_up_limit",
    "follow_up_due_on",
    "waiting_from",
    "pace_days",
    "completion_days",
    "finish_mode",
    "has_evidence",
    "rating",
    "reopened_count",
    "return_count",
)
_WATCHED_OF_DISPOSITION = (
    "agency_id",
    "received_on",
    "opd_id",
    "kind",
    "started_sequence",
    "end_reason",
    "waiting",
    "waiting_from",
    "follow_up_due_on",
    "pace_days",
    "in_time",
)


def _columns_of(table: sa.FromClause, names: Sequence[str]) -> list[sa.Column[Any]]:
    return [sa.Column(name, table.c[name].type, nullable=table.c[name].nullable) for name in names]


report_change = sa.Table(
    "report_change",
    Base.metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("sign", sa.SmallInteger, nullable=False),
    *_columns_of(Report.__table__, _WATCHED_OF_REPORT),
)

disposition_change = sa.Table(
    "disposition_change",
    Base.metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("sign", sa.SmallInteger, nullable=False),
    *_columns_of(Disposition.__table__, _WATCHED_OF_DISPOSITION),
)


def _tally(name: str, key: Sequence[sa.Column[Any]], counters: Sequence[str]) -> sa.Table:
    """One row a key; None is a value of it like any other ("no OPD")."""
    return sa.Table(
        name,
        Base.metadata,
        *key,
        *(sa.Column(counter, sa.BigInteger, nullable=False) for counter in counters),
        sa.Index(f"uq_{name}", *key, unique=True, postgresql_nulls_not_distinct=True),
    )


figure_count = _tally(
    "figure_count",
    (
        sa.Column("agency_id", sa.BigInteger, nullable=False),
        sa.Column("dimension", sa.Text, nullable=False),  # opd, category, area, channel, …
        sa.Column("span", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("key", sa.Text),  # an id, or the value of an enum
    ),
    COUNTERS,
)
"""Reports by where they stand, in each year and month of reception."""

figure_value = _tally(
    "figure_value",
    (
        sa.Column("agency_id", sa.BigInteger, nullable=False),
        sa.Column("span", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("opd_id", sa.BigInteger),
        sa.Column("value", sa.Integer, nullable=False),
    ),
    ("count",),
)
"""How often each value occurs, so that means and medians are exact. Days that are dates are kept
as days since 1970, for their age depends on today."""

queue_count = _tally(
    "queue_count",
    (
        sa.Column("agency_id", sa.BigInteger, nullable=False),
        sa.Column("by_holder", sa.Boolean, nullable=False),
        sa.Column("holder_opd_id", sa.BigInteger),
        sa.Column("status", Report.__table__.c.status.type, nullable=False),
        sa.Column("returned", sa.Boolean, nullable=False),
        sa.Column("confidential", sa.Boolean, nullable=False),
        sa.Column("about_conduct", sa.Boolean, nullable=False),
        sa.Column("about_service", sa.Boolean, nullable=False),
        sa.Column("supervisory", sa.Boolean, nullable=False),
        sa.Column("consented", sa.Boolean, nullable=False),
        sa.Column("accused_opd_id", sa.BigInteger),
        sa.Column("due_on", sa.Date),
    ),
    ("count",),
)
"""Reports by what an inbox sorts them by: once for each holder, once for the whole city."""

figure_epoch = sa.Table(
    "figure_epoch",
    Base.metadata,
    sa.Column("only_row", sa.Boolean, primary_key=True),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.CheckConstraint("only_row", name="only_row"),
)
"""One row, moved on by each fold: with the changes of now it tells whether a figure still holds."""
