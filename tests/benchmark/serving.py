"""Starts an application under gunicorn as it is served in earnest."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 30


@contextlib.contextmanager
def served(application: str, environ: dict[str, str], *, settings: str) -> Iterator[int]:
    """The port it answers on, with the project's settings: 2 gevent workers, SO_REUSEPORT."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", settings, "-b", f"127.0.0.1:{port}", application],
        env=os.environ | environ,
        cwd=ROOT,
    )
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise RuntimeError("gunicorn did not start")
