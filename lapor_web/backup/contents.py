"""What is in a database: rows and a hash of each table, and the names of its attachments."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from lapor_web.backup.programs import NOT_DUMPED

TABLES = text("""
    SELECT format('%I', c.relname), c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    ORDER BY c.relname
""")
BLOB_COLUMNS = text("""
    SELECT format('%I', table_name), format('%I', column_name) FROM information_schema.columns
    WHERE table_schema = 'public' AND (column_name = 'blob' OR column_name LIKE '%\\_blob')
        AND data_type = 'text' ORDER BY 1, 2
""")
"""By our own convention: a column of that name holds the name of bytes in the storage."""

COUNT_AND_HASH = """
    SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0) FROM {} t
"""
"""Of a table, by its name as the database quotes it."""

SAME_EVERYWHERE = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL search_path = public",
)
"""Rows as text depend on these."""


@dataclass(frozen=True, slots=True)
class Table:
    rows: int
    hash: str
    """The sum of the first 60 bits of each row's MD5: in whatever order, on whatever version. It finds
    what went wrong; against forgers there is encryption."""


def count_tables(connection: Connection) -> dict[str, Table]:
    """In the transaction of the connection, which it may have to itself."""
    for setting in SAME_EVERYWHERE:
        connection.exec_driver_sql(setting)
    found = {}
    for quoted, name in connection.execute(TABLES).all():
        if name in NOT_DUMPED:
            continue
        rows, total = connection.execute(text(COUNT_AND_HASH.format(quoted))).one()
        found[name] = Table(rows, str(total))
    return found


def blob_names(connection: Connection) -> Iterator[str]:
    for table, column in connection.execute(BLOB_COLUMNS).all():
        names = connection.execute(
            text(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY 1"),  # noqa: S608
            execution_options={"yield_per": 10_000},
        )
        yield from names.scalars()


def count_relations(connection: Connection) -> int:
    """How many there are of somebody's; 0 in an empty database."""
    count = connection.scalar(
        text("""
            SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
                AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
                AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
        """)
    )
    return int(count or 0)


def schema_revision(connection: Connection) -> str | None:
    if connection.scalar(text("SELECT to_regclass('public.alembic_version')")) is None:
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM public.alembic_version"))
    return revision
