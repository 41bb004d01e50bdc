"""Who else is at a report, in words: a pill in the row, a sentence above the report."""

from collections.abc import Iterable

from lapor_web.dates import clock_time
from lapor_web.services.presence import Present, State

PILL = {State.WRITING: "{name} menulis", State.VIEWING: "{name} membuka"}
"""Whoever only left it open is told of in the report itself."""


def pills_of(present: Iterable[Present]) -> dict[str, str]:
    """By number of the report; of several people the first, who are sorted so that it matters."""
    pills: dict[str, str] = {}
    for one in present:
        if one.state in PILL:
            words = PILL[one.state].format(name=one.first_name)
            pills.setdefault(one.report_number, words)
    return pills


def sentence_of(one: Present) -> str:
    match one.state:
        case State.WRITING:
            return f"{one.name} sedang menulis jawaban"
        case State.VIEWING:
            unit = f" ({one.unit})" if one.unit else ""
            return f"Sedang dibuka oleh {one.name}{unit} sejak {clock_time(one.since)}"
        case State.IDLE:
            return f"{one.name} membukanya {one.idle_minutes} menit lalu"
