"""One address, a page or a fragment: the only module that knows htmx's headers."""

import functools
from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from htmx_flask import Htmx, request
from werkzeug import Response

# Only `request.htmx` is used of it: its response helper lacks a comma and sends no Vary.
htmx = Htmx()


def init_app(app: Flask) -> None:
    htmx.init_app(app)
    app.jinja_env.globals["drawn_once"] = drawn_once


@functools.cache
def drawn_once(template: str, macro: str) -> Any:
    """What a macro draws that asks for nothing: the same on every page, for everybody."""
    return getattr(current_app.jinja_env.get_template(template).module, macro)()


def wants_fragment() -> bool:
    """Whether htmx will swap the answer into a page; boosted links and Back want a whole one."""
    asked = request.htmx
    return bool(asked) and not asked.boosted and not asked.history_restore_request


def render(page: str, fragment: str, status: int = 200, **context: Any) -> ResponseReturnValue:
    """The page to a browser, and to htmx the fragment that this page includes."""
    return render_template(fragment if wants_fragment() else page, **context), status


def render_or_redirect(fragment: str, to: str, **context: Any) -> ResponseReturnValue:
    """After a deed: the new state to htmx; a browser goes on to `to` by 303."""
    if wants_fragment():
        return render_template(fragment, **context)
    return redirect(to, 303)


def leave_for(address: str) -> Response:
    """To another page, whole: 303, or for htmx a 401 that tells it to load that address."""
    if not request.htmx:
        return redirect(address, 303)
    response = make_response("", 401)
    response.headers["HX-Redirect"] = address
    return response


def at_address(
    fragment: str, address: str, more: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    """A fragment that stands for another address than was asked, which the browser shows; `more`
    are headers of its own."""
    return fragment, {"HX-Replace-Url": address, **(more or {})}
