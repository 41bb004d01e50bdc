"""A Ctrl-C that falls where Python ignores it is heard all the same."""

import subprocess
import sys

FALLS_INTO_A_CALLBACK = """
import signal, time, weakref
from lapor_web import interrupts

interrupts.insist()

class Thing:
    pass

thing = Thing()
reference = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
try:
    del thing
    print("passed over", flush=True)
    time.sleep(30)
except KeyboardInterrupt:
    print("heard")
"""


def test_an_interrupt_in_a_callback_comes_again():
    program = subprocess.run(
        [sys.executable, "-c", FALLS_INTO_A_CALLBACK],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert program.stdout.splitlines() == ["passed over", "heard"]
    assert program.stderr == ""
