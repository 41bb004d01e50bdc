"""A `lapor` that serves, as a person starts and stops it: in a process group of its own."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

SECONDS_TO_START = 180


class Serving:
    """`lines` grows while it runs."""

    def __init__(self, *arguments: str, **environ: str) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "lapor_web", *arguments],
            env=kept | environ,
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(iter(self.process.stdout.readline, ""))

    @property
    def said(self) -> str:
        return "".join(self.lines)

    def wait_for(self, words: str) -> None:
        eventually(lambda: words in self.said or self.process.poll() is not None, SECONDS_TO_START)
        assert words in self.said, self.said

    def children(self) -> set[int]:
        """All that it started, and what they started."""
        found, parents = set(), {self.process.pid}
        while parents:
            parents = {pid for pid, parent in processes() if parent in parents} - found
            found |= parents
        return found

    def interrupt(self) -> int:
        """Ctrl-C in its terminal; the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(60)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(20)

    def close(self) -> None:
        self.kill()
        self._reader.join(60)
        self.process.stdout.close()


def processes() -> list[tuple[int, int]]:
    """Of each living process its number and its parent's."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # ended meanwhile
        if fields[0] not in "ZX":
            found.append((int(stat.parent.name), int(fields[1])))
    return found


def all_gone(pids: set[int]) -> bool:
    return not pids & {pid for pid, _ in processes()}


def eventually(condition, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310
        return answer.status, answer.read().decode()
