"""What a reporter's page reads in one question is what the session would have loaded."""

import pytest
from small_city import SmallCity
from sqlalchemy import inspect, select
from sqlalchemy.orm.exc import DetachedInstanceError

from lapor_web.models import (
    Action,
    Area,
    AreaKind,
    FinishMode,
    HistoryEntry,
    Outcome,
    Report,
    Status,
)
from lapor_web.services.approval import Approve
from lapor_web.services.conversation import Confirm
from lapor_web.services.follow_up import FollowUp, Note, Propose
from lapor_web.services.history_rows import HistoryRow
from lapor_web.services.own_report import find_with_beside, read_beside

TIMES = 2
"""The second time it is asked by words that the first one found."""


@pytest.fixture
def city(db) -> SmallCity:
    return SmallCity(db.session())


def find(city: SmallCity, report: Report):
    """As a browser's next request finds it."""
    city.session.flush()
    agency, number = city.agency, report.number
    city.session.expunge_all()
    return find_with_beside(city.session, agency, number)


def a_life(city: SmallCity) -> Report:
    report = city.sent_to("WORKS")
    city.do("works", report, FollowUp("Kami datang besok, 'pukul 8': \\ 100 %."))
    city.do("works", report, Note("Alat di gudang"))
    return report


def a_whole_life(city: SmallCity) -> Report:
    report = a_life(city)
    city.do("works", report, Propose("Sudah dijelaskan.", Outcome.EXPLAINED))
    city.do("works-boss", report, Approve())
    city.do("reporter", report, Confirm())
    city.session.add(area := Area(code="KP", name="Kota Pasar", kind=AreaKind.KECAMATAN))
    area.agency_id = report.agency_id
    city.session.flush()
    report.area_id = area.id
    return report


@pytest.mark.parametrize(
    "make", [SmallCity.send, a_life, a_whole_life], ids=["new", "with an office", "finished"]
)
def test_it_has_the_columns_that_the_session_would_load(city, make):
    report = make(city)

    for _ in range(TIMES):
        found, _ = find(city, report)
        unloaded = inspect(found).unloaded
        read = {
            column.key: getattr(found, column.key)
            for column in Report.__table__.columns
            if column.key not in unloaded
        }
        assert len(read) > 30
        assert (inspect(found).persistent, city.session.is_modified(found)) == (True, False)
        city.session.refresh(found)
        assert read == {name: getattr(found, name) for name in read}
        assert isinstance(read["status"], Status)
        assert isinstance(read["finish_mode"], FinishMode | None)
        assert isinstance(read["outcome"], Outcome | None)


def test_its_area_is_named(city):
    report = a_whole_life(city)

    for _ in range(TIMES):
        found, _ = find(city, report)
        assert found.area.name == "Kota Pasar"


def test_its_office_is_named_and_nothing_else_of_it(city):
    report = a_life(city)

    for _ in range(TIMES):
        found, _ = find(city, report)
        assert (found.holder.short_name, found.area) == ("Works", None)
        with pytest.raises(DetachedInstanceError):
            found.holder.kind  # noqa: B018


def test_what_is_asked_beyond_that_is_fetched(city):
    report = a_life(city)
    kept = report.finish_limit

    found, _ = find(city, report)

    assert (found.finish_limit, found.parent, len(found.dispositions)) == (kept, None, 1)


def test_its_history_is_the_whole_of_it_in_order(city):
    report = a_life(city)

    for _ in range(TIMES):
        found, beside = find(city, report)
        entries = city.session.scalars(
            select(HistoryEntry)
            .where(HistoryEntry.report_id == found.id)
            .order_by(HistoryEntry.sequence)
        )
        told = [HistoryRow(*(getattr(one, name) for name in HistoryRow._fields)) for one in entries]
        assert [one.action for one in told][-2:] == [Action.FOLLOW_UP, Action.NOTE]
        assert beside.history == told
        assert read_beside(city.session, found) == beside


def test_one_that_the_session_holds_already_stays_what_it_is(city):
    report = a_life(city)
    city.session.flush()
    with city.session.no_autoflush:
        report.story = "Lampunya dua."

        found, _ = find_with_beside(city.session, city.agency, report.number)

        assert found is report
        assert found.story == "Lampunya dua."
    assert found.holder is city.opds["WORKS"]


@pytest.mark.parametrize("number", ["KTA-1", "", "KTA-260001-9", "KTA-269999-0"])
def test_a_number_of_no_report_finds_none(city, number):
    city.send()

    assert find_with_beside(city.session, city.agency, number) is None
