"""What a city calls itself changes on every host at once: each web process listens for it.

Costs one listening connection a process, the one of the live screens. Whoever hears nothing reads
anew twice a minute all the same (`lapor_web.city`).
"""

from flask import Flask, current_app

from lapor_web import city
from lapor_web.live import feed_of
from lapor_web.services.events import CITY


def init_app(app: Flask) -> None:
    app.before_request(listen)


def listen() -> None:
    """From the first request on, so in the process that serves and not in the one it came from."""
    if not current_app.testing and not city.hears():
        city.hear(feed_of(current_app).join({CITY}, {}))
