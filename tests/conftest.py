"""One throw-away PostgreSQL for the whole run, brought to head by the migrations themselves."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, text

from lapor_web import create_app, embedded
from lapor_web.extensions import db as _db
from lapor_web.models import Base


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[embedded.Server]:
    server = embedded.start(tmp_path_factory.mktemp("postgres"), durable=False)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def app(server) -> Iterator[Flask]:
    app = create_app(
        {
            "SECRET_KEY": "only-for-tests-" * 4,
            "SQLALCHEMY_DATABASE_URI": server.url,
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
        connection.execute(text(f"TRUNCATE {tables}"))


@pytest.fixture
def db(app):
    """The session of one test; what the test leaves is rolled back."""
    with app.app_context():
        engine = _db.engine
        connection = engine.connect()
        transaction = connection.begin()
        # Flask-SQLAlchemy asks this map and no `bind` of the session, or a commit would be real.
        _db.engines[None] = connection
        _db.session.configure(join_transaction_mode="create_savepoint")
        yield _db
        _db.session.remove()
        _db.engines[None] = engine
        transaction.rollback()
        connection.close()
