"""What the machine keeps of its own work: what somebody waits for, what ran, and what did not."""

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from lapor_web.models.base import Base, utc_now


class LongJobState(enum.StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class LongJob(Base):
    """Work that one officer asked for and waits for: an export, a PDF. Its file is for them alone,
    sealed under a key of its own, and gone after a day."""

    __tablename__ = "long_job"
    __table_args__ = (
        sa.Index("ix_long_job_created_at", "created_at"),
        sa.Index(
            "ix_long_job_unfinished",
            "id",
            postgresql_where=sa.text("state IN ('waiting', 'running')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    job: Mapped[str] = mapped_column(sa.String(32))
    """A name of `services.jobs.Job`."""
    arguments: Mapped[dict[str, Any]] = mapped_column(JSONB)
    title: Mapped[str]
    """What it makes, in words for its owner; no word of a report."""
    state: Mapped[LongJobState] = mapped_column(default=LongJobState.WAITING)
    done: Mapped[int] = mapped_column(sa.Integer, default=0)
    total: Mapped[int | None] = mapped_column(sa.Integer)
    """Steps; unknown until the work says it."""
    reason: Mapped[str | None]
    """Why it failed, where its owner can do something about it."""
    queue_job_id: Mapped[int | None]
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    finished_at: Mapped[dt.datetime | None]
    file_name: Mapped[str | None]
    media_type: Mapped[str | None]
    size: Mapped[int | None]
    """Bytes."""
    blob: Mapped[str | None]
    wrapped_key: Mapped[bytes | None]


class ScheduleRun(Base):
    """The newest run of what the clock starts, one row a schedule."""

    __tablename__ = "schedule_run"

    name: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[dt.datetime]
    succeeded_at: Mapped[dt.datetime | None]
    failed_at: Mapped[dt.datetime | None]
    milliseconds: Mapped[int | None] = mapped_column(sa.Integer)
    """Of the newest run that succeeded."""
    error: Mapped[str | None]
    """Of the newest run that did not: the kind of error and its place in our code, no values."""


class JobFailure(Base):
    """Why a job of the queue failed last, as `ScheduleRun.error`; the queue itself keeps no reason."""

    __tablename__ = "job_failure"

    job_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Of the queue, which removes its jobs after a while and knows nothing of us: no foreign key."""
    error: Mapped[str]
    failed_at: Mapped[dt.datetime] = mapped_column(index=True)
