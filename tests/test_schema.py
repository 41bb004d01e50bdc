"""Promise 21, the quick part: a migration that has to wait lets the readers pass."""

import flask_migrate
import pytest
from sqlalchemy import text

from lapor_web import create_app, schema
from lapor_web.extensions import db
from lapor_web.schema import SchemaInUse, bring_to_head


@pytest.fixture
def behind(app, empty_database, request):
    """A step behind the newest schema that changes the table of reports."""
    name = f"behind_{abs(hash(request.node.name)) % 10**6}"
    behind = create_app(app.config | {"SQLALCHEMY_DATABASE_URI": empty_database(name)})
    with behind.app_context():
        flask_migrate.upgrade(revision="0004")
        yield behind
        db.session.remove()
        db.engine.dispose()


def test_it_gives_way_and_comes_again(behind, monkeypatch):
    """The table is held by somebody who reads for long; how long others wait measures `faults.migrated`."""
    told: list[str] = []
    reader = db.engine.connect()
    reader.execute(text("SELECT count(*) FROM report"))

    def stop_reading(sentence: str) -> None:
        told.append(sentence)
        reader.close()

    monkeypatch.setattr(schema, "SECONDS_BETWEEN_TRIES", 0)
    bring_to_head(stop_reading)

    assert len(told) == 1
    assert db.session.scalar(text("SELECT version_num FROM alembic_version")) > "0004"
    assert db.session.scalar(text("SHOW lock_timeout")) == "0"


def test_in_the_end_it_says_what_to_do(behind, monkeypatch):
    monkeypatch.setattr(schema, "SECONDS_BETWEEN_TRIES", 0)
    monkeypatch.setattr(schema, "TRIES", 1)
    with db.engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM report"))
        with pytest.raises(SchemaInUse, match="lapor migrate"):
            bring_to_head(lambda _: None)
