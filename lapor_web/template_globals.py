"""The names that every template knows, and the templates themselves, as Jinja asks for them.

Jinja has a map of two maps, so that names may come later, and walks through both in Python for each
page, each macro and each import. Ours are all there when the first template is loaded: a plain dict.
Nor is any template thrown out to make room for another, so none is moved to the end of a queue of two
hundred each time it is used.
"""

from collections.abc import MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment


class SiteEnvironment(Environment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def init_app(app: Flask) -> None:
    """Before anything asks for the environment."""
    app.jinja_environment = SiteEnvironment
    app.jinja_options = {**app.jinja_options, "cache_size": -1}
