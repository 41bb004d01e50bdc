"""The names that every template knows, as Jinja asks for them.

Jinja has a map of two maps, so that names may come later, and walks through both in Python for each
page, each macro and each import. Ours are all there when the first template is loaded: a plain dict.
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
