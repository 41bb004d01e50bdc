"""Runs the processes of one machine, and leaves none behind.

Two tools: `tethered` ties a command's life to this process, even when this process is killed
with SIGKILL; `Supervisor` keeps several commands running until it is told to stop.

The file is its own launcher: run as a script it ties itself to its parent and becomes the
command. So it imports nothing but the standard library.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECONDS_TO_STOP = 10.0
SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_OF_ONE_SIGNAL = 0.3

# A child that lives this long has started; dying sooner counts towards giving up.
SECONDS_OF_A_GOOD_START = 10.0
QUICK_DEATHS_ALLOWED = 5
SECONDS_BEFORE_RESTART = 0.5  # doubled after every quick death

CANNOT_BE_RUN = 126
PR_SET_PDEATHSIG = 1


# Tied to the parent ---------------------------------------------------------------------------


def tethered(
    command: Sequence[str | Path],
    *,
    death_signal: signal.Signals = signal.SIGTERM,
    account: tuple[int, int] | None = None,
) -> list[str]:
    """`command`, to be started at once by this process, getting `death_signal` when it dies.

    `account` is the (user, group) that the command runs as. The kernel watches the thread that
    starts the command, not the whole process: hence only the main thread may do it.
    """
    # Not threading.current_thread(), which answers for the greenlet once gevent has patched it.
    if sys.platform == "linux" and threading.get_native_id() != os.getpid():
        raise RuntimeError("a tethered command must be started from the main thread")
    uid, gid = account or ("-", "-")
    wrapper = [sys.executable, "-I", "-S", __file__]
    wrapper += [str(int(death_signal)), str(os.getpid()), str(uid), str(gid)]
    return [*wrapper, *map(str, command)]


def become(arguments: Sequence[str]) -> None:
    """The launcher: drop privileges, tie the life to the parent, turn into the command."""
    death_signal, parent, uid, gid, *command = arguments
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        if uid != "-":
            os.setgroups([])
            os.setgid(int(gid))
            os.setuid(int(uid))
        # After setuid, which clears it.
        if sys.platform == "linux" and libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
        if os.getppid() != int(parent):
            return  # the parent died before the kernel was told
        forget_inherited_signal_settings()
        os.execvp(command[0], command)  # noqa: S606 - that is what a launcher does
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        sys.exit(CANNOT_BE_RUN)


def forget_inherited_signal_settings() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


# Several at once ------------------------------------------------------------------------------


def tell_on_stderr(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


@dataclass
class Child:
    """One command, which is started anew when it dies."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    quick_deaths: int = 0

    def start(self) -> None:
        # Own session: Ctrl-C in the terminal reaches the supervisor alone, which stops in order.
        self.process = subprocess.Popen(  # noqa: S603 - the caller's own command
            tethered(self.command),
            env=dict(self.env),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.started_at = time.monotonic()

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def is_due(self) -> bool:
        return self.process is None and time.monotonic() >= self.start_at

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def note_death(self) -> float:
        """Plan the next start; the answer is how many seconds it is away."""
        self.clear_group()
        lived = time.monotonic() - self.started_at
        self.quick_deaths = self.quick_deaths + 1 if lived < SECONDS_OF_A_GOOD_START else 1
        wait = SECONDS_BEFORE_RESTART * 2 ** (self.quick_deaths - 1)
        self.process, self.start_at = None, time.monotonic() + wait
        return wait

    def clear_group(self) -> None:
        """What a dead child left behind still holds its port or its jobs."""
        self.signal_group(signal.SIGKILL)

    def signal_group(self, number: signal.Signals) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):  # all are gone
                os.killpg(self.process.pid, number)


@dataclass
class Supervisor:
    """Runs named commands side by side until SIGINT, SIGTERM or SIGHUP; call `run` on the main thread.

    A child that dies is started again. The first signal stops all in order, a second one kills.
    """

    commands: Mapping[str, Sequence[str]]
    env: Mapping[str, str] | None = None
    tell: Callable[[str], None] = tell_on_stderr
    also: Callable[[], None] = lambda: None
    """Done at every look, on the main thread."""
    _signals: int = field(default=0, init=False)
    _last_signal_at: float = field(default=-1.0, init=False)

    def run(self) -> int:
        """The exit code: 0 after a signal, 1 when a child could not be kept alive."""
        env = os.environ if self.env is None else self.env
        children = [Child(name, command, env) for name, command in self.commands.items()]
        handlers = self._listen()
        try:
            return self._keep_running(children)
        finally:
            self._stop(children)
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def _listen(self) -> dict[signal.Signals, Any]:
        numbers = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # set by nohup
            numbers.append(signal.SIGHUP)
        return {number: signal.signal(number, self._note_signal) for number in numbers}

    def _note_signal(self, *_: object) -> None:
        # Ctrl-C reaches the whole terminal group, and a runner such as uv may pass its own on.
        now = time.monotonic()
        if now - self._last_signal_at > SECONDS_OF_ONE_SIGNAL:
            self._signals += 1
        self._last_signal_at = now

    def _keep_running(self, children: list[Child]) -> int:
        while not self._signals:
            self.also()
            for child in children:
                if child.has_died() and self._gives_up(child):
                    return 1
                if child.is_due():
                    child.start()
            time.sleep(SECONDS_BETWEEN_LOOKS)
        return 0

    def _gives_up(self, child: Child) -> bool:
        code = child.process.returncode if child.process else None
        wait = child.note_death()
        reason = death_in_words(code)
        if child.quick_deaths >= QUICK_DEATHS_ALLOWED:
            self.tell(
                f"Proses {child.name} {child.quick_deaths} kali berturut-turut berhenti tak lama "
                f"setelah dimulai (terakhir: {reason}). Semua proses dihentikan. "
                "Baca pesan kesalahan di atas, perbaiki, lalu jalankan lagi."
            )
            return True
        self.tell(f"Proses {child.name} berhenti ({reason}); dimulai lagi dalam {wait:g} detik.")
        return False

    def _stop(self, children: list[Child]) -> None:
        signals_before = min(self._signals, 1)
        for child in children:
            child.signal_group(signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_STOP
        while any(child.is_running() for child in children):
            if self._signals > signals_before or time.monotonic() > deadline:
                break
            time.sleep(SECONDS_BETWEEN_LOOKS)
        for child in children:
            if child.is_running():
                self.tell(f"Proses {child.name} tidak mau berhenti; dimatikan paksa.")
            child.clear_group()
            if child.process is not None:
                child.process.wait()


def death_in_words(code: int | None) -> str:
    if code is not None and code < 0:
        return f"sinyal {-code}"
    return f"kode {code}"


if __name__ == "__main__":
    become(sys.argv[1:])
