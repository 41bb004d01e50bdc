"""Removes a throw-away folder once nobody needs it, though whoever made it be killed with SIGKILL.

The file is its own program, like `processes`: it waits for the end of its input, which its starter
holds open until it ends in whatever way. So it imports nothing but the standard library.
"""

import contextlib
import fcntl
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

SECONDS_TO_WAIT = 60.0
SECONDS_BETWEEN_LOOKS = 0.1


@contextlib.contextmanager
def throw_away_folder(prefix: str) -> Iterator[Path]:
    """Gone when this process is; the database in it, if any, is awaited first."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    # A session of its own: Ctrl-C in the terminal is not for it.
    janitor = subprocess.Popen(  # noqa: S603  our own file
        [sys.executable, "-I", "-S", __file__, folder],
        stdin=subprocess.PIPE,
        cwd="/",
        start_new_session=True,
    )
    try:
        yield folder
    finally:
        janitor.communicate()
        if janitor.returncode != 0:  # somebody killed it
            clean_up(folder)


def clean_up(folder: Path) -> None:
    wait_for_the_database(folder)
    # What the server's user could not reach in here lies elsewhere, linked (see `embedded`).
    cluster, sockets = folder / "cluster", folder / "socket"
    if cluster.is_symlink():
        shutil.rmtree(cluster.readlink().parent, ignore_errors=True)
    if sockets.is_symlink():
        shutil.rmtree(sockets.readlink(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def wait_for_the_database(folder: Path) -> None:
    """PostgreSQL holds the lock on this file as long as any of its processes lives."""
    deadline = time.monotonic() + SECONDS_TO_WAIT
    while time.monotonic() < deadline:
        try:
            with open(folder / "running", "rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        except FileNotFoundError:
            return
        else:
            return


if __name__ == "__main__":
    sys.stdin.buffer.read()
    clean_up(Path(sys.argv[1]))
