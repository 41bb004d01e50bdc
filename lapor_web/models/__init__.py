"""The tables. Import from here, so that every class is known before mappers are configured."""

from lapor_web.models.agency import Agency
from lapor_web.models.area import Area, AreaKind
from lapor_web.models.attachment import Attachment, AttachmentState
from lapor_web.models.base import Base, utc_now
from lapor_web.models.calendar import CalendarVersion, Holiday, HolidayKind, Limit, Step
from lapor_web.models.category import Category
from lapor_web.models.disposition import Disposition, DispositionKind, EndReason
from lapor_web.models.history import HistoryEntry
from lapor_web.models.identity import IdentityReveal, ReporterIdentity
from lapor_web.models.opd import Opd
from lapor_web.models.outbox import MessageKind, OutboxMessage
from lapor_web.models.report import (
    ArchiveReason,
    Channel,
    Classification,
    FinishMode,
    Hold,
    Kind,
    Outcome,
    Report,
    Status,
)
from lapor_web.models.user import Invitation, LoginAttempt, LoginSession, Role, User
from lapor_web.models.workflow import (
    TRANSITIONS,
    Action,
    NotAllowedForRole,
    NotFromThisStatus,
    Target,
    Transition,
    actions_for,
    find_transition,
)

__all__ = [
    "TRANSITIONS",
    "Action",
    "Agency",
    "ArchiveReason",
    "Area",
    "AreaKind",
    "Attachment",
    "AttachmentState",
    "Base",
    "CalendarVersion",
    "Category",
    "Channel",
    "Classification",
    "Disposition",
    "DispositionKind",
    "EndReason",
    "FinishMode",
    "HistoryEntry",
    "Hold",
    "Holiday",
    "HolidayKind",
    "IdentityReveal",
    "Invitation",
    "Kind",
    "Limit",
    "LoginAttempt",
    "LoginSession",
    "MessageKind",
    "NotAllowedForRole",
    "NotFromThisStatus",
    "Opd",
    "OutboxMessage",
    "Outcome",
    "Report",
    "ReporterIdentity",
    "Role",
    "Status",
    "Step",
    "Target",
    "Transition",
    "User",
    "actions_for",
    "find_transition",
    "utc_now",
]
