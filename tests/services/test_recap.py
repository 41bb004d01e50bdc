"""The figures to the last digit, and unknown as unknown."""

import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest
from counted_city import AN_INSTANT, DAY, CountedCity

from lapor_web.models import CalendarVersion, Channel, EndReason, FinishMode, Holiday, Status
from lapor_web.models.calendar import HolidayKind
from lapor_web.services.figure_rows import by_month, by_trait
from lapor_web.services.figures import fold
from lapor_web.services.periods import Period
from lapor_web.services.recap import Recap, Spread, percent, recap

YEAR = Period.of_year(2022)
NOW = dt.datetime(2022, 3, 16, 20, 0, tzinfo=dt.UTC)
"""Already Thursday the 17th in WITA."""


@pytest.fixture
def city(db) -> CountedCity:
    return CountedCity(db.session())


def recap_of(city: CountedCity, period: Period = YEAR) -> Recap:
    return recap(city.session, city.agency, period, now=NOW)


def test_the_letter_of_2022(city):
    """92 = 49 + 33 + 10, 53,26 %, 89,13 %, and 26,1 working days in the mean."""
    paces = [26] * 81 + [34]
    for number, pace in enumerate(paces):
        status = Status.FINISHED if number < 49 else Status.IN_PROCESS
        city.report(status, pace_days=pace, received_on=DAY + dt.timedelta(number))
    for _ in range(10):
        city.report(Status.FORWARDED)
    fold(city.session)

    figures = recap_of(city).figures

    assert (figures.received, figures.finished, figures.in_process, figures.not_acted_on) == (
        *(92, 49, 33, 10),
    )
    assert figures.finished_percent == Decimal("53.26")
    assert figures.acted_on_percent == Decimal("89.13")
    assert figures.pace == Spread(Decimal("26.1"), Decimal(26), 82)


def test_of_an_import_only_what_the_export_tells_is_known(city):
    for number in range(175):
        modes = (FinishMode.AUTOMATIC, FinishMode.CONFIRMED, FinishMode.BY_ADMIN)
        report_id = city.report(
            Status.FINISHED,
            imported=True,
            finish_mode=modes[number % 3],
            disposed_at=AN_INSTANT,
            holder_opd_id=city.works.id,
        )
        city.disposition(report_id, city.works.id, started_sequence=1)
    for number in range(47):
        city.report(Status.ARCHIVED, imported=True, disposed_at=AN_INSTANT if number < 21 else None)
    for _ in range(18):
        city.report(Status.ON_HOLD, imported=True)

    found = recap_of(city)
    figures = found.figures

    assert (figures.entered, figures.received, figures.disposed) == (240, 175, 196)
    assert figures.finished_percent == Decimal("100.00")
    assert figures.pace == figures.completion == Spread(None, None, 0)
    assert figures.on_time_percent is None
    assert figures.quality.automatic_percent == Decimal("33.71")
    unknown = ("returned_percent", "reopened_percent", "evidence_percent")
    for line in (figures, found.per_opd[0].figures):
        assert [getattr(line.quality, name) for name in unknown] == [None, None, None]
    assert [(line.code, line.figures.entered) for line in found.per_opd] == [
        ("WORKS", 175),
        (None, 65),
    ]


def test_a_city_without_reports_has_no_percentages(city):
    json = recap_of(city).to_json()

    assert (json["received"], json["finished_percent"], json["acted_on_percent"]) == (0, None, None)
    assert json["pace_working_days"] == {"mean": None, "median": None, "n": 0}
    assert [line["code"] for line in json["per_opd"]] == [None]


def test_the_json_has_the_keys_that_were_promised_in_their_order(city):
    city.report(Status.FINISHED, pace_days=3)
    json = recap_of(city).to_json()
    promised = [
        *("year", "from", "to", "computed_at", "entered", "received", "finished", "in_process"),
        *("not_acted_on", "outside", "finished_percent", "acted_on_percent", "pace_working_days"),
        *("pace_including_open", "on_time_percent", "completion_working_days", "quality"),
        "per_opd",
    ]

    assert [key for key in json if key in promised] == promised
    assert (json["year"], json["from"], json["to"]) == (2022, "2022-01-01", "2022-12-31")
    assert recap_of(city, Period(DAY, DAY)).to_json()["year"] is None
    of_line = [key for key in promised[4:] if key != "per_opd"]
    for line in json["per_opd"]:
        assert [key for key in line if key in of_line] == of_line
    assert list(json["outside"]) == [
        *("unverified", "on_hold", "archived", "outside_authority", "merged"),
    ]


def test_halves_are_rounded_up():
    assert percent(1, 800) == Decimal("0.13")
    assert percent(0, 0) is None
    assert Spread.of(Counter({1: 3, 2: 1})).mean == Decimal("1.3")


@pytest.mark.parametrize(
    ("values", "median"),
    [({5: 1}, "5"), ({1: 1, 2: 1}, "1.5"), ({1: 2, 9: 1}, "1"), ({1: 2, 4: 2}, "2.5")],
)
def test_the_median_is_the_middle_one_or_between_the_two(values, median):
    assert Spread.of(Counter(values)).median == Decimal(median)


