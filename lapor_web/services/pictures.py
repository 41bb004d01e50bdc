"""Pictures, drawn anew in a process of their own; see `redraw`."""

import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from lapor_web.services import redraw

MEDIA_TYPE = "image/jpeg"
"""Of everything drawn."""

_SECONDS_AT_MOST = 60
"""By the clock, on a machine that has much else to do; its own limit is of work done."""

_ITS_OWN_FAULT = frozenset(
    {signal.SIGXCPU, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL}
)


class NotAPicture(Exception):
    """It cannot be decoded, or not within the limits; trying again will not help."""


class Interrupted(Exception):
    """It was stopped from outside, and may be tried again."""


@dataclass(frozen=True, slots=True)
class Drawn:
    width: int
    height: int
    picture: bytes
    thumbnail: bytes


def draw_anew(content: bytes) -> Drawn:
    """JPEGs of the pixels alone. Raises NotAPicture or Interrupted."""
    try:
        done = subprocess.run(  # noqa: S603 - our own script
            [sys.executable, "-I", Path(redraw.__file__)],
            input=content,
            capture_output=True,
            timeout=_SECONDS_AT_MOST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Interrupted from None
    if done.returncode == redraw.CANNOT or -done.returncode in _ITS_OWN_FAULT:
        raise NotAPicture
    if done.returncode != 0:
        raise Interrupted
    line, _, pictures = done.stdout.partition(b"\n")
    width, height, size = map(int, line.split())
    return Drawn(width, height, pictures[:size], pictures[size:])
