"""What a process makes once is made before somebody waits for it: an officer's first deed met a dozen
templates that had never been compiled, and took three times as long as the next."""

import gc
import threading
import time

from flask import Flask
from sqlalchemy.orm import configure_mappers

BREATH = 0.005
"""Seconds between two templates, in which requests are served."""


def begin(app: Flask) -> None:
    """Beside the requests that are there already."""
    threading.Thread(target=warm_up, args=(app,), name="warm-up", daemon=True).start()


def warm_up(app: Flask) -> None:
    configure_mappers()
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
        time.sleep(BREATH)
    # What is there by now stays, but for what nobody refers to. To walk through all of it, as the
    # collector does once in a few thousand requests, stops the process for the time of forty pages.
    gc.collect()
    gc.freeze()
