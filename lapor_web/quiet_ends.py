"""A request that wrote nothing ends its transaction with COMMIT, not with ROLLBACK.

To PostgreSQL it is all the same. To the driver it is not: at a ROLLBACK it forgets every statement
that it prepared on that connection, and the next pages are parsed and planned anew.
"""

import functools
import logging
from typing import Any, cast

from flask import Flask, Response
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lapor_web.database_session import DatabaseSession
from lapor_web.extensions import db

logger = logging.getLogger(__name__)

WROTE = "lapor wrote"
"""In the notes of a connection, while its transaction lasts."""
HELD = "lapor held"
"""In the notes of a session: the connection of its transaction."""
LONG = 8192
"""A statement of so many letters writes many rows, is another each time, and not remembered."""
_WRITING = (
    *("INSERT INTO", "UPDATE", "DELETE FROM", "MERGE INTO", "COPY ", "TRUNCATE "),
    "procrastinate_",
)
"""The last one are the queue's own functions, by which a SELECT puts work into it."""


def init_app(app: Flask) -> None:
    app.after_request(end_reading)


def end_reading(response: Response) -> Response:
    end_quietly()
    return response


def end_quietly() -> None:
    """Whatever it reads next is a new transaction. Where something was written nothing happens
    here: that is for its view to commit, or to be rolled back. Nor where the database went away:
    the answer is made already, and `errors.let_go` deals with what is left."""
    if not db.session.registry.has():
        return
    session = cast(DatabaseSession, db.session())
    if session.asks_alone or not wrote_nothing(session):
        return
    # What was read stays known: a stream goes on when its request is over.
    usual, session.expire_on_commit = session.expire_on_commit, False
    try:
        session.commit()
    except SQLAlchemyError as error:
        logger.warning("database went away after the answer: %s", type(error).__name__)
    finally:
        session.expire_on_commit = usual


def wrote_nothing(session: Session) -> bool:
    """Whether its transaction stands, holds a connection, and has only read."""
    if not (session.in_transaction() and session.is_active):
        return False
    if session.new or session.deleted or session.dirty:
        return False
    connection = session.info.get(HELD)
    return (
        connection is not None
        and not connection.closed
        and not connection.invalidated
        and WROTE not in connection.info
    )


@event.listens_for(Session, "after_begin")
def note_held(session: Session, _transaction: Any, connection: Connection) -> None:
    """To ask the session for its connection would make a new one where the old one is lost."""
    session.info[HELD] = connection


@event.listens_for(Engine, "begin")
def note_beginning(connection: Connection) -> None:
    connection.info.pop(WROTE, None)


@event.listens_for(Engine, "before_cursor_execute")
def note_writing(
    connection: Connection, _cursor: Any, statement: str, _values: Any, _context: Any, _many: bool
) -> None:
    """Rather once too often: a reading that locks its rows counts too."""
    if (_is_known_to_write if len(statement) < LONG else _writes)(statement):
        connection.info[WROTE] = True


def _writes(statement: str) -> bool:
    return any(word in statement for word in _WRITING)


_is_known_to_write = functools.lru_cache(maxsize=1024)(_writes)