def test_returning_improves_no_figure(city):
    report_id = city.report(Status.FORWARDED, waiting_from=DAY)
    before = recap_of(city).figures
    city.change(
        report_id,
        Status.UNVERIFIED,
        returned=True,
        holder_opd_id=None,
        return_count=1,
        disposed_at=AN_INSTANT,
    )
    found = recap_of(city)

    assert (found.figures.received, found.figures.not_acted_on) == (1, 1)
    assert found.figures.waiting == before.waiting == 1
    assert found.per_opd[-1].figures.not_acted_on == 1
    assert found.figures.quality.returned_percent == Decimal(100)


def test_who_still_waits_is_as_old_as_today(city):
    """In WITA, and without the days off."""
    calendar = CalendarVersion(agency_id=city.agency.id, note="")
    calendar.holidays = [Holiday(date=dt.date(2022, 3, 8), name="Libur", kind=HolidayKind.NATIONAL)]
    city.session.add(calendar)
    city.session.flush()
    city.report(Status.FINISHED, pace_days=2)
    city.report(Status.FORWARDED, waiting_from=DAY, follow_up_due_on=dt.date(2022, 3, 16))
    city.report(Status.FORWARDED, waiting_from=DAY, follow_up_due_on=dt.date(2022, 3, 17))
    city.report(Status.FORWARDED, first_follow_up_at=AN_INSTANT, waiting_from=DAY)

    figures = recap_of(city).figures

    # Monday the 7th to Thursday the 17th: 8 working days, one of them off.
    assert figures.pace_including_open == Spread(Decimal("5.3"), Decimal(7), 3)
    assert figures.pace.n == 1
    assert (figures.in_time, figures.late, figures.waiting) == (0, 1, 2)


def test_in_time_is_within_the_limit_that_held(city):
    for pace, limit in ((5, 5), (6, 5), (6, 7), (3, None)):
        city.report(Status.FINISHED, pace_days=pace, follow_up_limit=limit)
    figures = recap_of(city).figures

    assert (figures.in_time, figures.late) == (2, 1)
    assert figures.on_time_percent == Decimal("66.67")


def test_counts_go_by_who_holds_it_now_and_paces_by_each_ones_own(city):
    report_id = city.report(
        Status.FINISHED, holder_opd_id=city.clinic.id, pace_days=9, completion_days=12, rating=4
    )
    city.disposition(report_id, city.works.id, pace_days=8, end_reason=EndReason.REASSIGNED)
    city.disposition(report_id, city.clinic.id, pace_days=1)

    found = recap_of(city)
    lines = {line.code: line.figures for line in found.per_opd}

    assert set(lines) == {"WORKS", "HEALTH", None}
    assert (lines["WORKS"].entered, lines["WORKS"].pace.mean) == (0, Decimal(8))
    assert (lines["HEALTH"].finished, lines["HEALTH"].pace.mean) == (1, Decimal(1))
    assert lines["HEALTH"].completion.mean == found.figures.completion.mean == Decimal(12)
    assert lines["HEALTH"].quality.rating.mean == Decimal(4)
    assert found.figures.pace.mean == Decimal(9)


def test_quality_is_of_what_was_finished_here(city):
    city.report(Status.FINISHED, has_evidence=True, finish_mode=FinishMode.AUTOMATIC)
    city.report(Status.FINISHED, reopened_count=1)
    city.report(Status.IN_PROCESS, reopened_count=1, has_evidence=True)
    quality = recap_of(city).figures.quality

    assert (quality.evidence_percent, quality.automatic_percent) == (Decimal(50), Decimal(50))
    assert quality.reopened_percent == Decimal("66.67")


def test_only_the_days_of_the_period_count(city):
    for day in (
        dt.date(2022, 1, 31),
        dt.date(2022, 2, 1),
        dt.date(2022, 3, 20),
        dt.date(2022, 3, 21),
    ):
        city.report(Status.FINISHED, received_on=day, completion_days=day.day, rating=day.month)
    fold(city.session)
    period = Period(dt.date(2022, 2, 1), dt.date(2022, 3, 20))
    found = recap_of(city, period).figures

    assert (found.entered, found.completion.n, found.completion.mean) == (2, 2, Decimal("10.5"))
    assert found.quality.rating.mean == Decimal("2.5")


# the tables beside it


def test_by_trait_and_by_month(city):
    city.report(Status.FINISHED, channel=Channel.PHONE)
    city.report(Status.FORWARDED, channel=Channel.WEB, received_on=dt.date(2022, 5, 2))
    city.report(Status.ON_HOLD, channel=Channel.WEB)

    channels = by_trait(city.session, city.agency, YEAR, "channel")
    first_days = [month.start for month in YEAR.months()]
    months = by_month(city.session, city.agency, first_days)

    assert {key: (one["entered"], one["finished"]) for key, one in channels.items()} == {
        "phone": (1, 1),
        "web": (2, 0),
    }
    assert [one.counts["entered"] for one in months.values()] == [
        0,
        0,
        2,
        0,
        1,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
    ]
    assert by_trait(city.session, city.agency, YEAR, "category").keys() == {None}
