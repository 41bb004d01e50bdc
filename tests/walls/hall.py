"""The city that is measured: gunicorn as it serves, a meeting in it, and the coordinator's phone."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
from collections import deque
from dataclasses import dataclass, field

from tests.benchmark.scenarios import Scenarios
from tests.benchmark.serving import ROOT, free_port, wait_for

PLAN = {
    "name": "Rakor",
    "place": "Aula",
    "held_on": "2026-11-24",
    "dari": "2026-01-01",
    "sampai": "2026-12-31",
}


@dataclass
class Web:
    """A gunicorn in a process group of its own, always on the same port."""

    environ: dict[str, str]
    port: int = field(default_factory=free_port)

    def start(self) -> float:
        """Seconds until it listens."""
        before = time.perf_counter()
        command = ["gunicorn", "-c", str(ROOT / "gunicorn.conf.py"), "-b", f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command, "--log-level", "error", "wsgi:app"],
            env=os.environ | self.environ | {"LAPOR_LOG_LEVEL": "WARNING"},
            cwd=ROOT,
            start_new_session=True,
        )
        wait_for(self.port, self.process)
        return time.perf_counter() - before

    def stop(self) -> float:
        """Politely; the seconds that it took."""
        before = time.perf_counter()
        self.process.terminate()
        self.process.wait()
        return time.perf_counter() - before

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Phone:
    """The coordinator's browser."""

    def __init__(self, port: int, scenarios: Scenarios):
        self.port = port
        self.cookie = scenarios.officer
        self.modes = deque(("ikhtisar", "rekap"))
        self.post("/koordinasi/rakor", PLAN)
        self.meeting = self.location.rstrip("/").split("/")[-1]
        self.base = f"/koordinasi/rakor/{self.meeting}"
        self.post(f"{self.base}/buka")

    def get(self, path: str, cookie: str | None = None) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers={"Cookie": cookie or self.cookie})
        return self.read(connection, keep=cookie is None)

    def post(self, path: str, fields: dict[str, str] | None = None) -> None:
        token = re.search(r'name="csrf_token"\s+value="([^"]+)"', self.get("/koordinasi/rakor"))
        assert token
        body = urllib.parse.urlencode({"csrf_token": token[1], **(fields or {})})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.sent = time.perf_counter()
        connection.request("POST", path, body, headers)
        self.read(connection)
        assert self.status == 303, (path, self.status)

    def read(self, connection: http.client.HTTPConnection, *, keep: bool = True) -> str:
        answer = connection.getresponse()
        self.status, self.location = answer.status, answer.getheader("Location", "")
        self.given = (answer.getheader("Set-Cookie") or "").split(";")[0]
        if keep and self.given:
            self.cookie = self.given
        text = answer.read().decode()
        connection.close()
        return text

    def step(self, command: str, **fields: str) -> float:
        """When it was sent."""
        self.post(f"{self.base}/kendali/{command}", fields)
        return self.sent

    def turn(self) -> float:
        """To what the walls do not show yet: of the same again they would hear nothing."""
        self.modes.rotate()
        return self.step("mode", mode=self.modes[0])

    def new_wall(self) -> tuple[str, str]:
        """The code of a new wall that is bound to the meeting, and the cookie of its screen."""
        self.get("/layar", cookie="-=-")
        code, cookie = self.location.split("/layar/")[1].split("?")[0], self.given
        self.post(f"{self.base}/layar", {"kode": code})
        return code, cookie
