"""What everybody reads in the figures points at no hidden report, by no subtraction."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_city import SmallCity

from lapor_web.models import Outcome
from lapor_web.services import conversation, follow_up
from lapor_web.services.open_figures import FEWEST, NONE, Cells, open_recap, to_be_moved
from lapor_web.services.recap import Period, recap

few = st.integers(0, 12)
cells = st.builds(Cells, few, few, few)


def all_of(cells: Cells) -> list[int]:
    return [cells.finished, cells.in_process, cells.not_acted_on]


@given(st.dictionaries(st.none() | st.integers(1, 6), cells, max_size=7))
def test_no_subtraction_leaves_fewer_than_five(hidden):
    """Who counts the published reports knows of each line what of it is hidden; and of the city's
    line less all others, what stands in none."""
    moved = to_be_moved(hidden)
    together = sum((hidden[one] for one in moved), start=NONE)
    left_out = together.points_at_one
    known = [cells for one, cells in hidden.items() if one not in moved]
    known += [] if left_out else [together]

    for cell in (cell for one in known for cell in all_of(one)):
        assert cell == 0 or cell >= FEWEST
    # Only where the whole city has too few is anything left out.
    if left_out:
        assert moved == {one for one, cells in hidden.items() if cells.received}


@pytest.fixture
def city(db) -> SmallCity:
    return SmallCity(db.session())


def told(city):
    whole = recap(city.session, city.agency, Period.of_year(2026), now=city.now)
    return whole, open_recap(city.session, city.agency, whole)


def line_of(opened, name):
    return next(one for one in opened.lines if one.short_name == name)


def test_a_city_without_hidden_reports_is_told_whole(city):
    city.sent_to("WORKS")
    city.do("works", city.sent_to("WORKS"), follow_up.FollowUp(text="Kami cek."))
    whole, opened = told(city)

    assert opened.cells == Cells(0, 1, 1)
    assert line_of(opened, "Works").cells == Cells(0, 1, 1)
    assert line_of(opened, "Works").pace == whole.per_opd[0].figures.pace.mean
    assert opened.without_office == NONE


def test_one_hidden_report_is_in_no_figure(city):
    city.sent_to("WORKS")
    city.sent_to("WORKS", confidential=True)
    whole, opened = told(city)

    assert whole.figures.received == 2
    assert opened.cells == Cells(0, 0, 1)
    assert line_of(opened, "Works").cells == Cells(0, 0, 1)
    assert opened.without_office == NONE


def test_five_of_one_office_stand_with_it(city):
    for _ in range(5):
        city.sent_to("WORKS", confidential=True)
    whole, opened = told(city)

    assert line_of(opened, "Works").cells == Cells(0, 0, 5)
    assert opened.cells.received == whole.figures.received


def test_few_of_several_offices_stand_together_without_them(city):
    for _ in range(3):
        city.sent_to("WORKS", confidential=True)
        city.sent_to("ROADS", confidential=True)
    city.sent_to("ROADS")
    whole, opened = told(city)

    assert [one.short_name for one in opened.lines] == ["Roads"]
    assert line_of(opened, "Roads").cells == Cells(0, 0, 1)
    assert opened.without_office == Cells(0, 0, 6)
    assert opened.cells.received == whole.figures.received == 7


@pytest.mark.parametrize("flag", ["confidential", "about_conduct", "about_service"])
def test_every_way_of_being_hidden_counts_as_such(city, flag):
    report = city.send(**{flag: True})
    if flag != "about_service":
        city.verify(report, "AUDIT")
    _, opened = told(city)

    assert (opened.cells, opened.lines) == (NONE, [])


def test_pace_and_punctuality_are_of_what_is_counted(city):
    """What everybody can work out from the pages of the published reports, and nothing else."""
    slow, quick = city.sent_to("WORKS", confidential=True), city.sent_to("WORKS")
    city.wait(days=1)
    city.do("works", quick, follow_up.FollowUp(text="Kami cek."))
    before = told_alone(city, without=slow)
    city.wait(days=20)
    city.do("works", slow, follow_up.FollowUp(text="Kami cek."))
    whole, opened = told(city)

    assert whole.per_opd[0].figures.pace.mean > 1
    works = line_of(opened, "Works")
    assert (works.pace, works.on_time_percent) == (Decimal("1.0"), Decimal("100.00"))
    assert (opened.pace, opened.on_time_percent) == (Decimal("1.0"), Decimal("100.00"))
    assert before == (Decimal("1.0"), Decimal("100.00"))


def told_alone(city, without):
    """Of a year in which that report never was hidden nor there."""
    with city.session.begin_nested() as attempt:
        without.confidential = False
        without.received_on = dt.date(2025, 1, 1)
        for one in without.dispositions:
            one.received_on = without.received_on
        city.session.flush()
        whole, _ = told(city)
        attempt.rollback()
    city.session.expire_all()
    return whole.figures.pace.mean, whole.figures.on_time_percent


def test_counts_agree_with_the_recap_in_every_state(city):
    """Nothing is subtracted that was never counted: else a figure would be negative."""
    for _ in range(6):
        city.send(confidential=True)
        forwarded = city.sent_to("DISTRICT", confidential=True)
        city.do("district", city.sent_to("DISTRICT", confidential=True), follow_up.Return("Salah."))
        answered = city.sent_to("DISTRICT", confidential=True)
        city.do("district", answered, follow_up.FollowUp(text="Kami cek."))
        done = city.sent_to("DISTRICT", confidential=True)
        city.do("district", done, follow_up.Propose("Beres.", Outcome.EXPLAINED))
        city.do("reporter", done, conversation.Confirm())
        city.do("reporter", forwarded, conversation.Withdraw())
    whole, opened = told(city)

    assert opened.cells == Cells(6, 6, 6)
    assert opened.cells.received == whole.figures.received
    assert sum((one.cells for one in opened.lines), start=NONE) + opened.without_office == (
        opened.cells
    )
