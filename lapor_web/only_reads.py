"""Views that only read, marked so: their queries need no transaction around them.

A transaction costs two more journeys to the database than a page of two or three queries makes
anyway, and promises nothing that such a page needs: what it shows may be overtaken the moment it
leaves, and every deed compares versions.
"""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, g, request
from sqlalchemy import Engine

from lapor_web.extensions import db

View = TypeVar("View", bound=Callable[..., object])


def init_app(app: Flask) -> None:
    app.before_request(begin_nothing)


def only_reads(view: View) -> View:
    """A mark; put it below the route. What such a view writes would be there at once, unasked."""
    view.only_reads = True  # type: ignore[attr-defined]
    return view


def begin_nothing() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    session = db.session
    # A session that was given a connection is in somebody's transaction already.
    if getattr(view, "only_reads", False) and isinstance(session.get_bind(), Engine):
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        g.asks_alone = True


def asks_alone() -> bool:
    """Whether each statement of this request is its own transaction, so that none is left to end."""
    return "asks_alone" in g
