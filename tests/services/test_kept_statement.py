"""Each is asked more than once: the first time SQLAlchemy asks, and the words are kept from then on."""

import datetime as dt

import pytest
from counted_city import CountedCity
from sqlalchemy import Integer, LargeBinary, String, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DataError

from lapor_web.models import Report, Status
from lapor_web.services.kept_statement import KeptStatement


def test_each_time_it_is_asked_with_the_values_of_that_time(db):
    kept = KeptStatement(select(cast(bindparam("one"), Integer), cast(bindparam("two"), String)))
    told = [(1, "a"), (2, "b'%s"), (3, None)]

    asked = [kept.ask(db.session(), {"one": n, "two": word}) for n, word in told]

    assert asked == [[one] for one in told]


def test_what_it_brings_itself_stays_and_a_list_is_spread_out(db):
    city = CountedCity(db.session())
    waiting, forwarded = city.report(), city.report(Status.FORWARDED)
    city.report(Status.FORWARDED)
    kept = KeptStatement(
        select(Report.id, Report.status)
        .where(Report.id.in_([waiting, forwarded]), Report.status == bindparam("status"))
        .order_by(Report.id)
    )
    asked = (Status.FORWARDED, Status.UNVERIFIED, Status.FORWARDED)

    found = [kept.ask(db.session(), {"status": one}) for one in asked]

    assert found == [
        [(forwarded, "forwarded")],
        [(waiting, "unverified")],
        [(forwarded, "forwarded")],
    ]


def test_a_sign_of_the_drivers_and_what_is_no_text_go_through(db):
    kept = KeptStatement(
        select(
            literal_column("'100% :sure %s'"),
            cast(bindparam("told", type_=JSONB), JSONB),
            bindparam("at", type_=Report.received_at.type),
            cast(bindparam("sealed", type_=LargeBinary), LargeBinary),
        )
    )
    given = [
        {"told": {"n": [n]}, "at": dt.datetime(2026, 3, n, tzinfo=dt.UTC), "sealed": bytes([0, n])}
        for n in (1, 2, 3)
    ]

    found = [kept.ask(db.session(), values) for values in given]

    assert found == [[("100% :sure %s", *values.values())] for values in given]


@pytest.mark.parametrize("before", [[], [4]], ids=["first", "later"])
def test_what_goes_wrong_is_told_in_sqlalchemys_words(db, before):
    """By which a page that loses its database becomes a 503, and the pool lets a dead connection go."""
    kept = KeptStatement(select(func.sqrt(bindparam("number", type_=Integer))))
    for number in before:
        kept.ask(db.session(), {"number": number})

    with pytest.raises(DataError), db.session.begin_nested():
        kept.ask(db.session(), {"number": -1})

    assert kept.ask(db.session(), {"number": 9}) == [(3,)]
