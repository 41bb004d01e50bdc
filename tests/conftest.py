"""One throw-away PostgreSQL for the whole run, brought to head by the migrations themselves."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_migrate import upgrade

from lapor_web import create_app, embedded
from lapor_web.extensions import db as _db


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


@pytest.fixture
def db(app):
    """The session of one test; what the test leaves is rolled back."""
    with app.app_context():
        connection = _db.engine.connect()
        transaction = connection.begin()
        _db.session.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield _db
        _db.session.remove()
        _db.session.configure(bind=None)
        transaction.rollback()
        connection.close()
