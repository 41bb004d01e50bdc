"""Which handouts there are, in which formats, what their files are called, and who may have them."""

import datetime as dt
import enum

from lapor_web.models import Meeting, Role, User
from lapor_web.services import ombudsman_bundle
from lapor_web.services.periods import Period


class Handout(enum.StrEnum):
    RECAP = "recap"
    MEETING = "meeting"
    VISIT = "visit"
    YEAR = "year"
    LETTER = "letter"
    OMBUDSMAN = "ombudsman"


class Format(enum.StrEnum):
    """The ending of the address and of the file."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    DOCX = "docx"


FORMAT_WORDS = {
    Format.PDF: "PDF",
    Format.XLSX: "Excel",
    Format.CSV: "CSV",
    Format.DOCX: "Word",
}

ROOM = frozenset({Role.COORDINATOR, Role.LEADER})
"""Who leads or reads a meeting."""

MAY_HAVE = {
    Handout.RECAP: ROOM | {Role.EVALUATOR},
    Handout.MEETING: ROOM,
    Handout.VISIT: ROOM,
    Handout.YEAR: ROOM | {Role.EVALUATOR},
    Handout.LETTER: ROOM,
    Handout.OMBUDSMAN: ombudsman_bundle.MAKES,
}


def may_have(user: User, handout: Handout) -> bool:
    return user.active and user.role in MAY_HAVE[handout]


def sees_reports(user: User) -> bool:
    """Evaluators have the figures, and no report behind them."""
    return user.role is not Role.EVALUATOR


def recap_name(period: Period) -> str:
    """Without its ending, as all of them."""
    if period.year:
        return f"rekap-{period.year}"
    return f"rekap-{period.start.isoformat()}-{period.end.isoformat()}"


def meeting_name(meeting: Meeting) -> str:
    return f"rakor-{meeting.held_on.isoformat()}-rekap"


def visit_name(code: str, today: dt.date) -> str:
    return f"kunjungan-{code.lower()}-{today.isoformat()}"


def year_name(year: int) -> str:
    return f"laporan-tahunan-{year}"


def letter_name(year: int) -> str:
    return f"jawaban-evaluasi-{year}"


def bundle_name(number: str) -> str:
    return f"berkas-ombudsman-{number}"
