"""The indexes of lists and search; made by migrations 0006, 0015, 0017, 0024, 0025
and 0028; its functions rewritten by 0029."""

import sqlalchemy as sa
from sqlalchemy import ColumnElement, func

from lapor_web.models.disposition import Disposition
from lapor_web.models.history import HistoryEntry
from lapor_web.models.report import Report

OPEN = sa.text("status NOT IN ('finished', 'archived', 'outside_authority', 'merged')")
FINISHED = sa.text("status = 'finished'")
ON_THE_LADDER = sa.text(
    "status IN ('unverified', 'forwarded', 'in_process', 'awaiting_approval')"
    " AND due_on IS NOT NULL AND NOT imported"
)
PUBLISHED = sa.text(
    "verified_at IS NOT NULL AND NOT confidential AND NOT about_conduct AND NOT about_service"
)

HIDDEN = sa.text("confidential OR about_conduct OR about_service")

OVERSEEN = sa.text("(classification = 'supervisory' OR about_conduct OR about_service)")
"""What the Inspektorat reads wherever it lies (`services.access`)."""


def words_of_report() -> ColumnElement[object]:
    """What officers search: what the reporter said, with the marks of the report."""
    words = func.report_words(Report.id, Report.title, Report.story, Report.place)
    return words.op("||")(marks_of_report())


def public_words_of_report() -> ColumnElement[object]:
    """What the public searches: the copy it reads, so that no redacted word can be guessed."""
    words = func.report_words(Report.id, Report.title, Report.public_text, Report.place)
    return words.op("||")(marks_of_report())


def words_of_answer() -> ColumnElement[object]:
    """What was told to the reporter or by them since, with the mark of the office."""
    return func.answer_words(HistoryEntry.report_id, HistoryEntry.opd_id, HistoryEntry.text)


def marks_of_report() -> ColumnElement[object]:
    """Where it stands, whose it is, and what kind: so that the index of words settles that too."""
    return func.report_marks(
        Report.status,
        Report.holder_opd_id,
        Report.category_id,
        Report.area_id,
        Report.classification,
        Report.about_conduct,
        Report.entered_by_id,
    )


# The inbox: nearest deadline first, of the city, of one status, of one office.
sa.Index("ix_report_open_by_due", Report.agency_id, Report.due_on, Report.id, postgresql_where=OPEN)
sa.Index(
    "ix_report_open_by_status",
    Report.agency_id,
    Report.status,
    Report.due_on,
    Report.id,
    postgresql_where=OPEN,
)
sa.Index(
    "ix_report_open_by_holder",
    Report.holder_opd_id,
    Report.due_on,
    Report.id,
    postgresql_where=OPEN,
)
# Those of one state alone.
sa.Index(
    "ix_report_open_by_holder_and_status",
    Report.holder_opd_id,
    Report.status,
    Report.due_on,
    Report.id,
    postgresql_where=OPEN,
)
sa.Index(
    "ix_report_finished_by_holder",
    Report.holder_opd_id,
    Report.received_on,
    Report.id,
    postgresql_where=FINISHED,
)

# Of the city: found without the thousands that a flood leaves unverified.
sa.Index(
    "ix_report_finished",
    Report.agency_id,
    Report.received_on,
    Report.id,
    postgresql_where=FINISHED,
)
sa.Index(
    "ix_report_overseen",
    Report.agency_id,
    Report.received_on,
    Report.id,
    postgresql_where=OVERSEEN,
)
sa.Index(
    "ix_report_returned",
    Report.agency_id,
    Report.due_on,
    Report.id,
    postgresql_where=sa.text("status = 'unverified' AND returned"),
)

sa.Index(
    "ix_report_open_by_assignee",
    Report.assignee_id,
    Report.due_on,
    Report.id,
    postgresql_where=sa.text(f"assignee_id IS NOT NULL AND {OPEN.text}"),
)

# What waits for a supervisor's word on more time.
sa.Index(
    "ix_report_asks_for_time",
    Report.holder_opd_id,
    postgresql_where=sa.text("time_asked_until IS NOT NULL AND time_granted IS NULL"),
)

# What the escalation ladder looks at next.
sa.Index("ix_report_ladder", Report.ladder_on, postgresql_where=ON_THE_LADDER)

# Everything, newest first; and the edge days of a recap.
sa.Index("ix_report_received", Report.agency_id, Report.received_on, Report.id)
sa.Index(
    "ix_report_received_by_holder",
    Report.holder_opd_id,
    Report.received_on,
    Report.id,
    postgresql_where=Report.holder_opd_id.is_not(None),
)
sa.Index(
    "ix_report_published",
    Report.agency_id,
    Report.received_on,
    Report.id,
    postgresql_where=PUBLISHED,
)
# How many of an office's figures are hidden reports: read from the index alone.
sa.Index(
    "ix_report_hidden",
    Report.agency_id,
    Report.received_on,
    Report.holder_opd_id,
    Report.status,
    Report.returned,
    postgresql_where=HIDDEN,
)
sa.Index(
    "ix_report_entered_by",
    Report.entered_by_id,
    Report.id,
    postgresql_where=Report.entered_by_id.is_not(None),
)
sa.Index("ix_report_parent", Report.parent_id, postgresql_where=Report.parent_id.is_not(None))
sa.Index("ix_disposition_received", Disposition.agency_id, Disposition.received_on)
# What first answers were worth, and who let go of a report: both without a look at the rows.
sa.Index(
    "ix_disposition_first_answer",
    Disposition.agency_id,
    Disposition.received_on,
    postgresql_include=["opd_id", "says_nothing"],
    postgresql_where=sa.text("kind = 'responsible' AND says_nothing IS NOT NULL"),
)
sa.Index(
    "ix_disposition_handed_on",
    Disposition.agency_id,
    Disposition.received_on,
    postgresql_include=["opd_id", "report_id"],
    postgresql_where=sa.text("kind = 'responsible' AND end_reason IN ('returned', 'reassigned')"),
)
sa.Index(
    "ix_disposition_copied_to",
    Disposition.opd_id,
    Disposition.report_id,
    postgresql_where=sa.text("kind = 'tembusan' AND ended_at IS NULL"),
)

# No list of pending entries: every search would read it, and some unlucky citizen empty it.
sa.Index(
    "ix_report_words",
    words_of_report(),
    postgresql_using="gin",
    postgresql_with={"fastupdate": "off"},
)
sa.Index(
    "ix_report_public_words",
    public_words_of_report(),
    postgresql_using="gin",
    postgresql_with={"fastupdate": "off"},
    postgresql_where=PUBLISHED,
)
sa.Index(
    "ix_history_answers",
    words_of_answer(),
    postgresql_using="gin",
    postgresql_with={"fastupdate": "off"},
    postgresql_where=sa.text("visible AND NOT undone AND text <> ''"),
)

# What an officer did last, for them to read it again.
sa.Index(
    "ix_history_by_officer",
    HistoryEntry.user_id,
    HistoryEntry.at,
    postgresql_where=HistoryEntry.user_id.is_not(None),
)
