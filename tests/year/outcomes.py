"""What is to be held against what at the end of a year, and how it reads."""

import json
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Outcomes:
    reports: int
    acts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    """One line for each life in which the clock did something else than it had to."""
    letters: int = 0
    repeats: int = 0
    """Sent again under the same key, after a worker died between sending and noting it."""
    not_sent: list[str] = field(default_factory=list)
    unknown_keys: int = 0
    killed: int = 0
    cut_off: int = 0
    """Jobs in whose midst a worker died."""
    figures_differ: int = 0

    @property
    def is_right(self) -> bool:
        return not (self.wrong or self.not_sent or self.unknown_keys or self.figures_differ)


def in_short(outcomes: Outcomes) -> str:
    acts = json.dumps(dict(sorted(outcomes.acts.items())))
    return "\n".join(
        [
            f"{outcomes.reports} reports, {outcomes.acts.total()} acts of the clock: {acts}",
            f"{outcomes.killed} workers killed, in the midst of {outcomes.cut_off} jobs",
            f"{outcomes.letters} letters, {outcomes.repeats} of them again under the same key",
            f"lives that went otherwise than planned: {len(outcomes.wrong)}",
            *outcomes.wrong[:5],
            f"letters that never left: {len(outcomes.not_sent)}",
            *outcomes.not_sent[:5],
            f"letters of no message: {outcomes.unknown_keys}",
            f"counters that differ: {outcomes.figures_differ}",
            "everything as it had to be" if outcomes.is_right else "NOT as it had to be",
        ]
    )
