"""Web server and worker of one machine, side by side until Ctrl-C."""

import os
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from lapor_web import embedded
from lapor_web.processes import Supervisor, tell_on_stderr
from lapor_web.resources import resource

SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_TO_ANSWER = 5.0
SECONDS_BEFORE_REVIVAL, LONGEST_BEFORE_REVIVAL = 1.0, 15.0
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104  compared with, not listened on

# Not what happens to lie in the folder where somebody typed the command.
PYTHON = [sys.executable, "-P", "-m"]


def commands(host: str, port: int) -> dict[str, list[str]]:
    """The project's own gunicorn settings; `/` is a folder as good as any to work in."""
    web = ["gunicorn", "--config", str(resource("gunicorn.conf.py")), "--chdir", "/"]
    web += ["--bind", f"{bracketed(host)}:{port}", "--log-level", "warning"]
    return {
        "web": [*PYTHON, *web, "lapor_web:create_app()"],
        "worker": [*PYTHON, "lapor_web", "worker"],
    }


def serve(
    environ: Mapping[str, str],
    *,
    host: str,
    port: int,
    when_ready: Callable[[], None],
    database: embedded.Server | None = None,
) -> int:
    """Until a signal; the exit code. `when_ready` is called once, as soon as pages answer. A database
    of our own is started again, too, when it dies."""
    stopped = threading.Event()
    threading.Thread(
        target=call_when_ready, args=(host, port, when_ready, stopped), daemon=True
    ).start()
    try:
        also = Revival(database).look if database else lambda: None
        return Supervisor(commands(host, port), env=with_whole_paths(environ), also=also).run()
    finally:
        stopped.set()


class Revival:
    """Starts a dead database again; what keeps it from starting may be gone the next time."""

    def __init__(self, server: embedded.Server) -> None:
        self.server, self.wait, self.not_before = server, SECONDS_BEFORE_REVIVAL, 0.0

    def look(self) -> None:
        if not self.server.has_died() or time.monotonic() < self.not_before:
            return
        tell_on_stderr("Basis data berhenti; dimulai lagi.")
        try:
            self.server.start_again()
            self.wait = SECONDS_BEFORE_REVIVAL
        except embedded.EmbeddedDatabaseError as problem:
            tell_on_stderr(f"{problem} Dicoba lagi dalam {self.wait:g} detik.")
            self.not_before = time.monotonic() + self.wait
            self.wait = min(2 * self.wait, LONGEST_BEFORE_REVIVAL)


def with_whole_paths(environ: Mapping[str, str]) -> dict[str, str]:
    """Folders named from here, for processes that work elsewhere."""
    whole = dict(environ)
    for name in ("LAPOR_DATA_DIR", "LAPOR_STORAGE"):
        if (path := whole.get(name)) and "://" not in path:
            whole[name] = str(Path(path).absolute())
    return whole


def call_when_ready(
    host: str, port: int, when_ready: Callable[[], None], stopped: threading.Event
) -> None:
    address = f"http://{bracketed(reachable(host))}:{port}/sehat"
    while not stopped.wait(SECONDS_BETWEEN_LOOKS):
        if answers(address):
            when_ready()
            return


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=SECONDS_TO_ANSWER) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def reachable(host: str) -> str:
    """Where this machine itself finds what listens on `host`."""
    return "127.0.0.1" if host in EVERYWHERE else host


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def local_address(host: str, port: int) -> str:
    """What to type into a browser of this machine."""
    return f"http://{'localhost' if is_loopback(host) else bracketed(reachable(host))}:{port}"


def is_loopback(host: str) -> bool:
    return host in {"127.0.0.1", "::1", "localhost"}


def outside(environ: Mapping[str, str] = os.environ, *, without: tuple[str, ...]) -> dict[str, str]:
    """Our environment, less the settings named."""
    return {name: value for name, value in environ.items() if name not in without}
