"""`/sehat`: whether this host can serve, in words a machine reads."""

import functools

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from lapor_web.extensions import db
from lapor_web.resources import resource
from lapor_web.services import machinery

bp = Blueprint("health", __name__)


@bp.get("/sehat")
def health() -> ResponseReturnValue:
    """200, or 503 when the database is away or its schema is not ours. A worker is told of, no
    more: without one pictures and messages wait, but nobody is turned away."""
    checks = {"database": "up", "migrations": "current", "worker": "unknown"}
    try:
        with db.engine.connect() as connection:
            checks["migrations"] = compare(
                MigrationContext.configure(connection).get_current_revision()
            )
            if checks["migrations"] != "behind":
                checks["worker"] = machinery.workers(connection).state
    except OperationalError:
        current_app.logger.warning("database is away")
        checks = {"database": "down", "migrations": "unknown", "worker": "unknown"}
    healthy = checks["database"] == "up" and checks["migrations"] in {"current", "ahead"}
    answer = {"status": "ok" if healthy else "down", **checks}
    headers = {"Cache-Control": "no-store"} | ({} if healthy else {"Retry-After": "2"})
    return answer, 200 if healthy else 503, headers


def compare(revision: str | None) -> str:
    """Ahead is fine: while a new version is brought out, hosts of the old one go on serving."""
    ours = migrations()
    if revision == ours[0]:
        return "current"
    return "behind" if revision is None or revision in ours else "ahead"


@functools.cache
def migrations() -> list[str]:
    """All revisions this version knows, newest first."""
    scripts = ScriptDirectory(str(resource("migrations")))
    return [script.revision for script in scripts.walk_revisions()]
