"""Ctrl-C, also where Python passes it over.

An interrupt that falls into a callback of the garbage collector, of which the database's library
has many, is reported as ignored, and the program goes on. Whoever pressed the keys waits then.
"""

import os
import signal
import sys
import threading

SECONDS_UNTIL_AGAIN = 0.05


def insist() -> None:
    """An ignored interrupt comes again a moment later, until one is heard."""
    sys.unraisablehook = _interrupt_again


def _interrupt_again(ignored: "sys.UnraisableHookArgs") -> None:
    if not issubclass(ignored.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(ignored)
        return
    again = threading.Timer(SECONDS_UNTIL_AGAIN, os.kill, (os.getpid(), signal.SIGINT))
    again.daemon = True
    again.start()
