"""pg_dump and pg_restore on the city's database, without its password in any list of processes."""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, Connection

from lapor_web import embedded
from lapor_web.backup.errors import BackupProblem
from lapor_web.processes import tethered

NOT_DUMPED = ("login_session", "presence")
"""Their rows: who was signed out since must not be signed in again by a restore, and who read what
at that moment is nobody's any longer."""


def dump(connection: Connection, snapshot: str) -> Iterator[bytes]:
    """The database as the snapshot sees it, in pg_dump's own format."""
    command = [program("pg_dump", connection), "--format=custom", "--compress=gzip:3"]
    command += ["--no-owner", "--no-privileges", "--no-comments", f"--snapshot={snapshot}"]
    command += [f"--exclude-table-data={table}" for table in NOT_DUMPED]
    command += [f"--dbname={address(connection.engine.url)}"]
    with running(command, connection.engine.url, stdout=subprocess.PIPE) as started:
        output = cast(IO[bytes], started.process.stdout)
        while piece := output.read(1 << 20):
            yield piece
        started.refuse_failed("Basis data tidak dapat dicadangkan")


def restore(connection: Connection, pieces: Iterable[bytes]) -> None:
    """In one transaction: all or nothing."""
    command = [program("pg_restore", connection), "--single-transaction", "--exit-on-error"]
    command += ["--no-owner", "--no-privileges", "--no-comments"]
    command += [f"--dbname={address(connection.engine.url)}"]
    with running(command, connection.engine.url, stdin=subprocess.PIPE) as started:
        inlet = cast(IO[bytes], started.process.stdin)
        with contextlib.suppress(BrokenPipeError):  # it says why by itself
            for piece in pieces:
                inlet.write(piece)
            inlet.close()
        started.refuse_failed("Basis data tidak dapat dipulihkan")


@dataclass(frozen=True)
class Running:
    process: "subprocess.Popen[bytes]"
    errors: IO[bytes]

    def refuse_failed(self, sentence: str) -> None:
        if self.process.wait() != 0:
            self.errors.seek(0)
            said = self.errors.read().decode(errors="replace")
            raise BackupProblem(f"{sentence}: {first_reason(said)}")


@contextlib.contextmanager
def running(
    command: list[str], url: URL, *, stdin: int | None = None, stdout: int | None = None
) -> Iterator[Running]:
    """Killed, and its transaction with it, where the block is left early."""
    # A URL without a password may leave it to PGPASSWORD.
    environ = os.environ | ({"PGPASSWORD": url.password} if url.password else {})
    # A file, not a pipe: nobody has to read it while the program writes.
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603 - programs of PostgreSQL
            tethered(command), stderr=errors, env=environ, cwd="/", stdin=stdin, stdout=stdout
        )
        try:
            yield Running(process, errors)
        finally:
            process.kill()
            with contextlib.suppress(BrokenPipeError, ValueError):
                process.communicate()


def first_reason(said: str) -> str:
    """PostgreSQL's own first error, without the DETAIL and statements that quote rows."""
    for line in said.splitlines():
        if found := re.search(r"(?:error|ERROR|FATAL): +(.*)", line):
            return re.sub(r"^.*?(?:ERROR|FATAL): +", "", found.group(1))
    return "tanpa pesan"


def address(url: URL) -> str:
    """For libpq, without the password."""
    parts = {"user": url.username, "host": url.host, "port": url.port, "dbname": url.database}
    given = {name: value for name, value in parts.items() if value is not None}
    return make_conninfo("", **given, **{name: str(value) for name, value in url.query.items()})


def program(name: str, connection: Connection) -> str:
    """That of the server's own version where the PATH has it, else ours: a newer pg_restore may say
    things that an older server does not understand."""
    server = connection.connection.dbapi_connection.info.server_version // 10000  # type: ignore[union-attr]
    found = shutil.which(name)
    if found and major_version(found) == server:
        return found
    ours = embedded.binary(name)
    if major_version(ours) < server:
        raise BackupProblem(
            f"Program {name} di sini lebih tua daripada PostgreSQL {server}. "
            f"Pasang {name} versi {server}, lalu ulangi."
        )
    return str(ours)


def major_version(path: str | Path) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r"(\d+)(?:\.\d+|beta|rc)", said.stdout)
    return int(found.group(1)) if found else 0
