"""Several real worker processes, killed with -9 at random and replaced."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from sqlalchemy import Engine, text

SCRIPT = Path(__file__).parent / "worker_by_another_clock.py"
LOOKS_AT_A_ROUND = 12_000
"""A hundredth of a second apart, and not a time: who is made to pause has not failed."""


class Workers:
    def __init__(self, engine: Engine, environ: dict[str, str], number: int, rng: Random):
        self.engine, self.environ, self.rng = engine, environ, rng
        self.killed = 0
        self.running = [self.start() for _ in range(number)]

    def start(self) -> "subprocess.Popen[bytes]":
        log = open(self.environ["YEAR_LOG"], "ab")  # noqa: SIM115  the process has it from here on
        with log:
            return subprocess.Popen(
                [sys.executable, str(SCRIPT)],
                env=os.environ | self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill_one(self) -> None:
        """In the midst of what it does, if it can be."""
        place = self.rng.randrange(len(self.running))
        os.killpg(self.running[place].pid, signal.SIGKILL)
        self.running[place].wait()
        self.running[place] = self.start()
        self.killed += 1

    def stop(self) -> None:
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.running:
            process.wait()

    # ---- rounds ----

    def ask(self) -> None:
        """What the clock asks for every minute, now; once, as the queue's own lock would have it."""
        with self.engine.begin() as connection:
            for task, arguments in (
                ("every_act_by_the_clock", '{"timestamp": 0}'),
                ("send_messages", "{}"),
            ):
                connection.execute(
                    text("""
                        SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
                            'default', CAST(:task AS text), 0, NULL, NULL, CAST(:arguments AS jsonb), NULL
                        )]::procrastinate_job_to_defer_v1[])
                        WHERE NOT EXISTS (SELECT FROM procrastinate_jobs
                                          WHERE task_name = :task AND status = 'todo'
                                            AND scheduled_at IS NULL)
                    """),
                    {"task": task, "arguments": arguments},
                )

    def cut_off(self) -> int:
        """Jobs in whose midst a worker died: put back since, or still said to be done."""
        jobs = text("""
            SELECT count(*) FROM procrastinate_jobs AS job WHERE status = 'doing' OR EXISTS (
                SELECT FROM procrastinate_events AS event
                WHERE event.job_id = job.id AND event.type = 'deferred_for_retry')
        """)
        with self.engine.connect() as connection:
            return int(connection.execute(jobs).scalar_one())

    def wait_until(self, nothing_is_due: Iterator[bool]) -> None:
        for look, done in enumerate(nothing_is_due):
            if done:
                return
            if look > LOOKS_AT_A_ROUND:
                raise TimeoutError("the workers do not get it done")
            if look % 50 == 0:
                self.ask()
            time.sleep(0.01)
