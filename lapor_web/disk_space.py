"""Stops writing before the disk is full (promise 5).

PostgreSQL gives up altogether when its log finds no room, and then nobody reads either. So, with little left on a disk
of ours, whatever would write is answered with 503, the worker pauses, and pages go on being read.
"""

import logging
import os
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, current_app, request

from lapor_web import errors

logger = logging.getLogger(__name__)

LEFT_AT_LEAST = 64 * 1024 * 1024
"""Bytes: four pieces of PostgreSQL's log."""
SECONDS_UNTIL_RETRY = "30"
READING = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask) -> None:
    app.before_request(refuse_without_room)


def refuse_without_room() -> Response | None:
    if request.method in READING or not is_short(current_app.config):
        return None
    logger.error("disk is almost full: nothing is written")
    response = errors.error_page(503)
    response.headers["Retry-After"] = SECONDS_UNTIL_RETRY
    return response


def is_short(config: Mapping[str, Any]) -> bool:
    """Of any folder that is ours; where database and storage are elsewhere, never."""
    return any(left_on(folder) < LEFT_AT_LEAST for folder in config.get("LAPOR_FOLDERS", ()))


def left_on(folder: str) -> int:
    """Bytes that somebody who is not root may still write."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return LEFT_AT_LEAST  # not there, or not now: whoever writes will say so
    return found.f_bavail * found.f_frsize
