"""A wall as the server meets it: reads its stream, and comes back by itself as `wall.js` does."""

import contextlib
import http.client
import random
import threading
import time
from dataclasses import dataclass, field

SILENT_FOR = 30.0
"""Seconds after which a line counts as dead."""


@dataclass
class Screen:
    port: int
    code: str
    cookie: str
    shown: list[tuple[float, str]] = field(default_factory=list)
    """When which frame arrived, by `time.perf_counter()`."""
    beats: list[float] = field(default_factory=list)
    ended: float | None = None
    """When the server said that it is over."""
    closing: bool = False

    def start(self) -> None:
        threading.Thread(target=self.live, daemon=True).start()

    def live(self) -> None:
        wait = 1.0
        while not self.closing and self.ended is None:
            before = len(self.beats)
            with contextlib.suppress(OSError, http.client.HTTPException):
                self.read()
            wait = 1.0 if len(self.beats) > before else min(wait * 2, 30)
            time.sleep(wait * (0.7 + 0.6 * random.random()))

    def read(self) -> None:
        last = self.shown[-1][1] if self.shown else ""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SILENT_FOR)
        headers = {"Accept": "text/event-stream", "Cookie": self.cookie}
        connection.request("GET", f"/layar/{self.code}/arus?sejak={last}", headers=headers)
        answer = connection.getresponse()
        kind, frame = "message", ""
        while line := answer.readline():
            name, _, value = line.decode().strip().partition(": ")
            if name == "event":
                kind = value
            elif name == "id":
                frame = value
            elif not name and kind == "message" and frame:
                self.shown.append((time.perf_counter(), frame))
                kind, frame = "message", ""
            elif not name:
                if kind == "beat":
                    self.beats.append(time.perf_counter())
                if kind == "end":
                    self.ended = time.perf_counter()
                    return
                kind, frame = "message", ""
        connection.close()
