"""Requests whose statements need no transaction around them: views that only read, marked so, and
a report that is written in one statement.

A transaction costs two more journeys to the database than a page of two or three queries makes
anyway, and promises nothing that such a page needs: what it shows may be overtaken the moment it
leaves, and every deed compares versions.
"""

from collections.abc import Callable
from typing import TypeVar, cast

from flask import Flask, current_app, request

from lapor_web.database_session import DatabaseSession
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
    if getattr(view, "only_reads", False):
        ask_alone()


def ask_alone() -> None:
    """From here on each statement of this request is a transaction of its own: to be said before the
    first of them (`DatabaseSession.ask_alone`)."""
    cast(DatabaseSession, db.session()).ask_alone()
