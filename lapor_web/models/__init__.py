"""The tables. Import from here, so that every class is known before mappers are configured."""

from lapor_web.models.absence import Substitution
from lapor_web.models.agency import Agency
from lapor_web.models.area import Area, AreaKind
from lapor_web.models.attachment import Attachment, AttachmentState
from lapor_web.models.base import Base, utc_now
from lapor_web.models.calendar import CalendarVersion, Holiday, HolidayKind, Limit, Step
from lapor_web.models.category import Category
from lapor_web.models.clocks import Erased, Erasure, Escalation, Rung
from lapor_web.models.configuration import ConfigurationChange, Subject
from lapor_web.models.desk import Presence, SavedView
from lapor_web.models.disposition import Disposition, DispositionKind, EndReason
from lapor_web.models.figures import COUNTERS
from lapor_web.models.handout import BundleBasis, OmbudsmanBundle
from lapor_web.models.history import HistoryEntry
from lapor_web.models.identity import IdentityReveal, ReporterIdentity
from lapor_web.models.inbound import Answer, Dialogue, Handled, InboundEvent, Question
from lapor_web.models.lists import public_words_of_report, words_of_report
from lapor_web.models.opd import Opd
from lapor_web.models.operations import JobFailure, LongJob, LongJobState, ScheduleRun
from lapor_web.models.outbox import (
    ChannelRest,
    Medium,
    MessageKind,
    NoticeSettings,
    OutboxMessage,
    ReportLink,
)
from lapor_web.models.place import AreaShape, ReportPoint
from lapor_web.models.rakor import (
    AgendaCase,
    AgendaItem,
    Attendance,
    Commitment,
    Meeting,
    Steering,
    Wall,
    WallMode,
)
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
from lapor_web.models.second_factor import RecoveryCode, SecondFactor
from lapor_web.models.upload import FileUpload, UploadPiece
from lapor_web.models.user import (
    COORDINATION_ROLES,
    Invitation,
    LoginAttempt,
    LoginSession,
    Role,
    User,
)
from lapor_web.models.work import CannedText, ChecklistItem
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
    "COORDINATION_ROLES",
    "COUNTERS",
    "TRANSITIONS",
    "Action",
    "Agency",
    "AgendaCase",
    "AgendaItem",
    "Answer",
    "ArchiveReason",
    "Area",
    "AreaKind",
    "AreaShape",
    "Attachment",
    "AttachmentState",
    "Attendance",
    "Base",
    "BundleBasis",
    "CalendarVersion",
    "CannedText",
    "Category",
    "Channel",
    "ChannelRest",
    "ChecklistItem",
    "Classification",
    "Commitment",
    "ConfigurationChange",
    "Dialogue",
    "Disposition",
    "DispositionKind",
    "EndReason",
    "Erased",
    "Erasure",
    "Escalation",
    "FileUpload",
    "FinishMode",
    "Handled",
    "HistoryEntry",
    "Hold",
    "Holiday",
    "HolidayKind",
    "IdentityReveal",
    "InboundEvent",
    "Invitation",
    "JobFailure",
    "Kind",
    "Limit",
    "LoginAttempt",
    "LoginSession",
    "LongJob",
    "LongJobState",
    "Medium",
    "Meeting",
    "MessageKind",
    "NotAllowedForRole",
    "NotFromThisStatus",
    "NoticeSettings",
    "OmbudsmanBundle",
    "Opd",
    "OutboxMessage",
    "Outcome",
    "Presence",
    "Question",
    "RecoveryCode",
    "Report",
    "ReportLink",
    "ReportPoint",
    "ReporterIdentity",
    "Role",
    "Rung",
    "SavedView",
    "ScheduleRun",
    "SecondFactor",
    "Status",
    "Steering",
    "Step",
    "Subject",
    "Substitution",
    "Target",
    "Transition",
    "UploadPiece",
    "User",
    "Wall",
    "WallMode",
    "actions_for",
    "find_transition",
    "public_words_of_report",
    "utc_now",
    "words_of_report",
]
