"""A report (laporan): what was said, where it stands, and what its clocks have seen."""

import datetime as dt
import enum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lapor_web.models.area import Area
from lapor_web.models.base import Base, utc_now
from lapor_web.models.category import Category
from lapor_web.models.opd import Opd
from lapor_web.models.user import User

if TYPE_CHECKING:
    from lapor_web.models.disposition import Disposition
    from lapor_web.models.history import HistoryEntry


class Status(enum.StrEnum):
    UNVERIFIED = "unverified"
    ON_HOLD = "on_hold"
    FORWARDED = "forwarded"
    IN_PROCESS = "in_process"
    AWAITING_APPROVAL = "awaiting_approval"
    AWAITING_REPORTER = "awaiting_reporter"
    FINISHED = "finished"
    OUTSIDE_AUTHORITY = "outside_authority"
    ARCHIVED = "archived"
    MERGED = "merged"


class Kind(enum.StrEnum):
    """What the reporter wants; set by the verifier."""

    COMPLAINT = "complaint"
    ASPIRATION = "aspiration"
    INFORMATION = "information"


class Classification(enum.StrEnum):
    """The four classes of SP4N; the finish limit hangs on them."""

    SUPERVISORY = "supervisory"
    NON_SUPERVISORY = "non_supervisory"
    INFORMATION_REQUEST = "information_request"
    ASPIRATION = "aspiration"


class Channel(enum.StrEnum):
    WEB = "web"
    COUNTER = "counter"
    PHONE = "phone"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"
    SOCIAL_MEDIA = "social_media"
    CALL_CENTER = "call_center"
    SP4N = "sp4n"
    OTHER_APP = "other_app"


class FinishMode(enum.StrEnum):
    CONFIRMED = "confirmed"
    AUTOMATIC = "automatic"
    BY_ADMIN = "by_admin"


class Outcome(enum.StrEnum):
    FULLY_HANDLED = "fully_handled"
    PARTLY_HANDLED = "partly_handled"
    EXPLAINED = "explained"
    SCHEDULED = "scheduled"
    CANNOT_BE_HANDLED = "cannot_be_handled"


class ArchiveReason(enum.StrEnum):
    UNCLEAR = "unclear"
    NOT_RELEVANT = "not_relevant"
    DUPLICATE = "duplicate"
    ABUSIVE = "abusive"
    NOT_COMPLETED = "not_completed"
    IN_COURT = "in_court"
    TEST_OR_SPAM = "test_or_spam"
    WITHDRAWN = "withdrawn"


