"""Addresses within the site, made once: a page names thirty, and most of them were on the page before."""

import functools
from typing import Any

import flask
from flask import Flask, has_request_context, request

MOST_KEPT = 4096


def init_app(app: Flask) -> None:
    """Templates know it under Flask's own name."""
    app.jinja_env.globals["url_for"] = url_for


def url_for(endpoint: str, **values: Any) -> str:
    """As Flask's. An address hangs on nothing else of the request than where the site is mounted,
    unless it is named from the blueprint one is in, or outside of any request."""
    if endpoint.startswith(".") or not has_request_context():
        return flask.url_for(endpoint, **values)
    try:
        return _make(request.script_root, endpoint, tuple(values.items()))
    except TypeError:  # a list of values, as of a field that is there twice
        return flask.url_for(endpoint, **values)


@functools.lru_cache(maxsize=MOST_KEPT)
def _make(_below: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return flask.url_for(endpoint, **dict(values))
