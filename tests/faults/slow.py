"""Promise 6 (S-73): 200 clients that send their headers, send a body or read an answer a byte a second. Pages
stay under 500 ms (p99) meanwhile, and none of them fails."""

import contextlib
import itertools
import socket
import threading
import time
from dataclasses import dataclass, field

from .city import City, found_in_a_city
from .phones import Client
from .readers import Reader, alone

CLIENTS = 200
SECONDS_ALONE, SECONDS_SLOW = 10.0, 30.0
SECONDS_ALLOWED = 0.5
SECONDS_BETWEEN_BYTES = 1.0

HOST = "Host: localhost\r\n"
HEADERS = f"GET /laporan HTTP/1.1\r\n{HOST}X-Slow: ".encode()
BODY = (
    f"POST /lapor HTTP/1.1\r\n{HOST}Content-Type: application/x-www-form-urlencoded\r\n"
    "Content-Length: 100000\r\n\r\nstory="
).encode()
READING = f"GET /static/lapor.css HTTP/1.1\r\n{HOST}\r\n".encode() * 4
"""More than the buffers of a line with small parcels take: whoever sends has to wait."""
PARCEL = 536
"""Bytes, as over a bad line. A host's own line to itself would take megabytes at once."""
KINDS = (HEADERS, BODY, READING)


@dataclass
class SlowOne:
    """Comes back where it was sent away."""

    port: int
    begins: bytes
    line: socket.socket | None = None
    sent_away: int = 0

    def go_on(self) -> None:
        """The next byte."""
        try:
            if self.line is None:
                self.line = self.connect()
            elif self.begins is READING:
                self.read()
            else:
                self.line.send(b"a")
        except BlockingIOError:
            pass
        except OSError:
            self.close()
            self.sent_away += 1

    def connect(self) -> socket.socket:
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, PARCEL)
        line.settimeout(5)
        line.connect(("127.0.0.1", self.port))
        line.setblocking(False)
        line.send(self.begins)
        return line

    def read(self) -> None:
        assert self.line is not None
        if not self.line.recv(1):
            raise ConnectionError

    def close(self) -> None:
        if self.line is not None:
            with contextlib.suppress(OSError):
                self.line.close()
        self.line = None


@dataclass
class Slow:
    """All of them, in one thread."""

    port: int
    ones: list[SlowOne] = field(default_factory=list)

    def __post_init__(self) -> None:
        kinds = itertools.cycle(KINDS)
        self.ones = [SlowOne(self.port, next(kinds)) for _ in range(CLIENTS)]
        for one in self.ones:
            one.go_on()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._live)
        self._thread.start()

    def _live(self) -> None:
        while not self._stopping.wait(SECONDS_BETWEEN_BYTES):
            for one in self.ones:
                one.go_on()

    def stop(self) -> int:
        """How many were there to the last."""
        self._stopping.set()
        self._thread.join()
        there = sum(one.line is not None for one in self.ones)
        for one in self.ones:
            one.close()
        return there


def run() -> list[str]:
    return found_in_a_city(measure)


def measure(one: City) -> list[str]:
    before = alone(Client(one.address, place="10.1.1.1"), SECONDS_ALONE)
    slow = Slow(one.port)
    reader = Reader(Client(one.address, place="10.1.1.1"))
    time.sleep(SECONDS_SLOW)
    reader.stop()
    there = slow.stop()
    sent_away = sum(one.sent_away for one in slow.ones)
    print(
        f"alone: {before}\nbeside {there} slow clients: {reader}; {sent_away} sent away meanwhile"
    )
    problems = reader.problems(SECONDS_ALLOWED)
    if there < CLIENTS / 2:
        problems.append(f"only {there} slow clients were there: nothing is shown by it")
    return problems
