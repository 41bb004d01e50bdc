"""One module a command: NAME, HELP, add_arguments(parser) and run(app, arguments).

`run` has an application context and the city's database; what it returns is the exit code
(None is 0). It raises CommandRefused for what the person at the keyboard can put right.

A command that runs until Ctrl-C has `serve(arguments)` instead: it finds its own database.
"""

import sys
from typing import TextIO


class CommandRefused(Exception):
    """The sentence goes to standard error, the exit code is 1."""


def say(text: str, *, file: TextIO | None = None) -> None:
    print(text, file=file or sys.stdout, flush=True)
