import datetime as dt

import pytest
from counted_city import CountedCity
from sqlalchemy import Integer, String, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DataError

from lapor_web.models import Report, Status
from lapor_web.services.kept_statement import KeptStatement


def test_each_time_it_is_asked_with_the_values_of_that_time(db):
    kept = KeptStatement(select(cast(bindparam("one"), Integer), cast(bindparam("two"), String)))

    asked = [kept.ask(db.session(), {"one": n, "two": word}) for n, word in ((1, "a"), (2, "b'%s"))]

    assert asked == [[(1, "a")], [(2, "b'%s")]]


def test_what_it_brings_itself_stays_and_a_list_is_spread_out(db):
    city = CountedCity(db.session())
    waiting, forwarded = city.report(), city.report(Status.FORWARDED)
    city.report(Status.FORWARDED)
    kept = KeptStatement(
        select(Report.id, Report.status)
        .where(Report.id.in_([waiting, forwarded]), Report.status == bindparam("status"))
        .order_by(Report.id)
    )

    found = [
        kept.ask(db.session(), {"status": one}) for one in (Status.FORWARDED, Status.UNVERIFIED)
    ]

    assert found == [[(forwarded, "forwarded")], [(waiting, "unverified")]]


def test_a_sign_of_the_drivers_and_what_is_no_text_go_through(db):
    at = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
    kept = KeptStatement(
        select(
            literal_column("'100% :sure %s'"),
            cast(bindparam("told", type_=JSONB), JSONB),
            bindparam("at", type_=Report.received_at.type),
        )
    )

    ((words, told, when),) = kept.ask(db.session(), {"told": {"a": [1]}, "at": at})

    assert (words, told, when) == ("100% :sure %s", {"a": [1]}, at)


def test_what_goes_wrong_is_told_in_sqlalchemys_words(db):
    """By which a page that loses its database becomes a 503, and the pool lets a dead connection go."""
    kept = KeptStatement(select(func.sqrt(bindparam("number", type_=Integer))))

    with pytest.raises(DataError):
        kept.ask(db.session(), {"number": -1})
