"""The names that every template knows, as Jinja asks for them.

A template that imports macros compares its names with those of the imported one, each time. Jinja's
own map walks through both in Python for that: a tenth of a millisecond of a page with five imports.
"""

from collections import ChainMap
from collections.abc import KeysView, MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment


class Globals(ChainMap[str, Any]):
    def keys(self) -> KeysView[str]:
        own, everywhere = self.maps
        return {**everywhere, **own}.keys()


class SiteEnvironment(Environment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return Globals(d or {}, self.globals)


def init_app(app: Flask) -> None:
    """Before anything asks for the environment."""
    app.jinja_environment = SiteEnvironment
