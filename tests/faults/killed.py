"""Promise 1: 8 phones send and try again while web processes, then everything, are killed with -9."""

import random
import time

from .city import City, city
from .phones import Crowd
from .proof import problems_of

SECONDS_BETWEEN_KILLS = 1.0


def run(*, seconds: float = 60, phones: int = 8) -> list[str]:
    with city() as one:
        one.start()
        one.wait_until_well()
        crowd = Crowd(one.address, phones).start()
        try:
            kills = kill_web_processes(one, crowd, seconds / 2) + kill_each_part(one)
            kills += kill_everything(one, seconds / 4)
        finally:
            crowd.stop()
        one.wait_until_well()
        problems = problems_of(one, crowd.sent) + [f"gave up: {story}" for story in crowd.given_up]
        print(f"{kills} kills; {len(crowd.sent)} reports acknowledged, "
              f"{sum(sent.has_photo for sent in crowd.sent)} of them with a photo; "
              f"answers by status {dict(sorted(crowd.statuses.items()))}; "
              f"the longest wait for a number {crowd.longest:.1f} s")  # fmt: skip
        one.stop()
        if odd := set(crowd.statuses) - {0, 200, 303, 503}:
            problems += [f"answers of other statuses: {sorted(odd)}", *one.errors()]
    return problems


def kill_web_processes(one: City, crowd: Crowd, seconds: float) -> int:
    """One after the other, as soon as somebody got a number after the last."""
    kills, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        one.kill("web process" if random.random() < 0.7 else "postgres process")
        kills, before = kills + 1, len(crowd.sent)
        time.sleep(SECONDS_BETWEEN_KILLS)
        while len(crowd.sent) == before and time.monotonic() < until:
            time.sleep(0.1)
    return kills


def kill_each_part(one: City) -> int:
    """What `lapor run` itself has to start again."""
    parts = ("web", "postgres", "worker")
    for part in parts:
        one.kill(part)
        one.wait_until_well()
    return len(parts)


def kill_everything(one: City, seconds: float) -> int:
    times = 2
    for _ in range(times):
        one.kill_everything()
        one.start()
        time.sleep(seconds / times)
    return times
