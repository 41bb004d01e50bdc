"""Locks and folders of the data directory, and waiting for what another process does."""

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

SECONDS_BETWEEN_LOOKS = 0.02


@contextlib.contextmanager
def decision(data_dir: Path) -> Iterator[None]:
    """One command at a time starts, finds or stops the server of a folder."""
    with open(data_dir / "lock", "w", opener=private) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def hold_running(data_dir: Path) -> Iterator[int]:
    """PostgreSQL's programs inherit the lock, and so hold it until the last of them ends."""
    with open(data_dir / "running", "w", opener=private) as running:
        fcntl.flock(running, fcntl.LOCK_EX | fcntl.LOCK_NB)
        running.write(str(os.getpid()))
        running.flush()
        yield running.fileno()


def is_held(lock: Path) -> bool:
    try:
        with open(lock, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def make_folder(data_dir: Path) -> None:
    """Folders that exist keep their modes; a new one lets the server's user pass, and only pass."""
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        data_dir.mkdir(0o700)
        if os.geteuid() == 0:
            data_dir.chmod(0o711)


def private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(SECONDS_BETWEEN_LOOKS)
    return True
