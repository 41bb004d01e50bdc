"""`/metrics`, for Prometheus: closed (404) unless LAPOR_METRICS_TOKEN is set and the asker has it.

What requests take is counted by each web process and added up by `prometheus_client` through files; the rest is
asked of the database at each scrape, and so is the same whichever process answers.
"""

import hmac
import os
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from lapor_web import clock, logs
from lapor_web.extensions import db
from lapor_web.services import machinery

bp = Blueprint("metrics", __name__)

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds."""


def init_app(app: Flask) -> None:
    if not app.config.get("LAPOR_METRICS_TOKEN"):
        return
    # Only here: without the setting nothing of it is loaded, and no request is counted.
    from prometheus_client import CollectorRegistry, Histogram

    own = CollectorRegistry()
    seconds = Histogram(
        "lapor_request_seconds",
        "From a request's coming to its answer's leaving",
        ("method", "endpoint", "status"),
        buckets=BUCKETS,
        registry=own,
    )
    app.extensions["lapor_metrics"] = own

    def count(response: Response) -> Response:
        if request.endpoint != bp.name + ".show":
            labels = (logs.known_method(), request.endpoint or "none", response.status_code)
            seconds.labels(*labels).observe(logs.milliseconds() / 1000)
        return response

    app.after_request(count)


@bp.get("/metrics")
def show() -> ResponseReturnValue:
    if not may_ask():
        abort(404)
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    text = generate_latest(registry_of_all())
    return Response(text, content_type=CONTENT_TYPE_LATEST)


def may_ask() -> bool:
    token = current_app.config.get("LAPOR_METRICS_TOKEN") or ""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


def registry_of_all() -> Any:
    from prometheus_client import CollectorRegistry, multiprocess

    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)
    else:
        registry.register(current_app.extensions["lapor_metrics"])
    registry.register(City())
    return registry


class City:
    """What the database knows, at the instant of the scrape."""

    def describe(self) -> Iterable[Any]:
        return ()

    def collect(self) -> Iterable[Any]:
        try:
            found = list(families())
        except OperationalError:
            found = []
        finally:
            db.session.remove()
        yield gauge("lapor_database_up", "Whether the database answers", [((), bool(found))])
        yield from found


def families() -> Iterable[Any]:
    session, now = db.session(), clock.now()
    queues, letters = machinery.queues(session), machinery.letters(session, now=now)
    yield gauge(
        "lapor_queue_jobs",
        "Background jobs, by queue and state",
        [
            ((queue.name, state), getattr(queue, state))
            for queue in queues
            for state in ("due", "later", "running", "failed")
        ],
        "queue",
        "state",
    )
    yield gauge(
        "lapor_queue_oldest_seconds",
        "How long the first job that is due has waited",
        [((queue.name,), age(queue.oldest, now)) for queue in queues],
        "queue",
    )
    yield gauge(
        "lapor_letters",
        "Messages to people that have not left, by state",
        [((state,), getattr(letters, state)) for state in ("due", "later", "parked", "unread")],
        "state",
    )
    oldest = age(letters.oldest, now)
    yield gauge("lapor_letter_oldest_seconds", "How late the first of them is", [((), oldest)])
    workers = machinery.workers(session)
    yield gauge("lapor_workers_up", "Whether a worker reports in", [((), workers.state == "up")])
    runs = machinery.schedules(session)
    for name, what in (("succeeded_at", "succeeded"), ("failed_at", "failed")):
        yield gauge(
            f"lapor_schedule_{what}_timestamp_seconds",
            f"When each schedule last {what}",
            [((run.name,), at.timestamp()) for run in runs if (at := getattr(run, name))],
            "schedule",
        )
    yield gauge(
        "lapor_reports",
        "Reports, by status",
        [((status,), count) for status, count in machinery.reports_by_status(session).items()],
        "status",
    )


def gauge(name: str, words: str, samples: list[tuple[tuple[str, ...], float]], *labels: str) -> Any:
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(name, words, labels=labels)
    for values, number in samples:
        family.add_metric(values, number)
    return family


def age(since: Any, now: Any) -> float:
    return (now - since).total_seconds() if since else 0.0
