import flask_migrate
from sqlalchemy import text

from lapor_web import create_app
from lapor_web.extensions import db
from lapor_web.health import compare


def test_a_healthy_host_says_so(app):
    answer = app.test_client().get("/sehat")

    assert answer.status_code == 200
    assert answer.json == {
        "status": "ok",
        "database": "up",
        "migrations": "current",
        "worker": "absent",
    }


def test_a_schema_that_is_not_ours_is_not_served(app, empty_database):
    behind = create_app(app.config | {"SQLALCHEMY_DATABASE_URI": empty_database("behind")})

    answer = behind.test_client().get("/sehat")
    with behind.app_context():
        db.engine.dispose()

    assert answer.status_code == 503
    assert answer.json["migrations"] == "behind"


def test_without_a_database_it_asks_to_come_back(app):
    away = create_app(
        app.config | {"SQLALCHEMY_DATABASE_URI": "postgresql+psycopg:///x?host=/nowhere"}
    )

    answer = away.test_client().get("/sehat")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert answer.json["database"] == "down"


def test_a_newer_schema_goes_on_being_served(app, empty_database):
    """While a new version is brought out, the old one's hosts are not all taken from service."""
    newer = create_app(app.config | {"SQLALCHEMY_DATABASE_URI": empty_database("newer")})
    with newer.app_context():
        flask_migrate.upgrade()
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    answer = newer.test_client().get("/sehat")
    with newer.app_context():
        db.engine.dispose()

    assert (answer.status_code, answer.json["migrations"]) == (200, "ahead")
    assert compare("0001") == "behind"
    assert compare(None) == "behind"
