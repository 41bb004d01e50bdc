"""The databases that are measured: one a size, with the control's own tables beside ours."""

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import sqlalchemy as sa

from lapor_web import embedded

CONTROL_TABLES = r"""
    CREATE TABLE control_report (LIKE report INCLUDING DEFAULTS INCLUDING IDENTITY);
    INSERT INTO control_report OVERRIDING SYSTEM VALUE SELECT * FROM report;
    SELECT setval(pg_get_serial_sequence('control_report', 'id'), max(id)) FROM report;
    DO $$ DECLARE definition text; BEGIN
        FOR definition IN SELECT pg_get_indexdef(indexrelid) FROM pg_index
                          WHERE indrelid = 'report'::regclass
        LOOP EXECUTE regexp_replace(
            definition, ' INDEX (\S+) ON \S*report ', ' INDEX control_\1 ON control_report '
        );
        END LOOP;
    END $$;
    CREATE TABLE control_open AS SELECT id, number, version, title, place, status, channel, due_on
        FROM report WHERE due_on IS NOT NULL;
    CREATE INDEX ON control_open (due_on, id);
    CREATE TABLE control_view AS SELECT status AS name, count(*) FROM report GROUP BY 1;
    CREATE TABLE control_office AS SELECT o.short_name AS name,
        ARRAY[count(*), count(*), count(*), count(*), count(*), count(*), count(*), count(*)] AS numbers
        FROM opd o JOIN report r ON r.holder_opd_id = o.id GROUP BY 1;
    ANALYZE;
"""


def readable(folder: Path) -> Path:
    """As root the server runs as another user, who has to get in."""
    folder.chmod(0o711)
    return folder / "city"


def made(stack: ExitStack, size: int, secret: str) -> str:
    """One on a server of its own, which goes with the stack; its URL."""
    folder = stack.enter_context(
        tempfile.TemporaryDirectory(prefix="lapor-benchmark-", dir="/var/tmp")
    )
    server = stack.enter_context(embedded.start(readable(Path(folder))))
    return make(server.url, size, secret)


def make(server_url: str, size: int, secret: str) -> str:
    """A database of `size` sampled reports; its URL."""
    server = sa.create_engine(server_url, isolation_level="AUTOCOMMIT")
    name = f"benchmark_{size}"
    with server.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    url = server.url.set(database=name).render_as_string(hide_password=False)
    for arguments in (["migrate"], ["seed"], ["sample", str(size)]):
        lapor(arguments, url, secret)
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(CONTROL_TABLES)
    return url


def lapor(arguments: list[str], url: str, secret: str) -> None:
    command = [sys.executable, "-c", "from lapor_web.cli import main; raise SystemExit(main())"]
    environ = os.environ | {"DATABASE_URL": url, "SECRET_KEY": secret}
    subprocess.run([*command, *arguments], env=environ, check=True)
