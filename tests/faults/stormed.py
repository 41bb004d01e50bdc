"""S-74 to S-76: 100 streams of one address that nobody reads, one officer who asks for 20 files and 20 recaps of ten
years at once, and 50 searches a second. Pages of others stay under 1 s (p99), and no web process grows by it."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from .city import City, found_in_a_city
from .officers import new_officer
from .phones import Client, hidden_in
from .readers import PAGES, Reader, must
from .restored import lapor

STREAMS, AT_ONCE, SEARCHES_A_SECOND = 100, 20, 50
SECONDS = 20.0
SECONDS_ALLOWED = 1.0
MEGABYTES_ALLOWED = 60.0
"""That a web process may grow by; what it keeps of drawn pages and figures is in it."""
WAITING = "SELECT count(*) FROM long_job WHERE state IN ('waiting', 'running')"
WORDS = ("l", "la", "lam", "lamp", "lampu", "lampu j", "lampu ja", "lampu jalan", "ban", "banjir")
TEN_YEARS = "/koordinasi/rekap?dari=2017-01-05&sampai=2026-12-30"


def run(*, reports: int = 100_000) -> list[str]:
    def measure(one: City) -> list[str]:
        lapor(one, "sample", str(reports))
        officer = new_officer(one, "koordinator")
        problems = []
        for name, storm in (("streams", streams), ("files", files), ("searches", searches)):
            problems += [f"{name}: {problem}" for problem in beside(one, officer, storm, name)]
        return problems

    return found_in_a_city(measure)


def beside(
    one: City, officer: Client, storm: Callable[[City, Client], list[str]], name: str
) -> list[str]:
    """The storm, and whoever reads beside it, for so many seconds."""
    before = megabytes(one)
    reader = Reader(Client(one.address, 30, place="10.1.1.1"), PAGES)
    problems = storm(one, officer)
    reader.stop()
    grown = max(megabytes(one)[pid] - size for pid, size in before.items())
    print(f"{name}: pages of others {reader}; a web process grew by {grown:.0f} MB", flush=True)
    if grown > MEGABYTES_ALLOWED:
        problems.append(f"a web process grew by {grown:.0f} MB")
    return problems + reader.problems(SECONDS_ALLOWED)


def megabytes(one: City) -> dict[int, float]:
    """Of memory, by web process."""
    return {
        pid: int(line.split()[1]) / 1024
        for pid in one.parts()["web process"]
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmRSS")
    }


def streams(one: City, _officer: Client) -> list[str]:
    """A wall's, over and over. Those who are too many are told so (429)."""
    wall = Client(one.address, place="10.2.2.2")
    address = must(wall.ask("/layar"), 303).headers["Location"]
    code = address.rpartition("/")[2]
    lines = [open_stream(one.port, code, cookie_of(wall)) for _ in range(STREAMS)]
    time.sleep(SECONDS)
    begun = Counter(line.recv(12)[9:] for line in lines)
    for line in lines:
        line.close()
    print(f"streams of one address: { ({key.decode(): n for key, n in begun.items()}) }")
    return [] if set(begun) <= {b"200", b"429"} else [f"answered with {begun}"]


def open_stream(port: int, code: str, cookie: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), 30)
    line.sendall(
        f"GET /layar/{code}/arus HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.2.2.2\r\n"
        f"Accept: text/event-stream\r\nCookie: {cookie}\r\n\r\n".encode()
    )
    return line


def cookie_of(client: Client) -> str:
    return "; ".join(f"{one.name}={one.value}" for one in client.cookies)


def files(one: City, officer: Client) -> list[str]:
    form = hidden_in(officer.ask("/kotak-masuk").body, "/keluar")
    most = [0]

    def export(number: int) -> int:
        # Each is another file, or it would be the same one.
        address = f"/kotak-masuk/ekspor/tampilan?tampilan=semua&dari=2026-01-{number + 1:02}"
        return officer.send(address, form | {"format": "xlsx"}).status

    def watch(_number: int) -> int:
        most[0] = max(most[0], int(str(one.value(WAITING))))
        return 0

    ten_years = all_at_once(lambda _: officer.ask(TEN_YEARS).status)
    exports = all_at_once(export, meanwhile=watch)
    print(f"20 recaps of ten years: {dict(ten_years)}; 20 files: {dict(exports)}, {most[0]} waited")
    problems = []
    if set(ten_years) != {200}:
        problems.append(f"a recap of ten years was answered with {dict(ten_years)}")
    if not set(exports) <= {200, 303, 429} or not exports[429]:
        problems.append(f"twenty files at once were answered with {dict(exports)}")
    return problems


def all_at_once(
    ask: Callable[[int], int], meanwhile: Callable[[int], int] | None = None
) -> Counter[int]:
    statuses: Counter[int] = Counter()

    def one(number: int) -> None:
        statuses[ask(number)] += 1

    threads = [threading.Thread(target=one, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    while meanwhile and any(thread.is_alive() for thread in threads):
        meanwhile(0)
        time.sleep(0.05)
    for thread in threads:
        thread.join()
    return statuses


def searches(_one: City, officer: Client) -> list[str]:
    """One more letter each time, whether the answer before has come or not."""
    statuses: Counter[int] = Counter()

    def ask(words: str) -> None:
        path = f"/kotak-masuk?tampilan=semua&cari={words.replace(' ', '+')}"
        statuses[officer.ask(path).status] += 1

    threads, began = [], time.monotonic()
    for number in range(int(SECONDS * SEARCHES_A_SECOND)):  # most are refused, or they pile up
        thread = threading.Thread(target=ask, args=(WORDS[number % len(WORDS)],))
        thread.start()
        threads.append(thread)
        time.sleep(max(0.0, began + number / SEARCHES_A_SECOND - time.monotonic()))
    for thread in threads:
        thread.join()
    print(
        f"{len(threads)} searches, {SEARCHES_A_SECOND} a second, answered after"
        f" {time.monotonic() - began:.0f} s: {dict(statuses)}"
    )
    return [] if set(statuses) <= {200, 429} else [f"answered with {dict(statuses)}"]
