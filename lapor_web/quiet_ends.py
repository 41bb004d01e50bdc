"""A request that wrote nothing ends its transaction with COMMIT, not with ROLLBACK.

To PostgreSQL it is all the same. To the driver it is not: at a ROLLBACK it forgets every statement
that it prepared on that connection, and the next pages are parsed and planned anew.
"""

from typing import Any

from flask import Flask, Response
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from lapor_web.extensions import db
from lapor_web.only_reads import asks_alone

WROTE = "lapor wrote"
"""In the notes of a connection, while its transaction lasts."""
_WRITING = ("INSERT INTO", "UPDATE ", "DELETE FROM", "MERGE INTO", "COPY ", "TRUNCATE ")


def init_app(app: Flask) -> None:
    app.after_request(end_reading)


def end_reading(response: Response) -> Response:
    if not asks_alone():
        end_quietly()
    return response


def end_quietly() -> None:
    """Whatever it reads next is a new transaction. Where something was written nothing happens
    here: that is for its view to commit, or to be rolled back."""
    if not (db.session.registry.has() and wrote_nothing(db.session())):
        return
    session = db.session()
    usual, session.expire_on_commit = (
        session.expire_on_commit,
        False,
    )  # a stream still knows its user
    try:
        session.commit()
    finally:
        session.expire_on_commit = usual


def wrote_nothing(session: Session) -> bool:
    """Whether its transaction stands, and has only read."""
    if not (session.in_transaction() and session.is_active):
        return False
    if session.new or session.deleted or session.dirty:
        return False
    return WROTE not in session.connection().info


@event.listens_for(Engine, "begin")
def note_beginning(connection: Connection) -> None:
    connection.info.pop(WROTE, None)


@event.listens_for(Engine, "before_cursor_execute")
def note_writing(
    connection: Connection, _cursor: Any, statement: str, _values: Any, _context: Any, _many: bool
) -> None:
    """Rather once too often: a reading that locks its rows counts too."""
    if any(word in statement for word in _WRITING):
        connection.info[WROTE] = True
