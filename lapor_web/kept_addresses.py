"""Addresses within the site, made once: a page names thirty, and most of them were on the page before."""

import functools
from typing import Any

from flask import Flask, has_request_context, request, url_for

MOST_KEPT = 4096


def init_app(app: Flask) -> None:
    """Templates know it as `url_for`."""

    @functools.lru_cache(maxsize=MOST_KEPT)
    def make(_below: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        return url_for(endpoint, **dict(values))

    def kept_url_for(endpoint: str, **values: Any) -> str:
        """As Flask's. An address hangs on nothing else of the request than where the site is mounted,
        unless it is named from the blueprint one is in, or outside of any request."""
        if endpoint.startswith(".") or not has_request_context():
            return url_for(endpoint, **values)
        try:
            return make(request.script_root, endpoint, tuple(values.items()))
        except TypeError:  # a list of values, as of a field that is there twice
            return url_for(endpoint, **values)

    app.jinja_env.globals["url_for"] = kept_url_for
