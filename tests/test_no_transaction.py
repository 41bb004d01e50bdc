"""A marked view asks without a transaction, an unmarked one and a POST within one."""

import pytest
from sqlalchemy import Integer, cast, func, select
from sqlalchemy.exc import DataError, OperationalError

from lapor_web.extensions import db
from lapor_web.models import Agency
from lapor_web.no_transaction import begin_nothing
from lapor_web.public import submit
from lapor_web.services.submission import KeyUsedForAnotherText

LIST = "/kotak-masuk"


def asks_alone() -> bool:
    """Whether each statement is its own transaction."""
    return db.session.connection().connection.driver_connection.autocommit


@pytest.mark.parametrize(
    ("method", "path", "alone"),
    [
        ("GET", LIST, True),
        ("HEAD", LIST, True),
        ("GET", "/lacak/LPR-1", True),
        ("GET", "/lacak", False),
        ("POST", f"{LIST}/massal", False),
        ("GET", "/tidak-ada", False),
    ],
)
def test_the_mark_decides(app, engine, method, path, alone):
    with app.test_request_context(path, method=method):
        begin_nothing()
        assert asks_alone() is alone


def test_the_next_request_has_a_transaction_again(app, engine):
    """The connection goes back to the pool as it came."""
    with app.test_request_context(LIST):
        begin_nothing()
        db.session.connection()
    with app.test_request_context("/lacak"):
        assert not asks_alone()


def test_objects_and_columns_are_asked_for_by_one_connection_which_is_given_back(app, engine):
    ask_for_pid = select(func.pg_backend_pid())
    with app.test_request_context(LIST):
        begin_nothing()
        by_columns = db.session.connection().scalar(ask_for_pid)
        by_objects = db.session.scalar(ask_for_pid)
        db.session.execute(select(Agency)).all()
        db.session.commit()
        later = db.session.scalar(ask_for_pid)
        assert asks_alone()
        assert by_columns == by_objects == later
        assert engine.pool.checkedout() == 1
    assert engine.pool.checkedout() == 0


def test_what_fails_alone_takes_nothing_else_with_it(app, engine):
    with app.test_request_context(LIST):
        begin_nothing()
        with pytest.raises(DataError):
            db.session.execute(select(1 / cast(0, Integer)))
        assert db.session.scalar(select(1)) == 1
    assert engine.pool.checkedout() == 0


def test_after_its_connection_died_it_asks_within_a_transaction(app, engine):
    with app.test_request_context(LIST):
        begin_nothing()
        pid = db.session.scalar(select(func.pg_backend_pid()))
        with engine.connect() as another:
            another.scalar(select(func.pg_terminate_backend(pid, 5000)))
        with pytest.raises(OperationalError):
            db.session.scalar(select(1))
        db.session.rollback()
        assert db.session.scalar(select(1)) == 1
        assert (db.session().asks_alone, asks_alone()) == (False, False)
    assert engine.pool.checkedout() == 0


@pytest.mark.parametrize(
    ("ticked", "alone"), [({}, True), ({"about_service": "y"}, False), ({"ikut": "LPR-1"}, False)]
)
def test_a_report_that_a_deed_follows_keeps_its_transaction(
    app, engine, monkeypatch, ticked, alone
):
    seen = []

    def stop(*_, **__):
        seen.append(asks_alone())
        raise KeyUsedForAnotherText

    monkeypatch.setattr(submit, "submit", stop)
    monkeypatch.setattr(submit, "show_check", lambda *_, **__: "")
    monkeypatch.setattr(submit.city, "current_agency", lambda: None)
    monkeypatch.setattr(submit.floods, "is_doubtful", lambda _form: False)
    typed = {"key": "k" * 22, "story": "Lampu jalan mati sejak Senin.", "place": "Jalan Mawar"}
    with app.test_request_context("/lapor/kirim", method="POST", data=typed | ticked):
        submit.send()
    assert seen == [alone]
