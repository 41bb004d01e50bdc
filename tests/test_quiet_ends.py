"""How a transaction ends that nobody committed: what it prepared is kept, what it wrote is not."""

import pytest
from factories import make_agency
from sqlalchemy import select, text, update

from lapor_web import create_app
from lapor_web.errors import let_go
from lapor_web.extensions import db
from lapor_web.live import feed_of
from lapor_web.models import Agency
from lapor_web.no_transaction import begin_nothing
from lapor_web.quiet_ends import end_quietly


@pytest.fixture(autouse=True)
def agency(app, engine):
    with app.app_context():
        db.session.add(make_agency())
        db.session.commit()


PREPARED = text("SELECT count(*) FROM pg_prepared_statements")


def test_what_a_page_prepared_is_there_for_the_next(app, engine):
    client = app.test_client()
    for _ in range(8):  # the driver prepares what it was asked five times
        assert client.get("/laporan").status_code == 200
    with engine.connect() as same_one_of_the_pool:
        assert same_one_of_the_pool.scalar(PREPARED) > 0


@pytest.mark.parametrize("how", ["by a statement", "by an object", "by a flushed object"])
def test_what_was_written_and_not_committed_is_gone(app, engine, how):
    with app.test_request_context("/"):
        agency = db.session.scalars(select(Agency)).one()
        known = agency.name
        if how == "by a statement":
            db.session.execute(update(Agency).values(name="Kota Lain"))
        else:
            agency.name = "Kota Lain"
        if how == "by a flushed object":
            db.session.flush()
        end_quietly()
    with app.test_request_context("/"):
        assert db.session.scalars(select(Agency.name)).one() == known


def test_after_what_was_committed_one_reads_on(app, engine):
    with app.test_request_context("/"):
        db.session.execute(update(Agency).values(name=Agency.name))
        db.session.commit()
        db.session.scalars(select(Agency)).one()
        end_quietly()
        assert not db.session().in_transaction()


def test_who_was_read_is_known_afterwards(app, engine):
    """A stream goes on when its request is over, and its pages name who is signed in."""
    with app.test_request_context("/"):
        agency = db.session.scalars(select(Agency)).one()
        end_quietly()
        db.session.remove()
        assert agency.name


def test_a_page_that_finds_no_database_says_so_and_when_to_come_back(tmp_path):
    """Its answer is made; to end the transaction by a new connection would make it a 500."""
    nowhere = create_app(
        {
            "SECRET_KEY": "only-for-tests-" * 4,
            "SQLALCHEMY_DATABASE_URI": "postgresql+psycopg://lapor@/lapor?host=/nowhere",
            "LAPOR_STORAGE": str(tmp_path),
        }
    )
    answer = nowhere.test_client().get("/laporan")
    feed_of(nowhere).end()  # it would look for its database as long as the tests run
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_a_connection_that_breaks_after_the_last_question_costs_no_answer(app, engine):
    with app.test_request_context("/"):
        pid = db.session.scalar(text("SELECT pg_backend_pid()"))
        with engine.connect() as another:
            another.scalar(text(f"SELECT pg_terminate_backend({pid}, 5000)"))
        end_quietly()
        let_go(None)
        assert engine.pool.checkedout() == 0
    with app.test_request_context("/"):
        assert db.session.scalars(select(Agency.name)).one()


def test_one_that_breaks_after_what_was_asked_alone_costs_none_either(app, engine):
    """Nobody has told the driver yet; whoever asks through it next is told to come again, once."""
    with app.test_request_context("/kotak-masuk"):
        begin_nothing()
        pid = db.session.scalar(text("SELECT pg_backend_pid()"))
        with engine.connect() as another:
            another.scalar(text(f"SELECT pg_terminate_backend({pid}, 5000)"))
        let_go(None)
        assert engine.pool.checkedout() == 0
    answers = [app.test_client().get("/laporan") for _ in range(2)]
    assert answers[-1].status_code == 200
