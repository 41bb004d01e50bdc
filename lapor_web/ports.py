"""A port that nobody serves yet, and that nobody takes before we do."""

import contextlib
import errno
import socket
from collections.abc import Iterator

MOST_TRIED = 50
TAKEN = {errno.EADDRINUSE, errno.EACCES}


class NoPort(Exception):
    """None of the ports tried is free."""


@contextlib.contextmanager
def reserved(host: str, first: int, *, try_next: bool) -> Iterator[int]:
    """The first free port from `first` on, or `first` and no other. Raises NoPort.

    The web server shares its port among its own processes (SO_REUSEPORT), and so would let two
    cities that start at the same time share one. Hence a second lock, which says "about to".
    """
    for port in range(first, min(first + (MOST_TRIED if try_next else 1), 65536)):
        with socket.socket(socket.AF_UNIX) as lock:
            if announce(lock, port) and is_free(host, port):
                yield port
                return
    raise NoPort(first)


def announce(lock: socket.socket, port: int) -> bool:
    """By a name of the kernel's (no file), which is gone when this process is."""
    try:
        lock.bind(f"\0lapor-port-{port}")
    except OSError as error:
        if error.errno not in TAKEN:
            raise
        return False
    return True


def is_free(host: str, port: int) -> bool:
    """Raises OSError where the host is not ours."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family) as probe:
        # Connections of a server that has just stopped do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno not in TAKEN:
                raise
            return False
    return True
