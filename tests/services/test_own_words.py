import enum

import pytest
from counted_city import CountedCity
from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql

from lapor_web.models import Report, Status
from lapor_web.services.own_words import write_out


def sent(statement):
    """What goes to the database: the statement, and the values beside it."""
    compiled = statement.compile(dialect=postgresql.dialect())
    return str(compiled), compiled.params


def test_our_words_are_written_and_what_others_say_stays_a_value():
    asked = select(Report.id).where(
        Report.status == Status.UNVERIFIED,
        Report.number == "unverified' OR true --",
        Report.holder_opd_id == bindparam("opd", 7),
    )

    statement, values = sent(write_out(asked))

    assert "report.status = 'unverified'" in statement
    assert "true --" not in statement
    assert values == {"number_1": "unverified' OR true --", "opd": 7}


def test_a_choice_of_our_words_is_written_and_a_choice_of_ids_is_not():
    asked = select(Report.id).where(
        Report.status.in_([Status.FORWARDED, Status.IN_PROCESS]), Report.id.in_([4, 5])
    )

    statement, values = sent(write_out(asked))

    assert "report.status IN ('forwarded', 'in_process')" in statement
    assert values == {"id_1": [4, 5]}


def test_the_statement_itself_is_left_as_it_was():
    asked = select(Report.id).where(Report.status == Status.UNVERIFIED)
    before = sent(asked)

    write_out(asked)

    assert sent(asked) == before


def test_a_word_that_could_end_its_quotes_is_refused():
    odd = enum.Enum("odd", {"WORD": "it's"})

    with pytest.raises(ValueError, match="no word"):
        write_out(select(Report.id).where(Report.number == bindparam("number", odd.WORD)))


def test_what_is_written_finds_the_same(db):
    city = CountedCity(db.session())
    waiting, forwarded = city.report(), city.report(Status.FORWARDED)
    open_ones = select(Report.id).where(Report.status.in_([Status.UNVERIFIED, Status.FORWARDED]))
    unverified = select(Report.id).where(Report.status == Status.UNVERIFIED)

    found = [set(city.session.scalars(write_out(asked))) for asked in (open_ones, unverified)]

    assert found == [{waiting, forwarded}, {waiting}]
