"""One throw-away PostgreSQL for the whole run, brought to head by the migrations themselves."""

import io
import logging
import os
import signal
from collections.abc import Callable, Iterator

import pytest
import structlog
from browser import Browser
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, text

from lapor_web import create_app, embedded, logs
from lapor_web.extensions import db as _db
from lapor_web.models import Base


def pytest_sessionstart() -> None:
    """A shell that starts us in the background has us ignore Ctrl-C, and what we start inherits it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where nothing may be missing (CI), a test that was skipped is one that failed."""
    if os.environ.get("LAPOR_TESTS_SKIP") != "never":
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[embedded.Server]:
    server = embedded.start(tmp_path_factory.mktemp("postgres"), durable=False)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def app(server, tmp_path_factory) -> Iterator[Flask]:
    app = create_app(
        {
            "SECRET_KEY": "only-for-tests-" * 4,
            "SQLALCHEMY_DATABASE_URI": server.url,
            "LAPOR_STORAGE": str(tmp_path_factory.mktemp("lampiran")),
            "TESTING": True,
        }
    )
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        _db.engine.dispose()


@pytest.fixture(scope="session")
def empty_database(app) -> Callable[[str], str]:
    """Makes a database of that name, without tables, and gives its URL."""

    def make(name: str) -> str:
        with app.app_context(), _db.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text(f'CREATE DATABASE "{name}"'))
            return _db.engine.url.set(database=name).render_as_string(hide_password=False)

    return make


@pytest.fixture
def engine(app) -> Iterator[Engine]:
    """For races, which need real transactions on real connections: what they commit is cleared."""
    with app.app_context():
        engine = _db.engine
    yield engine
    tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {tables}, procrastinate_jobs CASCADE"))


@pytest.fixture
def db(app, monkeypatch):
    """The session of one test; what the test leaves is rolled back."""
    app.extensions.pop("lapor_floods", None)  # what other tests sent floods nobody here
    with app.app_context():
        connection = _db.engine.connect()
        transaction = connection.begin()
        # Flask-SQLAlchemy's session asks no `bind`, and a commit would be real.
        monkeypatch.setattr(
            _db.session.session_factory.class_, "get_bind", lambda *_, **__: connection
        )
        _db.session.configure(join_transaction_mode="create_savepoint")
        yield _db
        _db.session.remove()
        _db.session.configure(join_transaction_mode="conditional_savepoint")
        transaction.rollback()
        connection.close()


@pytest.fixture
def browser(app, db) -> Browser:
    """One that nobody has signed in with."""
    return Browser(app)


@pytest.fixture
def log(monkeypatch):
    """What a process of its own would write, every line of it."""
    stream, root = io.StringIO(), logging.getLogger()
    before = (root.level, root.handlers[:])
    monkeypatch.setenv("LAPOR_LOG_LEVEL", "DEBUG")
    logs.configure(stream)
    yield stream
    root.setLevel(before[0])
    root.handlers[:] = before[1]
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logs._configured = False
