"""Flask as this application is: every view is a plain function."""

from collections.abc import Callable
from typing import Any

from flask import Flask


class Site(Flask):
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Of some twenty functions around each page Flask asks each time whether it is a coroutine;
        that takes longer than most of them."""
        return func
