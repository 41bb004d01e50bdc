"""A city served by `lapor run` in a folder of its own, and its processes by what they are."""

import contextlib
import json
import os
import secrets
import signal
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from serving_city import Serving, eventually, free_port, processes

from lapor_web import embedded

SECONDS_TO_BE_WELL = 60


class City:
    """`secret` and folder stay the same over restarts."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.secret = folder, free_port(), secrets.token_urlsafe(48)
        self.address = f"http://localhost:{self.port}"
        self.serving: Serving | None = None

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
        }

    def stop(self) -> int:
        assert self.serving is not None
        try:
            return self.serving.interrupt()
        finally:
            self.serving.close()
            self.serving = None

    def kill_everything(self) -> None:
        """At once, as a power cut would, and nothing is told to anybody."""
        assert self.serving is not None
        everybody = {self.serving.process.pid, *self.serving.children()}
        for pid in everybody:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.serving.close()
        eventually(lambda: not everybody & {pid for pid, _ in processes()})
        self.serving = None

    # ---- its parts ----

    def parts(self) -> dict[str, list[int]]:
        """gunicorn's master (`web`) and its own processes, `worker`, and PostgreSQL's first process."""
        assert self.serving is not None
        parents, found = (
            dict(processes()),
            {"web": [], "web process": [], "worker": [], "postgres": []},
        )
        for pid in self.serving.children():
            command = command_of(pid)
            if "gunicorn" in command:
                parent = command_of(parents.get(pid, 0))
                found["web process" if "gunicorn" in parent else "web"].append(pid)
            elif command.endswith("lapor_web worker"):
                found["worker"].append(pid)
            elif "bin/postgres" in command:
                found["postgres"].append(pid)
        return found

    def kill(self, part: str, number: signal.Signals = signal.SIGKILL) -> int:
        """The first of them; its process number."""
        pid = self.parts()[part][0]
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
        eventually(self.is_well, seconds)

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
