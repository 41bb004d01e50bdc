"""What must be there today, whenever today is: something at every step, early, due and late."""

from collections.abc import Callable
from dataclasses import dataclass

from lapor_web.models import Classification
from lapor_web.services.demo import deeds
from lapor_web.services.demo.corpus import Story
from lapor_web.services.demo.deeds import can_go_astray
from lapor_web.services.demo.lives import TEMPO, Hours, Life, Step

Fits = Callable[[Story], bool]


@dataclass(frozen=True, slots=True)
class Pose:
    """A life stopped short: nothing has happened for `idle` working days."""

    life: Life
    idle: int
    fits: Fits


def anybody(_: Story) -> bool:
    return True


def slow(story: Story) -> bool:
    return TEMPO.get(story.office, 1.0) > 1.5


def two_weeks(story: Story) -> bool:
    """To be finished within 14 working days."""
    return story.classification is Classification.NON_SUPERVISORY and has_supervisor(story)


def has_supervisor(story: Story) -> bool:
    return not story.office.startswith(("KEL-", "PKM-"))


def astray(story: Story) -> bool:
    return can_go_astray(story.office)


def sungai_kunjang(story: Story) -> bool:
    return story.office == "KEC-SUNGAI-KUNJANG"


def roads(story: Story) -> bool:
    return story.office == "DPUPR"


def home(wait: int, do: Callable[..., None]) -> Step:
    return Step(wait, do, Hours.HOME)


VERIFIED: Life = [Step(1, deeds.verify)]
TAKEN: Life = [*VERIFIED, Step(0, deeds.take)]
ANSWERED: Life = [*TAKEN, Step(2, deeds.answer)]
PROPOSED: Life = [*ANSWERED, Step(4, deeds.propose)]
APPROVED: Life = [*PROPOSED, Step(1, deeds.approve)]
CONFIRMED: Life = [*APPROVED, home(2, deeds.confirm)]
RETURNED: Life = [Step(1, deeds.verify_wrongly), Step(2, deeds.send_back)]
BY_A_UNIT: Life = [
    *VERIFIED,
    Step(0, deeds.give_to_unit),
    Step(0, deeds.note_steps),
    Step(1, deeds.answer_by_unit),
]
MOVED: Life = [Step(1, deeds.verify_wrongly), Step(2, deeds.reassign)]


def poses() -> list[Pose]:
    return [
        *in_the_queue(),
        *on_hold(),
        *forwarded(),
        *in_process(),
        *awaiting_approval(),
        *awaiting_reporter(),
        *just_finished(),
    ]


def each(life: Life, idle: list[int], fits: Fits = anybody) -> list[Pose]:
    return [Pose(life, days, fits) for days in idle]


def in_the_queue() -> list[Pose]:
    contested = [Step(2, deeds.archive_unclear), home(2, deeds.object_to_archive)]
    return [
        *each([], [0, 0, 0, 0, 0, 1, 1, 1, 2, 3, 3, 5, 8]),
        *each(RETURNED, [0, 1, 5], astray),
        *each(contested, [1]),
    ]


def on_hold() -> list[Pose]:
    return [
        *each([Step(1, deeds.hold)], [2, 6, 10]),
        *each([*VERIFIED, Step(1, deeds.hold)], [3]),
        *each([*ANSWERED, Step(1, deeds.hold)], [1, 8]),
    ]


def forwarded() -> list[Pose]:
    return [
        *each(VERIFIED, [0, 0, 1, 2, 4, 5, 5]),
        *each(TAKEN, [3]),
        *each(VERIFIED, [5, 7], roads),
        *each(VERIFIED, [6, 8, 9, 14, 22, 35], slow),
        *each(VERIFIED, [1, 6], sungai_kunjang),
        *each([*VERIFIED, Step(0, deeds.give_to_unit)], [1], sungai_kunjang),
        *each([*VERIFIED, Step(0, deeds.give_to_colleague)], [2, 4], roads),
        *each(MOVED, [2, 4], astray),
    ]


def in_process() -> list[Pose]:
    asked = [*ANSWERED, Step(2, deeds.ask_for_time)]
    objected = [*APPROVED, home(2, deeds.object_to_answer)]
    return [
        *each(ANSWERED, [0, 1, 3, 6]),
        *each(ANSWERED, [12, 12], two_weeks),  # due today
        *each(ANSWERED, [20, 31, 47], lambda story: slow(story) and two_weeks(story)),
        *each([*ANSWERED, home(1, deeds.reply)], [0, 1, 2]),
        *each([*ANSWERED, Step(1, deeds.note)], [2], roads),
        *each([*ANSWERED, Step(1, deeds.mention)], [1], roads),
        *each([*ANSWERED, Step(0, deeds.note_steps)], [1, 4], roads),
        *each(BY_A_UNIT, [0, 2], sungai_kunjang),
        *each([*ANSWERED, Step(0, deeds.promise)], [1, 3, 16], has_supervisor),
        *each(asked, [0, 1], has_supervisor),
        *each([*asked, Step(1, deeds.grant_time)], [2], has_supervisor),
        *each([*asked, Step(1, deeds.refuse_time)], [1], has_supervisor),
        *each([*PROPOSED, Step(1, deeds.reject)], [1], has_supervisor),
        *each(objected, [0, 2], has_supervisor),
        *each([*CONFIRMED, home(6, deeds.reopen)], [1, 4], has_supervisor),
    ]


def awaiting_approval() -> list[Pose]:
    late = [*ANSWERED, Step(9, deeds.propose)]
    return [
        *each(PROPOSED, [0, 1, 2], has_supervisor),
        *each(PROPOSED, [1], roads),
        *each(late, [3, 6], two_weeks),  # due today, and three days late
    ]


def awaiting_reporter() -> list[Pose]:
    return each(APPROVED, [0, 1, 3, 5, 8, 9, 10], has_supervisor)


def just_finished() -> list[Pose]:
    return [
        *each(CONFIRMED, [0], has_supervisor),
        *each([*CONFIRMED, home(0, deeds.rate_well)], [0, 1, 2], has_supervisor),
    ]
