"""The project's own gunicorn settings; gunicorn looks for them only here."""

import os
import shutil
import tempfile

worker_class = "gevent"
# As many as the host has processors.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Without it, keep-alive connections gather on one worker.
reuse_port = True
# A process that does not come to say that it lives for so long has hung, and is replaced.
timeout = 30
graceful_timeout = 10
# Longer than the proxy in front keeps a connection, which would else use one that is just being closed.
keepalive = 75
# No access log: addresses and paths of reporters have no business on a disk.
accesslog = None

# No door into the running server but the port it serves.
control_socket_disable = True


def on_starting(server):
    """Where the web processes add up what they measured, while somebody may ask for it (/metrics)."""
    if os.environ.get("LAPOR_METRICS_TOKEN"):
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="lapor-metrics-")


def on_exit(server):
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(folder, ignore_errors=True)


def post_fork(server, worker):
    """Before the application is loaded: what it says while it starts is a line of JSON, too."""
    from gevent import monkey

    # gunicorn does it too, but later: psycopg looks when it is imported whether it may wait as it
    # likes, and then every wait for the database would stop the whole process.
    monkey.patch_all()
    # Of the ways of psycopg to wait under gevent the default makes and closes a selector for every
    # query, and takes twice as long as this one; "wait_select" knows no file beyond the 1023rd.
    os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_poll")
    from lapor_web import logs

    logs.configure()


def post_worker_init(worker):
    """Live screens end when their worker is told to, or its stopping would wait for them."""
    feed = getattr(worker.wsgi, "extensions", {}).get("lapor_live")
    if feed is not None:
        feed.stops = lambda: not worker.alive
        from lapor_web import warm_up

        warm_up.begin(worker.wsgi)
