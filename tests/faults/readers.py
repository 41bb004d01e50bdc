"""Somebody who reads page after page while others do their worst, and how long each page took."""

import itertools
import statistics
import threading
import time
from dataclasses import dataclass, field

from .phones import Answer, Client

SECONDS_BETWEEN_PAGES = 0.02
PAGES = ("/", "/lapor", "/laporan", "/lacak", "/statistik")


@dataclass
class Reader:
    """Reads until it is stopped; one that signed in brings its `client`."""

    client: Client
    pages: tuple[str, ...] = PAGES
    seconds: list[float] = field(default_factory=list)
    odd: list[tuple[str, int]] = field(default_factory=list)
    """Pages that were answered with anything but 200."""

    def __post_init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        for page in itertools.cycle(self.pages):
            began = time.perf_counter()
            answer = self.client.ask(page)
            self.seconds.append(time.perf_counter() - began)
            if answer.status != 200:
                self.odd.append((page, answer.status))
            if self._stopping.wait(SECONDS_BETWEEN_PAGES):
                return

    def stop(self) -> "Reader":
        self._stopping.set()
        self._thread.join()
        return self

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.seconds, n=100, method="inclusive")[-1]

    def __str__(self) -> str:
        return (
            f"p50 {statistics.median(self.seconds) * 1000:.0f} ms, p99 {self.p99 * 1000:.0f} ms,"
            f" at most {max(self.seconds) * 1000:.0f} ms of {len(self.seconds)} pages"
        )

    def problems(self, seconds_allowed: float) -> list[str]:
        found = []
        if self.p99 > seconds_allowed:
            found.append(f"pages: {self}")
        if self.odd:
            found.append(f"{len(self.odd)} pages failed, such as {self.odd[:3]}")
        return found


def alone(client: Client, seconds: float, pages: tuple[str, ...] = PAGES) -> Reader:
    """To compare with: nobody else is there."""
    reader = Reader(client, pages)
    time.sleep(seconds)
    return reader.stop()


def must(answer: Answer, *wanted: int) -> Answer:
    if answer.status not in wanted:
        raise RuntimeError(f"answered with {answer.status}: {answer.body[:200]!r}")
    return answer
