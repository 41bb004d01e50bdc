"""Recipes of whole lives: who does what after how many working days."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from lapor_web.models import Kind
from lapor_web.services.demo import deeds
from lapor_web.services.demo.corpus import Story
from lapor_web.services.demo.scene import Scene

SILENCE = HOLD = 10
"""Working days after which the clock acts; a recipe that lets it act waits as long."""


class Hours(enum.Enum):
    OFFICE = enum.auto()
    HOME = enum.auto()
    NIGHT_AFTER = enum.auto()
    """When the automatic clocks act: the night after the last day."""
    AT_ONCE = enum.auto()
    """Within a minute of the step before, as an undo."""


@dataclass(frozen=True, slots=True)
class Step:
    wait: int
    """Working days since the step before."""
    do: Callable[[Scene], None]
    hours: Hours = Hours.OFFICE


Life = list[Step]

TEMPO = {"DPUPR": 3.6, "DISPERKIM": 4.2, "PERUMDAM": 2.6, "DISHUB": 0.8, "DISDUKCAPIL": 0.8}
TEMPO |= {"DISKOMINFO": 0.5, "BPBD": 0.3, "DAMKAR": 0.3, "DISKUMI": 2.2}
"""How slow an office is, against the usual one."""

DAYS_TO_FINISH = {Kind.INFORMATION: 3, Kind.ASPIRATION: 5, Kind.COMPLAINT: 9}


@dataclass(frozen=True, slots=True)
class Recipes:
    """Lives of one story in one office; each call draws anew how long everything takes."""

    story: Story
    needs_approval: bool
    rng: Random

    def wait(self, mean: float, *, least: int = 0) -> int:
        """Working days around `mean`: mostly fewer, sometimes many more."""
        return max(least, round(mean * self.rng.lognormvariate(-0.25, 0.7)))

    @property
    def tempo(self) -> float:
        return TEMPO.get(self.story.office, 1.0)

    # ---- pieces ----

    def verified(self) -> Life:
        late = self.rng.random() < 0.08
        return [Step(self.rng.randint(4, 7) if late else self.rng.randint(0, 2), deeds.verify)]

    def answered(self) -> Life:
        taken = [Step(0, deeds.take)] if self.rng.random() < 0.35 else []
        return [*taken, Step(self.wait(2.6 * self.tempo), deeds.answer)]

    def worked(self) -> Life:
        """Between first answer and proposal: mostly silence, sometimes a conversation."""
        between: Life = []
        if self.rng.random() < 0.25:
            between.append(Step(self.rng.randint(0, 2), deeds.note))
        if self.rng.random() < 0.25:
            between.append(Step(self.rng.randint(1, 3), deeds.reply, Hours.HOME))
        if self.rng.random() < 0.35:
            between.append(Step(self.wait(3 * self.tempo, least=1), deeds.go_on))
        return between

    def proposed(self) -> Life:
        mean = DAYS_TO_FINISH[self.story.kind] * self.tempo
        return [Step(self.wait(mean, least=1), deeds.propose), *self.approved()]

    def approved(self) -> Life:
        return [Step(self.wait(1.2), deeds.approve)] if self.needs_approval else []

    def ended(self) -> Life:
        if self.rng.random() < 0.42:
            return self.by_silence()
        confirmed = Step(self.rng.randint(1, 7), deeds.confirm, Hours.HOME)
        rated = [Step(0, deeds.rate_well, Hours.HOME)] if self.rng.random() < 0.65 else []
        return [confirmed, *rated]

    def by_silence(self) -> Life:
        finished = Step(SILENCE, deeds.finish_by_silence, Hours.NIGHT_AFTER)
        rated = self.rng.random() < 0.2
        return [finished, *([Step(2, deeds.rate_badly, Hours.HOME)] if rated else [])]

    def begun(self) -> Life:
        return [*self.verified(), *self.answered()]

    def completed(self) -> Life:
        return [*self.worked(), *self.proposed()]

    # ---- whole lives ----

    def ordinary(self) -> Life:
        return [*self.begun(), *self.completed(), *self.ended()]

    def at_one_go(self) -> Life:
        """A question that the first answer settles."""
        settled = Step(self.wait(2 * self.tempo), deeds.propose)
        return [*self.verified(), settled, *self.approved(), *self.ended()]

    def sent_back(self) -> Life:
        astray = [Step(1, deeds.verify_wrongly), Step(self.wait(2, least=1), deeds.send_back)]
        return [*astray, *self.ordinary()]

    def handed_on(self) -> Life:
        astray = [Step(1, deeds.verify_wrongly), Step(self.wait(2, least=1), deeds.answer)]
        moved = Step(self.wait(3, least=1), deeds.reassign)
        return [*astray, moved, *self.answered(), *self.completed(), *self.ended()]

    def slipped(self) -> Life:
        """Disposed to the wrong office, and taken back within the minute."""
        slip = [Step(1, deeds.verify_wrongly), Step(0, deeds.undo_by_coordinator, Hours.AT_ONCE)]
        return [*slip, *self.ordinary()]

    def held_first(self) -> Life:
        completed = Step(self.rng.randint(1, 6), deeds.complete, Hours.HOME)
        return [Step(1, deeds.hold), completed, *self.ordinary()]

    def held_later(self) -> Life:
        completed = Step(self.rng.randint(2, 8), deeds.complete, Hours.HOME)
        return [*self.begun(), Step(2, deeds.hold), completed, *self.completed(), *self.ended()]

    def never_completed(self) -> Life:
        return [Step(1, deeds.hold), Step(HOLD, deeds.expire, Hours.NIGHT_AFTER)]

    def rejected(self) -> Life:
        again = [Step(1, deeds.reject), Step(self.wait(3, least=1), deeds.propose)]
        begun = [*self.begun(), *self.completed()][:-1]
        return [*begun, *again, *self.approved(), *self.ended()]

    def objected(self) -> Life:
        objected = Step(self.rng.randint(1, 6), deeds.object_to_answer, Hours.HOME)
        again = Step(self.wait(3 * self.tempo, least=1), deeds.go_on)
        return [
            *self.begun(),
            *self.completed(),
            objected,
            again,
            *self.proposed(),
            *self.ended(),
        ]

    def reopened(self) -> Life:
        again = [Step(8, deeds.reopen, Hours.HOME), Step(self.wait(3, least=1), deeds.go_on)]
        first = [*self.begun(), *self.completed(), Step(3, deeds.confirm, Hours.HOME)]
        return [*first, *again, *self.proposed(), *self.ended()]

    def reopened_by_coordinator(self) -> Life:
        again = [Step(6, deeds.reopen_by_coordinator), Step(2, deeds.go_on)]
        first = [*self.begun(), *self.completed(), *self.by_silence()[:1]]
        return [*first, *again, *self.proposed(), *self.ended()]

    def more_time(self) -> Life:
        asked = Step(self.wait(3, least=1), deeds.ask_for_time)
        decided = Step(1, deeds.grant_time if self.rng.random() < 0.7 else deeds.refuse_time)
        return [*self.begun(), asked, decided, *self.proposed(), *self.ended()]

    def promised(self) -> Life:
        return [*self.begun(), Step(0, deeds.promise), *self.completed(), *self.ended()]

    def withdrawn(self) -> Life:
        gone = Step(self.rng.randint(1, 6), deeds.withdraw, Hours.HOME)
        return [*self.verified(), gone]

    def wrongly_archived(self) -> Life:
        objected = Step(2, deeds.object_to_archive, Hours.HOME)
        return [Step(2, deeds.archive_unclear), objected, *self.ordinary()]

    def unarchived(self) -> Life:
        return [Step(2, deeds.archive_unclear), Step(3, deeds.unarchive), *self.ordinary()]

    def tidied(self) -> Life:
        return [*self.verified(), Step(0, deeds.tidy), *self.ordinary()[1:]]

    def hidden_later(self) -> Life:
        return [*self.begun(), Step(1, deeds.make_confidential), *self.completed(), *self.ended()]

    def looked_behind(self) -> Life:
        return [*self.begun(), Step(2, deeds.look_behind), *self.completed(), *self.ended()]

    def erased(self) -> Life:
        return [*self.ordinary(), Step(4, deeds.erase, Hours.HOME)]

    def consented(self) -> Life:
        """Tired of waiting, the reporter lets the Ombudsman look."""
        consent = Step(self.rng.randint(18, 30), deeds.consent, Hours.HOME)
        return [*self.begun(), consent, *self.proposed(), *self.ended()]

    def outside(self) -> Life:
        return [Step(self.rng.randint(0, 3), deeds.send_outside)]

    def outside_objected(self) -> Life:
        """Sent away once more, after a second look."""
        objected = Step(4, deeds.object_to_outside, Hours.HOME)
        return [*self.outside(), objected, Step(2, deeds.send_outside)]

    def merged(self) -> Life:
        return [Step(self.rng.randint(0, 2), deeds.merge)]

    def inspected(self) -> Life:
        """About conduct: by the Inspektorat, slowly."""
        begun = [Step(self.rng.randint(0, 1), deeds.verify), Step(self.wait(3), deeds.answer)]
        going = Step(self.wait(12, least=3), deeds.go_on)
        done = [Step(self.wait(14, least=4), deeds.propose), *self.approved()]
        return [*begun, going, *done, *self.ended()]

    def inspected_at_once(self) -> Life:
        """About this service: the system hands it over, no coordinator sees it."""
        return self.inspected()[1:]
