"""Promise 21: the schema is brought to head under readers, who never wait over 2.5 s, while somebody holds a
table for long; and the version before goes on serving on the new schema.

The version before is taken from git: the last commit before the first migration after `OLD` came. Without a
repository that half is left out.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import sqlalchemy as sa
from serving_city import eventually, free_port

from lapor_web import create_app, embedded
from lapor_web.extensions import db

from .city import City, city
from .phones import Client, Crowd
from .proof import configuration
from .restored import lapor

OLD = "0006"
"""The schema of the first version that served anybody."""
SECONDS_ALLOWED = 2.5
SECONDS_HELD = 15.0
READS = (
    "SELECT count(*) FROM (SELECT FROM report ORDER BY id DESC LIMIT 50) AS newest",
    "SELECT count(*) FROM (SELECT FROM history ORDER BY report_id DESC LIMIT 50) AS newest",
    "SELECT count(*) FROM (SELECT FROM outbox ORDER BY id DESC LIMIT 50) AS newest",
    "SELECT count(*) FROM attachment WHERE id < 50",
    'SELECT count(*) FROM "user"',
    "SELECT count(*) FROM opd",
    "SELECT sum(count) FROM kept_queue",
)
ROOT = Path(__file__).parents[2]


def run(*, reports: int = 100_000) -> list[str]:
    with city() as one, embedded.start(one.folder) as server:
        lapor(one, "migrate")
        lapor(one, "seed")
        lapor(one, "sample", str(reports))
        go_down(one)
        waits, tries, took = migrate_under_readers(one, server.url)
        slowest = max(waits, key=lambda query: waits[query])
        print(
            f"{reports} reports, from {OLD} to head in {took:.0f} s and {tries} tries; "
            f"the longest read {waits[slowest]:.2f} s ({slowest[:40]}…)"
        )
        problems = []
        if waits[slowest] > SECONDS_ALLOWED:
            problems.append(f"a reader waited {waits[slowest]:.2f} s: {slowest}")
        return problems + old_code_serves(one)


def go_down(one: City) -> None:
    import flask_migrate

    app = create_app(configuration(one))
    with app.app_context():
        flask_migrate.downgrade(revision=OLD)
        db.session.remove()
        db.engine.dispose()


def migrate_under_readers(one: City, url: str) -> tuple[dict[str, float], int, float]:
    """Of each read the longest it took, how often the migration gave way, and how long it took."""
    stopping, waits = threading.Event(), dict.fromkeys(READS, 0.0)
    readers = [threading.Thread(target=read, args=(url, query, waits, stopping)) for query in READS]
    holder = threading.Thread(target=hold, args=(url,))
    for thread in (*readers, holder):
        thread.start()
    began = time.monotonic()
    time.sleep(0.5)
    try:
        said = lapor(one, "migrate")
    finally:
        stopping.set()
        for thread in (*readers, holder):
            thread.join()
    return waits, said.count("dicoba lagi") + 1, time.monotonic() - began


def connect(url: str) -> psycopg.Connection:
    parts = sa.make_url(url)
    return psycopg.connect(
        host=parts.query["host"],
        user=parts.username,
        password=parts.password,
        dbname=parts.database,
    )


def read(url: str, query: str, waits: dict[str, float], stopping: threading.Event) -> None:
    with connect(url) as connection:
        connection.autocommit = True
        while not stopping.is_set():
            began = time.monotonic()
            connection.execute(query)
            waits[query] = max(waits[query], time.monotonic() - began)
            time.sleep(0.01)


def hold(url: str) -> None:
    """As a long export does."""
    with connect(url) as connection:
        connection.execute("SELECT count(*) FROM report")
        time.sleep(SECONDS_HELD)


# ---- the version before ----


def old_code_serves(one: City) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="lapor-old-") as folder:
        commit = take_old_code(Path(folder))
        if commit is None:
            print("no repository here: the version before is not tried")
            return []
        with served_by(Path(folder), one) as address:
            crowd = Crowd(address, 3).start()
            statuses = {
                Client(address).ask(page).status for page in ("/", "/laporan", "/statistik")
            }
            time.sleep(5)
            crowd.stop()
        print(f"{commit[:7]} on the new schema: {len(crowd.sent)} reports taken")
        odd = (statuses | set(crowd.statuses)) - {200, 303}
        problems = [f"{commit[:7]} on the new schema answers {sorted(odd)}"] if odd else []
        return problems if crowd.sent else [*problems, "the version before took no report"]


def take_old_code(folder: Path) -> str | None:
    """The commit before the first migration after `OLD`."""
    listed = (git("ls-files", "migrations/versions") or "").split()
    newer = [path for path in listed if Path(path).name[:4] > OLD]
    added = git("log", "--diff-filter=A", "--reverse", "--format=%H", "--", *newer)
    if not newer or not added:
        return None
    commit = str(git("rev-parse", f"{added.split()[0]}^")).strip()
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
    return commit


def git(*arguments: str) -> str | None:
    try:
        said = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return None
    return said.stdout if said.returncode == 0 else None


@contextlib.contextmanager
def served_by(code: Path, one: City) -> Iterator[str]:
    port = free_port()
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(code),
        **one.environ,
        "DATABASE_URL": configuration(one)["SQLALCHEMY_DATABASE_URI"],
        "LAPOR_BASE_URL": f"http://localhost:{port}",
    }
    command = [sys.executable, "-P", "-m", "gunicorn", "--config", str(code / "gunicorn.conf.py")]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning", "lapor_web:create_app()"]
    with subprocess.Popen(command, env=environ, cwd="/") as process:
        try:
            address = f"http://localhost:{port}"
            eventually(lambda: Client(address).ask("/bantuan").status == 200, 60)
            yield address
        finally:
            process.terminate()
