"""The migrations make exactly the models, and go down as well as up."""

import flask_migrate
from sqlalchemy import inspect

from lapor_web import create_app
from lapor_web.extensions import db


def test_the_models_are_what_the_migrations_make(app):
    with app.app_context():
        flask_migrate.check()


def test_down_to_nothing_and_up_again(app, empty_database):
    # A database of its own: the others' tests stand on the first one.
    url = empty_database("there_and_back")
    other = create_app(app.config | {"SQLALCHEMY_DATABASE_URI": url})
    with other.app_context():
        flask_migrate.upgrade()
        flask_migrate.downgrade(revision="base")
        left = inspect(db.engine).get_table_names()
        flask_migrate.upgrade()
        tables = inspect(db.engine).get_table_names()
        db.engine.dispose()

    assert left == ["alembic_version"]
    assert "report" in tables
