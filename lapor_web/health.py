"""`/sehat`: whether this host can serve, in words a machine reads."""

import datetime as dt

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from lapor_web.extensions import db
from lapor_web.resources import resource

bp = Blueprint("health", __name__)

WORKER_REPORTS_WITHIN = dt.timedelta(minutes=1)
"""It does so every ten seconds."""


@bp.get("/sehat")
def health() -> ResponseReturnValue:
    """200, or 503 when the database is away or its schema is not ours. A worker is told of, no
    more: without one pictures and messages wait, but nobody is turned away."""
    checks = {"database": "up", "migrations": "current", "worker": "unknown"}
    try:
        with db.engine.connect() as connection:
            if MigrationContext.configure(connection).get_current_revision() != newest_migration():
                checks["migrations"] = "behind"
            else:
                checks["worker"] = find_worker(connection)
    except OperationalError:
        current_app.logger.warning("database is away")
        checks = {"database": "down", "migrations": "unknown", "worker": "unknown"}
    healthy = checks["database"] == "up" and checks["migrations"] == "current"
    answer = {"status": "ok" if healthy else "down", **checks}
    headers = {"Cache-Control": "no-store"} | ({} if healthy else {"Retry-After": "2"})
    return answer, 200 if healthy else 503, headers


def newest_migration() -> str | None:
    return ScriptDirectory(str(resource("migrations"))).get_current_head()


def find_worker(connection: Connection) -> str:
    """up, down (it was there, and did not take its leave) or absent."""
    silent_for = connection.scalar(
        text("SELECT now() - max(last_heartbeat) FROM procrastinate_workers")
    )
    if silent_for is None:
        return "absent"
    return "up" if silent_for < WORKER_REPORTS_WITHIN else "down"