class Report(Base):
    __tablename__ = "report"
    __table_args__ = (
        sa.UniqueConstraint("agency_id", "key_hash"),
        sa.UniqueConstraint("agency_id", "tracking_id"),
        # The status is always explained by a row of history, the finishing event above all:
        # `version` is that row's place, and the row says to which status it led.
        sa.ForeignKeyConstraint(
            ["id", "version", "status"],
            ["history.report_id", "history.sequence", "history.to_status"],
            name="fk_report_latest_history",
            use_alter=True,
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.CheckConstraint(
            "(status = 'finished') = (finished_at IS NOT NULL)"
            " AND (status <> 'finished' OR finish_mode IS NOT NULL)",
            name="finished_has_event",
        ),
        sa.CheckConstraint(
            "status NOT IN ('forwarded', 'in_process', 'awaiting_approval', 'awaiting_reporter')"
            " OR holder_opd_id IS NOT NULL OR imported",
            name="handled_has_holder",
        ),
        sa.CheckConstraint(
            "(status = 'merged') = (parent_id IS NOT NULL)", name="merged_has_parent"
        ),
        sa.CheckConstraint(
            "(status = 'archived') = (archive_reason IS NOT NULL)", name="archived_has_reason"
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name="rating_in_range"),
        sa.CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        sa.CheckConstraint(
            "holder_opd_id IS DISTINCT FROM accused_opd_id OR holder_opd_id IS NULL",
            name="never_held_by_the_accused",
        ),
        sa.CheckConstraint(
            "assignee_id IS DISTINCT FROM accused_user_id OR assignee_id IS NULL",
            name="never_assigned_to_the_accused",
        ),
        # Each of the few reports that have one.
        *(
            sa.Index(
                f"ix_report_{column}", column, postgresql_where=sa.text(f"{column} IS NOT NULL")
            )
            for column in ("accused_user_id", "assigned_opd_id", "split_from_id")
        ),
        # What waits for a human eye, asked for by every page of a coordinator.
        sa.Index(
            "ix_report_quarantined",
            "agency_id",
            postgresql_where=sa.text("quarantined AND status = 'unverified'"),
        ),
        # What the recap calls not acted on, which handouts and opened numbers list; `services.indicators`
        # asks just so.
        sa.Index(
            "ix_report_not_acted_on",
            "agency_id",
            "received_on",
            postgresql_where=sa.text("status = 'forwarded' OR status = 'unverified' AND returned"),
        ),
        # What the national system does not have yet; `services.sp4n_copies` asks just so.
        sa.Index(
            "ix_report_not_copied",
            "agency_id",
            "received_on",
            "id",
            postgresql_where=sa.text(
                "tracking_id IS NULL AND sp4n_settled_at IS NULL AND NOT imported"
                " AND verified_at IS NOT NULL"
                " AND status NOT IN ('archived', 'merged', 'outside_authority')"
            ),
        ),
    )

    # Said aloud, since a foreign key that starts at it would silence the serial.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    number: Mapped[str] = mapped_column(unique=True)
    key_hash: Mapped[bytes | None]
    """HMAC of the form's key: the same form never makes a second report."""
    content_hash: Mapped[bytes | None]
    receipt_hash: Mapped[bytes | None]
    """Keyed hash of the receipt code; the code itself is stored nowhere."""
    tracking_id: Mapped[str | None]
    sp4n_settled_at: Mapped[dt.datetime | None]
    """When a coordinator decided that the national system need not have it."""
    channel: Mapped[Channel] = mapped_column(default=Channel.WEB)
    source_account: Mapped[str | None]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    imported: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """From elsewhere or long ago: the automatic clocks leave it alone."""
    quarantined: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Looked like a bot's; waits in the queue like any other, marked for a human eye."""

    # what was said
    story: Mapped[str]
    place: Mapped[str]
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    happened_on: Mapped[dt.date | None]
    title: Mapped[str | None]
    public_text: Mapped[str | None]
    """The copy the public reads, which the coordinator may redact; `story` stays."""
    kind: Mapped[Kind | None]
    classification: Mapped[Classification | None]
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))

    # who may know
    anonymous: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    confidential: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    about_conduct: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    about_service: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    accused_opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    accused_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """The officer it is about, whatever their role or office: they never see it."""

    # where it stands
    status: Mapped[Status] = mapped_column(default=Status.UNVERIFIED)
    version: Mapped[int] = mapped_column(default=1)
    """The place of its newest history row; whoever acts on an older one comes too late."""
    status_before_hold: Mapped[Status | None]
    returned: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """In the queue "Salah disposisi": once disposed, sent back, held by nobody."""
    holder_opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    assigned_opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    """A unit under the holder that does the work; the holder stays responsible and is counted."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    split_from_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    """The report that held this matter too; its reporter reaches both with one code."""
    finish_mode: Mapped[FinishMode | None]
    outcome: Mapped[Outcome | None]
    outcome_on: Mapped[dt.date | None]
    archive_reason: Mapped[str | None] = mapped_column(sa.String(32))
    """An `ArchiveReason`, or one that the city has of its own."""
    belongs_to: Mapped[str | None]
    """Where a report outside our authority belongs."""
    rating: Mapped[int | None] = mapped_column(sa.SmallInteger)
    has_evidence: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    reopened_count: Mapped[int] = mapped_column(sa.SmallInteger, default=0, server_default="0")
    return_count: Mapped[int] = mapped_column(sa.SmallInteger, default=0, server_default="0")
    objected: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """The one objection to an archive or outside-authority answer was used."""
    ombudsman_consent_at: Mapped[dt.datetime | None]
    promised_on: Mapped[dt.date | None]
    time_asked_until: Mapped[dt.date | None]
    time_granted: Mapped[bool | None]

    # what its clocks have seen (instants in UTC; `received_on` is the WITA day)
    received_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    received_on: Mapped[dt.date]
    entered_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    queued_at: Mapped[dt.datetime | None]
    """When it last came back into the verification queue; None means when it was received."""
    verified_at: Mapped[dt.datetime | None]
    disposed_at: Mapped[dt.datetime | None]
    """First disposition to an OPD; never moved by a later one."""
    first_follow_up_at: Mapped[dt.datetime | None]
    finish_started_at: Mapped[dt.datetime | None]
    """From where the finish limit runs: the first disposition, or what was reopened or objected."""
    answered_at: Mapped[dt.datetime | None]
    """When `awaiting_reporter` was reached last: there the finish limit stops."""
    finished_at: Mapped[dt.datetime | None]
    wait_restarted_at: Mapped[dt.datetime | None]
    """When a coordinator took back what the clock did last: the wait for the reporter, in silence
    or on hold, counts anew from there."""

    # the limits that held, in working days, and the calendar they were counted with
    verification_limit: Mapped[int | None] = mapped_column(sa.SmallInteger)
    follow_up_limit: Mapped[int | None] = mapped_column(sa.SmallInteger)
    finish_limit: Mapped[int | None] = mapped_column(sa.SmallInteger)
    silence_limit: Mapped[int | None] = mapped_column(sa.SmallInteger)
    hold_limit: Mapped[int | None] = mapped_column(sa.SmallInteger)
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar_version.id"))

    # derived from the above by `services.deadlines`, kept so that lists can be sorted
    due_on: Mapped[dt.date | None]
    follow_up_due_on: Mapped[dt.date | None]
    waiting_from: Mapped[dt.date | None]
    """Day 0 of the wait for a first follow-up, moved on by the working days of pauses."""
    ladder_on: Mapped[dt.date | None]
    """From this day on the escalation ladder looks at it again; none: at its next round."""
    pace_days: Mapped[int | None] = mapped_column(sa.SmallInteger)
    completion_days: Mapped[int | None] = mapped_column(sa.SmallInteger)

    area: Mapped[Area | None] = relationship()
    category: Mapped[Category | None] = relationship()
    holder: Mapped[Opd | None] = relationship(foreign_keys=[holder_opd_id])
    accused: Mapped[Opd | None] = relationship(foreign_keys=[accused_opd_id])
    accused_user: Mapped[User | None] = relationship(foreign_keys=[accused_user_id])
    assigned_opd: Mapped[Opd | None] = relationship(foreign_keys=[assigned_opd_id])
    parent: Mapped["Report | None"] = relationship(foreign_keys=[parent_id], remote_side=[id])
    split_from: Mapped["Report | None"] = relationship(
        foreign_keys=[split_from_id], remote_side=[id]
    )
    history: Mapped[list["HistoryEntry"]] = relationship(
        back_populates="report",
        order_by="HistoryEntry.sequence",
        foreign_keys="HistoryEntry.report_id",
    )
    dispositions: Mapped[list["Disposition"]] = relationship(
        back_populates="report", order_by="Disposition.id"
    )
    holds: Mapped[list["Hold"]] = relationship(order_by="Hold.id")

    @property
    def is_ordinary(self) -> bool:
        """Neither rahasia nor about anybody's conduct: overseers may read it."""
        return not (self.confidential or self.about_conduct or self.about_service)

    @property
    def is_published(self) -> bool:
        return self.verified_at is not None and self.is_ordinary

    @property
    def responsible(self) -> "Disposition | None":
        """The one disposition that holds it now."""
        return next((one for one in self.dispositions if one.is_responsible_now), None)

    @property
    def current_hold(self) -> "Hold | None":
        return next((hold for hold in self.holds if hold.ended_at is None), None)


class Hold(Base):
    """A pause (Ditunda): the only thing that stops a clock."""

    __tablename__ = "hold"
    __table_args__ = (
        sa.Index(
            "uq_hold_open", "report_id", unique=True, postgresql_where=sa.text("ended_at IS NULL")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    started_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    started_sequence: Mapped[int]
    ended_sequence: Mapped[int | None]
