"""Why a report is archived, in the city's words, and reasons of its own beside those of the domain."""

from dataclasses import dataclass

from lapor_web.labels import ARCHIVE_REASON
from lapor_web.models import Agency, ArchiveReason

BY_ITSELF = frozenset({ArchiveReason.WITHDRAWN, ArchiveReason.NOT_COMPLETED})
"""Said by the reporter and by the clock; no officer chooses them, and nobody can close them."""


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    words: str
    active: bool = True

    @property
    def is_offered(self) -> bool:
        """To officers."""
        return self.active and self.code not in BY_ITSELF


def reasons_of(agency: Agency) -> dict[str, Reason]:
    """By code: those of the domain first, in their order, then the city's own."""
    known = {code.value: Reason(code.value, words) for code, words in ARCHIVE_REASON.items()}
    own = {one["code"]: Reason(**one) for one in agency.archive_reasons or ()}
    return known | own
