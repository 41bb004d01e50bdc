"""One JSON line for whatever happens, on standard error, and nobody's words or address in it.

A request is told by its endpoint, never by its path: paths hold numbers and tokens. An error is told by its kind and the
places it came through, never by its message: messages quote values. Of what other libraries log the values are
left out, too. JSON encodes line breaks, so nobody writes a line of their own (S-66).
"""

import json
import logging
import os
import re
import secrets
import sys
import time
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO, cast

import structlog
from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars, merge_contextvars

OURS = "lapor_web"
PACKAGE = Path(__file__).parent
FRAMES = 12
"""The deepest of an error."""
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

Event = MutableMapping[str, Any]

_configured = False


# ---- every process that serves or works ----


def configure(stream: TextIO | None = None) -> None:
    """For a process of its own: web or worker. All that is logged goes to `stream` (standard error)."""
    global _configured
    stream = stream or sys.stderr
    level = os.environ.get("LAPOR_LOG_LEVEL", "INFO").upper()
    shared: list[Any] = [
        merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        tell_error,
    ]
    renderer = structlog.processors.JSONRenderer(serializer=json.dumps)
    handler = logging.StreamHandler(stream)
    handler.addFilter(leave_values_out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level if level in LEVELS else "INFO")
    for name in ("gunicorn.error", "gunicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # Each job that starts and ends would be a line, and each look at the schema.
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(root.level),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    _configured = True


FILLED_IN = re.compile(r"[:=/'\"`<(\[{\d\n].*", re.DOTALL)
"""From the first value on, in a sentence that was filled in before it was logged."""


def leave_values_out(record: logging.LogRecord) -> bool:
    """Of libraries we take the sentence and not what they fill in: gunicorn's hold addresses, and
    procrastinate's the arguments of a job. Some fill it in themselves; of those the beginning stays."""
    if record.name.partition(".")[0] != OURS:
        said = str(record.msg)
        record.msg = said if record.args else FILLED_IN.sub("", said).rstrip()
        record.args = None
    return True


def tell_error(_logger: Any, _method: str, event: Event) -> Event:
    """The kind of an error and of its causes, and the way it came, without a word of any of them."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = " < ".join(type(one).__name__ for one in chain(error))
        event["trace"] = places(error.__traceback__)
    event.pop("stack_info", None)
    return event


def chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in found:
        found.append(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return found


def places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-FRAMES:]
    return [f"{short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(PACKAGE):
        return f"{OURS}/{path.relative_to(PACKAGE)}"
    return "/".join(path.parts[-2:])


# ---- requests ----


def init_app(app: Flask) -> None:
    """First of all parts: so its clock starts first, and its line knows the answer as it leaves."""
    app.before_request(begin)
    app.after_request(end)
    app.log_exception = log_exception  # type: ignore[method-assign, assignment]


def begin() -> None:
    g.began = time.perf_counter()
    # Ours, not the caller's: a header would be a place to write into our log.
    g.request_id = secrets.token_hex(8)
    if _configured:
        clear_contextvars()
        bind_contextvars(request=g.request_id)


def end(response: Response) -> Response:
    if "request_id" not in g:  # refused before any part was asked
        return response
    response.headers["X-Request-Id"] = g.request_id
    if _configured:
        structlog.get_logger().info(
            "request",
            method=known_method(),
            endpoint=request.endpoint or "none",
            status=response.status_code,
            ms=round(milliseconds(), 1),
        )
    return response


def milliseconds() -> float:
    """Since the request came; a stream's are those until it began."""
    return 1000 * (time.perf_counter() - cast(float, g.began))


def known_method() -> str:
    """A word that anybody can make up is no word for a log."""
    return request.method if request.method in {"GET", "HEAD", "POST", "OPTIONS"} else "OTHER"


def log_exception(info: Any) -> None:
    """Flask's own says the path."""
    logging.getLogger(__name__).error(
        "unhandled error in %s", request.endpoint or "none", exc_info=info
    )
