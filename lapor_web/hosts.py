"""Requests that call us by another's name are refused (S-61): no link of theirs leaves here.

The names are TRUSTED_HOSTS, which Flask compares before it looks for a route.
"""

from flask import Flask, Response, make_response, render_template
from werkzeug.exceptions import SecurityError


def init_app(app: Flask) -> None:
    app.register_error_handler(SecurityError, refuse_host)


def refuse_host(error: SecurityError) -> Response:
    # A page of its own: without a trusted host Flask can build no address for it.
    return make_response(render_template("errors/unknown_host.html"), 400)
