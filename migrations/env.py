"""How Alembic reaches our database: inside the application, through Flask-Migrate."""

import sqlalchemy as sa
from alembic import context

from lapor_web.extensions import db
from lapor_web.models import Base


def render_item(kind, item, autogen_context):
    """Write plain column types, so that an old migration never imports the application."""
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def include_name(name, kind, parents):
    """The queue's tables are procrastinate's own, not ours to compare."""
    return not (kind == "table" and name.startswith("procrastinate_"))


with db.engine.connect() as connection:
    # Readers never wait longer for us than this (promise 21).
    connection.exec_driver_sql("SET lock_timeout = '2s'")
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        include_name=include_name,
        compare_server_default=False,
        # One after the other, so that none holds its tables while the next are made.
        transaction_per_migration=True,
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.rollback()
        connection.exec_driver_sql("RESET lock_timeout")
        connection.commit()
