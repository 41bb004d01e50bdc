"""`lapor recap` and `lapor recount` as they speak."""

import argparse
import json

import pytest
from counted_city import CountedCity
from sqlalchemy import text

from lapor_web.commands import CommandRefused, recap, recount
from lapor_web.models import Status


@pytest.fixture
def city(db) -> CountedCity:
    city = CountedCity(db.session())
    for status, many in ((Status.FINISHED, 49), (Status.IN_PROCESS, 33), (Status.FORWARDED, 10)):
        for _ in range(many):
            city.report(status, pace_days=26 if status is not Status.FORWARDED else None)
    city.report(Status.ON_HOLD)
    return city


def run(app, command, *typed: str) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    command.run(app, parser.parse_args(typed))


def test_the_year_as_json(app, city, capsys):
    run(app, recap, "--year", "2022", "--json")
    found = json.loads(capsys.readouterr().out)

    assert (found["entered"], found["received"], found["outside"]["on_hold"]) == (93, 92, 1)
    assert (found["finished_percent"], found["acted_on_percent"]) == (53.26, 89.13)
    assert found["pace_working_days"] == {"mean": 26, "median": 26, "n": 82}
    assert (found["year"], found["on_time_percent"]) == (2022, None)


def test_days_as_json_have_no_year(app, city, capsys):
    run(app, recap, "--from", "2022-03-07", "--to", "2022-03-07", "--json")
    found = json.loads(capsys.readouterr().out)

    assert (found["year"], found["from"], found["to"]) == (None, "2022-03-07", "2022-03-07")
    assert found["received"] == 92


def test_the_table_follows_the_letter_and_says_how_it_counts(app, city, capsys):
    run(app, recap, "--year", "2022")
    lines = capsys.readouterr().out.splitlines()
    letter = [" ".join(line.split()) for line in lines if line.strip()][3:10]

    assert letter == [
        "2022 2021",
        "Diterima 92 0",
        "Selesai 49 0",
        "Masih dalam proses 33 0",
        "Belum ditindaklanjuti 10 0",
        "Penyelesaian 53,26% –",
        "Laju tindak lanjut (hari kerja) 26,0 –",
    ]
    assert any(line.startswith("WORKS") for line in lines)
    assert any(line.startswith("Diterima = selesai + proses") for line in lines)


@pytest.mark.parametrize(
    "typed",
    [
        ["--from", "2022-01-01"],
        ["--from", "2022-02-01", "--to", "2022-01-01"],
        ["--from", "1 Januari", "--to", "2022-01-01"],
        ["--year", "2022", "--from", "2022-01-01", "--to", "2022-02-01"],
        ["--year", "99999"],
        ["--year", "0"],
    ],
)
def test_what_is_no_period_is_refused_with_a_sentence(app, city, typed):
    with pytest.raises(CommandRefused, match=r"\.$"):
        run(app, recap, *typed)


def test_a_recount_proves_the_counters_equal(app, city, capsys):
    run(app, recount)

    assert "sama dengan hitungan ulang" in capsys.readouterr().out


def test_a_difference_is_named_and_put_right(app, city, db, capsys):
    run(app, recount)
    db.session.execute(text("UPDATE queue_count SET count = count + 1 WHERE status = 'finished'"))
    with pytest.raises(CommandRefused, match="--repair"):
        run(app, recount)
    assert "queue_count [" in capsys.readouterr().out

    run(app, recount, "--repair")
    run(app, recount)

    assert "sama dengan hitungan ulang" in capsys.readouterr().out
