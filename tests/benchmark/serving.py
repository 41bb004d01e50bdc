"""Starts an application under gunicorn as it is served in earnest."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 30
LAST_WORDS = 4000
"""Of a log, in bytes."""


@contextlib.contextmanager
def served(application: str, environ: dict[str, str], *, settings: str) -> Iterator[int]:
    """The port it answers on, with the project's settings: 2 gevent workers, SO_REUSEPORT. Its log
    goes to a file that nobody reads, for the figures are printed here; what it cannot do is told."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", settings, "-b", f"127.0.0.1:{port}"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [*command, application], env=os.environ | environ, cwd=ROOT, stdout=log, stderr=log
        )
        try:
            wait_for(port, process)
            yield port
        except BaseException:
            stop(process)
            log.seek(0)
            sys.stderr.write(log.read()[-LAST_WORDS:].decode(errors="replace"))
            raise
        finally:
            stop(process)


def stop(process: "subprocess.Popen[bytes]") -> None:
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
