"""Promise 4: the database is restarted under load, and nobody sees anything but a 503 that says when to come
again; the first page comes within 2 s of its return, and the application is not restarted."""

import signal
import threading
import time
from dataclasses import dataclass, field

import psycopg
from serving_city import eventually

from .city import City, city
from .phones import Client, Crowd
from .proof import problems_of

READERS = 6
TIMES = 3
SECONDS_OF_LOAD = 4.0
SECONDS_ALLOWED = 2.0
PAGES = ("/laporan", "/statistik", "/lacak", "/")


@dataclass
class Readers:
    """Each asks page after page, and notes when it got what."""

    address: str
    answers: list[tuple[float, int, str | None]] = field(default_factory=list)
    """When, status, Retry-After."""

    def __post_init__(self) -> None:
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.read) for _ in range(READERS)]
        for thread in self.threads:
            thread.start()

    def read(self) -> None:
        client, asked = Client(self.address), 0
        while not self.stopping.is_set():
            answer = client.ask(PAGES[(asked := asked + 1) % len(PAGES)])
            after = answer.headers.get("Retry-After") if answer.headers else None
            self.answers.append((time.monotonic(), answer.status, after))
            time.sleep(0.02)

    def stop(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join()


def run() -> list[str]:
    problems: list[str] = []
    with city() as one:
        one.start()
        one.wait_until_well()
        web = one.parts()["web"] + one.parts()["web process"]
        crowd, readers = Crowd(one.address, 2).start(), Readers(one.address)
        try:
            waits = [restart(one, readers) for _ in range(TIMES)]
        finally:
            readers.stop()
            crowd.stop()
        one.wait_until_well()
        if web != one.parts()["web"] + one.parts()["web process"]:
            problems.append("the application was restarted")
        statuses = {status for _, status, _ in readers.answers} | set(crowd.statuses)
        if odd := statuses - {200, 303, 503}:
            problems.append(f"answers of other statuses: {sorted(odd)}")
        if any(status == 503 and not after for _, status, after in readers.answers):
            problems.append("a 503 without Retry-After")
        if max(waits) > SECONDS_ALLOWED:
            problems.append(f"{max(waits):.2f} s until the first page")
        problems += problems_of(one, crowd.sent)
        away = sum(status == 503 for _, status, _ in readers.answers)
        print(f"{TIMES} restarts, {len(readers.answers)} pages, {away} of them 503; first page "
              f"{', '.join(f'{wait:.2f}' for wait in waits)} s after the database's return; "
              f"{len(crowd.sent)} reports sent meanwhile")  # fmt: skip
        one.stop()
        return problems + (one.errors() if statuses - {200, 303, 503} else [])


def restart(one: City, readers: Readers) -> float:
    """Seconds from when the database takes connections to the first page that was answered."""
    time.sleep(SECONDS_OF_LOAD)
    url = one.engine().url
    address = {"host": url.query["host"], "user": url.username, "password": url.password}
    dead = one.kill("postgres", signal.SIGINT)  # as `pg_ctl restart` would

    def answers() -> bool:
        try:
            psycopg.connect(dbname=url.database, **address).close()
        except psycopg.OperationalError:
            return False
        return dead not in one.parts()["postgres"]

    eventually(lambda: not answers())
    eventually(answers, 60)
    returned = time.monotonic()
    eventually(lambda: any(at > returned and status == 200 for at, status, _ in readers.answers))
    first = next(at for at, status, _ in readers.answers if at > returned and status == 200)
    time.sleep(SECONDS_OF_LOAD / 2)
    return first - returned
