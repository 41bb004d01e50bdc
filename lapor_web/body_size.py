"""How much one request may bring: little everywhere, photos where a view says so.

Set before the body is first read, which is when the CSRF token is looked for (promise 8, S-05).
"""

from collections.abc import Callable
from socket import socket
from typing import TypeVar

from flask import Flask, Response, current_app, request

from lapor_web.services.attachments import BYTES_AT_MOST, FILES_AT_MOST

WITHOUT_FILES = 512 * 1024
"""Bytes: the longest text of ours, percent-encoded, with room."""
WITH_FILES = FILES_AT_MOST * BYTES_AT_MOST + WITHOUT_FILES
FIELDS_AT_MOST = 200
"""Parts of a multipart form, files among them; our largest has a tenth of that."""

SECONDS_OF_SILENCE = 10.0
"""In the middle of a body; whoever stops sending is not waited for (S-12, S-27)."""

View = TypeVar("View", bound=Callable[..., object])


def init_app(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = WITHOUT_FILES
    app.config["MAX_FORM_PARTS"] = FIELDS_AT_MOST
    app.before_request(make_room_for_files)
    app.before_request(wait_for_no_one)
    app.after_request(take_time_to_answer)


def takes_files(view: View) -> View:
    """A mark for views whose forms carry photos; put it below the route."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def takes_pieces(view: View) -> View:
    """A mark for views that read a large body piece by piece, and keep none of it in memory."""
    view.takes_pieces = True  # type: ignore[attr-defined]
    return view


def make_room_for_files() -> None:
    """Only for multipart, whose files go to disk: any other body is read into memory whole."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_pieces", False):
        request.max_content_length = BYTES_AT_MOST
    if getattr(view, "takes_files", False) and request.mimetype == "multipart/form-data":
        request.max_content_length = WITH_FILES


def wait_for_no_one() -> None:
    """What is read of a body that falls silent ends there, and is answered as one cut off (400)."""
    for line in lines_to_the_sender():
        line.settimeout(SECONDS_OF_SILENCE)


def take_time_to_answer(response: Response) -> Response:
    """Whoever reads slowly still gets a large file: a limit would count for all of it."""
    for line in lines_to_the_sender():
        line.settimeout(None)
    return response


def lines_to_the_sender() -> list[socket]:
    servers = ("gunicorn.socket", "werkzeug.socket")
    return [request.environ[name] for name in servers if name in request.environ]
