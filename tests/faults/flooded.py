"""Promise 18: 200 people behind one address report within minutes, while 2,000 posts of programs come in
from 50 others. All people are let through, none is taken for a program, and nobody waits 2 s longer."""

import http.client
import re
import secrets
import statistics
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from .city import City, city
from .phones import Client, hidden_in

PEOPLE, PEOPLE_AT_ONCE = 200, 20
PROGRAMS, PROGRAMS_AT_ONCE, ADDRESSES = 2_000, 8, 50
SECONDS_TO_WRITE = 3.0
"""Of a person, who is faster than any; below 2 s it is a program."""
SECONDS_ALLOWED = 2.0
STORY = "Air naik sampai lutut di gang kami, "


@dataclass
class Flood:
    """What came back, and how long it took."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, status: int, seconds: float) -> None:
        with self.lock:
            self.statuses[status] += 1
            self.seconds.append(seconds)

    def run(self, count: int, at_once: int, one: Callable[[int], None]) -> list[threading.Thread]:
        numbers = iter(range(count))

        def work() -> None:
            while True:
                with self.lock:
                    number = next(numbers, None)
                if number is None:
                    return
                one(number)

        threads = [threading.Thread(target=work) for _ in range(at_once)]
        for thread in threads:
            thread.start()
        return threads


def person(address: str, flood: Flood, number: int) -> None:
    """Form, check, sending; what is noted is the waiting."""
    client, waited = Client(address), 0.0

    def timed(ask: Callable[[], object]) -> object:
        nonlocal waited
        began = time.monotonic()
        answer = ask()
        waited += time.monotonic() - began
        return answer

    form = timed(lambda: client.ask("/lapor"))
    time.sleep(SECONDS_TO_WRITE)
    typed = hidden_in(form.body, "/lapor") | {"story": f"{STORY}{number}.", "place": "Gang 7"}
    checked = timed(lambda: client.send("/lapor", typed))
    sent = timed(lambda: client.send("/lapor/kirim", hidden_in(checked.body, "/lapor/kirim")))
    flood.note(sent.status, waited)


def program(address: str, flood: Flood, number: int) -> None:
    """One post with a form that it has read once; every other one falls into the trap."""
    where = urllib.parse.urlsplit(address)
    source = (f"127.0.1.{number % ADDRESSES + 1}", 0)
    line = http.client.HTTPConnection(where.hostname, where.port, 30, source)
    began = time.monotonic()
    try:
        line.request("GET", "/lapor")
        answer = line.getresponse()
        page, cookie = answer.read().decode(), answer.headers["Set-Cookie"].partition(";")[0]
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        fields = {
            "csrf_token": token[1] if token else "",
            "key": secrets.token_urlsafe(16),
            "story": f"Beli obat murah, hubungi kami {secrets.token_hex(6)}.",
            "place": "Samarinda",
            "website": "http://spam.example" if number % 2 else "",
        }
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST", "/lapor/kirim", urllib.parse.urlencode(fields), headers)
        status = line.getresponse().status
    except (OSError, http.client.HTTPException):
        status = 0
    finally:
        line.close()
    flood.note(status, time.monotonic() - began)


def run() -> list[str]:
    with city() as one:
        one.start()
        one.wait_until_well()
        alone = Flood()
        wait_for(alone.run(20, PEOPLE_AT_ONCE, lambda n: person(one.address, alone, -1 - n)))
        people, programs = Flood(), Flood()
        wait_for(
            programs.run(PROGRAMS, PROGRAMS_AT_ONCE, lambda n: program(one.address, programs, n))
            + people.run(PEOPLE, PEOPLE_AT_ONCE, lambda n: person(one.address, people, n))
        )
        print(
            f"people: {dict(people.statuses)}, waited in all {told(people)};"
            f" without the flood {told(alone)}\nprograms: {dict(programs.statuses)}, {told(programs)}"
        )
        problems = problems_of(one, people, alone)
        one.stop()
        return problems


def problems_of(one: City, people: Flood, alone: Flood) -> list[str]:
    theirs = f"FROM report WHERE story LIKE '{STORY}%'"
    kept = one.value(f"SELECT count(*) {theirs}")
    doubted = one.value(f"SELECT count(*) {theirs} AND quarantined")
    caught = one.value("SELECT count(*) FROM report WHERE quarantined")
    print(f"reports of people: {kept}, of them doubted {doubted}; of programs, marked: {caught}")
    found = []
    if people.statuses != {303: PEOPLE} or kept != PEOPLE + 20:
        found.append(f"not all people were let through: {dict(people.statuses)}, {kept} kept")
    if doubted:
        found.append(f"{doubted} people were taken for programs")
    if max(people.seconds) > max(alone.seconds) + SECONDS_ALLOWED:
        found.append(f"somebody waited {max(people.seconds):.2f} s")
    return found


def told(flood: Flood) -> str:
    worst = sorted(flood.seconds)[-1]
    return f"median {statistics.median(flood.seconds):.2f} s, at most {worst:.2f} s"


def wait_for(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.join()
