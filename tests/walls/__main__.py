"""`python -m tests.walls`: see the package's docstring."""

import argparse
import copy
import secrets
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from lapor_web import embedded
from tests.benchmark import database
from tests.benchmark.scenarios import Scenarios, environ_of
from tests.walls.hall import Phone, Web
from tests.walls.screen import Screen

PAGES = ("/lapor", "/kotak-masuk?tampilan=semua", "/koordinasi")
SECONDS_TO_RECOVER = 90.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.walls")
    parser.add_argument("--walls", type=int, default=50)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--steps", type=int, default=40)
    arguments = parser.parse_args()
    secret = secrets.token_urlsafe(48)
    with (
        tempfile.TemporaryDirectory(prefix="lapor-walls-", dir="/var/tmp") as folder,
        embedded.start(database.readable(Path(folder))) as server,
    ):
        url = database.make(server.url, arguments.reports, secret)
        web = Web(environ_of(url, secret))
        web.start()
        try:
            measure(web, Phone(web.port, Scenarios(url, secret)), arguments)
        finally:
            web.kill()


def measure(web: Web, phone: Phone, arguments: argparse.Namespace) -> None:
    screens = [Screen(web.port, *phone.new_wall()) for _ in range(arguments.walls)]
    for screen in screens:
        screen.start()
    wait_until(lambda: all(screen.beats for screen in screens))
    print(f"{len(screens)} walls follow a meeting over {arguments.reports} reports", flush=True)
    print(spread("a step on the phone, until a wall shows it", steps(phone, screens, arguments)))
    measure_pages(phone)
    doubled = sum(
        one[1] == other[1]
        for screen in screens
        for one, other in zip(screen.shown, screen.shown[1:], strict=False)
    )
    print(f"frames shown twice in a row: {doubled}")
    for how, end in (("stopped", web.stop), ("killed with -9", web.kill)):
        took = end()
        print(f"\n{how}" + (f", which took {took:.1f} s with all streams open" if took else ""))
        started = web.start()
        back = recovered(screens)
        print(
            f"  listens again after {started:.1f} s; {spread('a wall is live again after', back)}"
        )
        print("  " + spread("and then shows a step after", steps(phone, screens, arguments)))
    phone.post(f"{phone.base}/tutup")
    wait_until(lambda: all(screen.ended for screen in screens))
    ended = [(screen.ended or 0) - phone.sent for screen in screens]
    print("\n" + spread("the meeting is closed, and a wall let go, after", ended))


def steps(phone: Phone, screens: list[Screen], arguments: argparse.Namespace) -> list[float]:
    """Seconds from sending a step until each wall has its new frame."""
    taken = []
    for _ in range(arguments.steps):
        before = [len(screen.shown) for screen in screens]
        sent = phone.turn()
        wait_until(
            lambda before=before: all(  # type: ignore[misc]
                len(screen.shown) > count for screen, count in zip(screens, before, strict=True)
            )
        )
        taken += [
            screen.shown[count][0] - sent for screen, count in zip(screens, before, strict=True)
        ]
        time.sleep(0.05)
    return taken


def measure_pages(phone: Phone) -> None:
    """While the meeting goes on: a step every second."""
    going, reader = threading.Event(), copy.copy(phone)

    def lead() -> None:
        while not going.wait(1.0):
            phone.turn()

    leading = threading.Thread(target=lead)
    leading.start()
    for page in PAGES:
        taken = []
        for _ in range(300):
            before = time.perf_counter()
            reader.get(page, cookie=reader.cookie)
            taken.append(time.perf_counter() - before)
        print(spread(f"{page} meanwhile", taken))
    going.set()
    leading.join()


def recovered(screens: list[Screen]) -> list[float]:
    start, before = time.perf_counter(), [len(screen.beats) for screen in screens]
    wait_until(
        lambda: all(
            len(screen.beats) > count for screen, count in zip(screens, before, strict=True)
        )
    )
    return [screen.beats[count] - start for screen, count in zip(screens, before, strict=True)]


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS_TO_RECOVER
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the walls did not follow")
        time.sleep(0.005)


def spread(words: str, seconds: list[float]) -> str:
    parts = statistics.quantiles(seconds, n=100)
    return (
        f"{words}: p50 {parts[49] * 1000:.0f} ms, p95 {parts[94] * 1000:.0f} ms,"
        f" p99 {parts[98] * 1000:.0f} ms, most {max(seconds) * 1000:.0f} ms (n {len(seconds)})"
    )


if __name__ == "__main__":
    main()
