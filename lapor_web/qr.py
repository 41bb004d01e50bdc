"""Pictures of square dots that a telephone reads."""

import segno
from flask import current_app, request


def picture_of(text: str) -> str:
    """The value of an `img`'s src. Dark on white whatever the theme: not every camera reads others."""
    made = segno.make(text, error="m", micro=False)
    return made.svg_data_uri(scale=4, border=4, light="#fff", dark="#000")


def whole_address(path: str) -> str:
    """As it stands on paper: by our public name, where that was set."""
    return (current_app.config.get("LAPOR_BASE_URL") or request.url_root).rstrip("/") + path
