"""A city served by `lapor run` in a folder of its own, and its processes by what they are."""

import contextlib
import json
import os
import random
import secrets
import signal
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa
from serving_city import Serving, eventually, free_port, processes

from lapor_web import embedded

SECONDS_TO_BE_WELL = 120
UNANSWERED = ("unhandled error", "Error handling request")
"""What Flask and gunicorn say before they answer 500."""
PARTS = ("web", "web process", "worker", "postgres", "postgres process")


class City:
    """`secret` and folder stay the same over restarts."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.secret = folder, free_port(), secrets.token_urlsafe(48)
        self.address = f"http://localhost:{self.port}"
        self.settings: dict[str, str] = {}
        """Beside those that every city needs."""
        self.serving: Serving | None = None
        self.said: list[str] = []
        """By all that ran, up to the last stop."""

    def start(self) -> None:
        self.serving = Serving("run", "--port", str(self.port), **self.environ)
        self.serving.wait_for("Layanan siap")

    @property
    def environ(self) -> dict[str, str]:
        return {
            "SECRET_KEY": self.secret,
            "LAPOR_BASE_URL": self.address,
            "LAPOR_DATA_DIR": str(self.folder),
            "LAPOR_LOG_LEVEL": "ERROR",
            # Each phone says where it is, as the proxy in front would: a flood from one address is slowed.
            "LAPOR_PROXIES": "1",
            **self.settings,
        }

    def stop(self) -> int:
        assert self.serving is not None
        try:
            return self.serving.interrupt()
        finally:
            self.close()

    def kill_everything(self) -> None:
        """At once, as a power cut would, and nothing is told to anybody."""
        assert self.serving is not None
        everybody = {self.serving.process.pid, *self.serving.children()}
        for pid in everybody:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.close()
        eventually(lambda: not everybody & {pid for pid, _ in processes()})

    def close(self) -> None:
        assert self.serving is not None
        self.serving.close()
        self.said += self.serving.lines
        self.serving = None

    def errors(self) -> list[str]:
        """What no part of ours had an answer to, each once, after the stop."""
        found = (json.loads(line) for line in self.said if line.startswith('{"'))
        unhandled = [line for line in found if line["event"].startswith(UNANSWERED)]
        return sorted({f"{line['event']}: {line['error']}: {line['trace']}" for line in unhandled})

    # ---- its parts ----

    def parts(self) -> dict[str, list[int]]:
        """gunicorn's master (`web`), PostgreSQL's (`postgres`), and the processes of both; `worker`."""
        assert self.serving is not None
        parents = dict(processes())
        found: dict[str, list[int]] = {name: [] for name in PARTS}
        for pid in self.serving.children():
            command = command_of(pid)
            if "gunicorn" in command:
                parent = command_of(parents.get(pid, 0))
                found["web process" if "gunicorn" in parent else "web"].append(pid)
            elif command.endswith("lapor_web worker"):
                found["worker"].append(pid)
            elif "bin/postgres" in command:
                found["postgres"].append(pid)
            elif command.startswith("postgres:") and "[local]" in command:
                found["postgres process"].append(pid)
        return found

    def kill(self, part: str, number: signal.Signals = signal.SIGKILL) -> int:
        """One of them; its process number, or 0 where there is none at the moment."""
        pids = self.parts()[part]
        pid = random.choice(pids) if pids else 0
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        return pid

    def is_well(self) -> bool:
        """Pages answer, and the worker reports in."""
        health = self.health()
        return health.get("status") == "ok" and health.get("worker") == "up"

    def health(self) -> dict[str, str]:
        try:
            with urllib.request.urlopen(f"{self.address}/sehat", timeout=10) as answer:  # noqa: S310
                return dict(json.load(answer))
        except (urllib.error.URLError, OSError):
            return {}

    def wait_until_well(self, seconds: float = SECONDS_TO_BE_WELL) -> None:
        try:
            eventually(self.is_well, seconds)
        except AssertionError:
            lines = "".join(self.serving.lines[-20:]) if self.serving else ""
            raise AssertionError(f"{self.health()} {self.parts()}\n{lines}") from None

    # ---- its database ----

    def engine(self) -> sa.Engine:
        url = embedded.running_url(self.folder)
        assert url is not None
        return sa.create_engine(url, poolclass=sa.NullPool)

    def value(self, query: str) -> object:
        with self.engine().connect() as connection:
            return connection.scalar(sa.text(query))


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return ""


@contextlib.contextmanager
def city(parent: str | None = None) -> Iterator[City]:
    """Not started yet; gone afterwards, whatever became of it. As root the server runs as another
    user, who has to get in."""
    with tempfile.TemporaryDirectory(prefix="lapor-faults-", dir=parent or "/var/tmp") as folder:  # noqa: S108
        Path(folder).chmod(0o711)
        one = City(Path(folder) / "kota")
        try:
            yield one
        finally:
            if one.serving is not None:
                one.kill_everything()


def found_in_a_city(measure: Callable[[City], list[str]]) -> list[str]:
    """Of a new city that is well: the problems that were measured, and what no part of it had an
    answer to."""
    with city() as one:
        one.start()
        one.wait_until_well()
        problems = measure(one)
        one.stop()
        return problems + one.errors()
