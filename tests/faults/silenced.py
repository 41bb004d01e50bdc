"""Promise 19: the gateway of messages is away while people go on reporting. Their forms do not feel it, nothing
is lost, and all that waited leaves within 10 minutes of its return, each letter under a key of its own.

That it is away for an hour of the clock, and that a poisoned letter is parked after eight tries, is shown in
simulated time by `test_postman.py`.
"""

import time
from collections import Counter

import sqlalchemy as sa
from fake_gateway import FakeGateway, serving
from serving_city import eventually

from .city import City, city
from .phones import Crowd

SECRET = "secret-of-the-gateway-0123456789"
SECONDS_OF_CROWD = 10.0
SECONDS_A_LETTER = 0.3
MINUTES_ALLOWED = 10
SECONDS_ALLOWED = 2.0
"""That a form may take longer than with a gateway that is there."""

MORE_LETTERS = """
    INSERT INTO outbox (agency_id, report_id, kind, not_before, created_at)
    SELECT agency_id, id, 'link', now(), now() FROM report, generate_series(1, 50) LIMIT :number
"""
"""Of a kind that leaves at any hour of the day."""
WAITING = """
    SELECT count(*) FROM outbox WHERE sent_at IS NULL AND cancelled_at IS NULL AND kind IN ('received', 'link')
"""


def run(*, letters: int = 1_500) -> list[str]:
    with serving() as gateway, city() as one:
        one.settings["LAPOR_MESSAGE_URL"] = gateway.url.replace("//", f"//{SECRET}@", 1)
        one.start()
        one.wait_until_well()
        with_gateway = crowd_of(one)
        gateway.away.set()
        without = crowd_of(one)
        with one.engine().begin() as connection:
            connection.execute(sa.text(MORE_LETTERS), {"number": letters})
        waiting = int(str(one.value(WAITING)))
        gateway.seconds = SECONDS_A_LETTER
        gateway.away.clear()
        began = time.monotonic()
        eventually(lambda: one.value(WAITING) == 0, 60 * MINUTES_ALLOWED * 2)
        took = time.monotonic() - began
        problems = problems_of(one, gateway)
        print(
            f"{len(without.sent)} reports sent while the gateway was away, the longest wait {without.longest:.2f} s"
            f" (before it {with_gateway.longest:.2f} s); {waiting} letters waited, and left within {took:.0f} s"
            f" at {SECONDS_A_LETTER} s each"
        )
        one.stop()
    if took > 60 * MINUTES_ALLOWED:
        problems.append(f"{took:.0f} s until all had left")
    if without.longest > with_gateway.longest + SECONDS_ALLOWED:
        problems.append(f"somebody waited {without.longest:.2f} s for a number")
    return problems + [f"gave up: {story}" for story in without.given_up]


def crowd_of(one: City) -> Crowd:
    crowd = Crowd(one.address, 4).start()
    time.sleep(SECONDS_OF_CROWD)
    crowd.stop()
    return crowd


def problems_of(one: City, gateway: FakeGateway) -> list[str]:
    found = []
    taken = Counter(gateway.taken)
    rows = int(str(one.value("SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL")))
    if len(taken) != rows:
        found.append(f"{rows} letters are said to have left, {len(taken)} came")
    if twice := taken.total() - len(taken):
        found.append(f"{twice} letters came twice")
    if lost := one.value("SELECT count(*) FROM outbox WHERE parked_at IS NOT NULL OR tries > 0"):
        found.append(f"{lost} letters lost a try")
    return found
