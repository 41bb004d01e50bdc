"""The kept counters are what a count of the rows would say: at every read, whatever happens."""

import datetime as dt
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from counted_city import DAY, CountedCity
from hypothesis import HealthCheck, given, settings
from random_reports import Happening, events
from sqlalchemy import case, func, select, text, update
from sqlalchemy.orm import Session

from lapor_web.models import Classification, Report, Status
from lapor_web.services.figures import Due, figures_stamp, fold, inbox_cells, recount

TODAY = dt.date(2022, 3, 10)
FOLDED_EVERY = 512


@pytest.fixture
def city(db) -> CountedCity:
    return CountedCity(db.session())


def changes(session: Session) -> int:
    return session.scalar(text("SELECT count(*) FROM report_change")) or 0


@given(events)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_happens_a_recount_finds_the_same(db, happened):
    undo = db.session.begin_nested()
    city = CountedCity(db.session())
    happening = Happening(city)
    for event in happened:
        happening.happen(*event)

    result = recount(db.session())
    counted_by_cell = sum(
        cell.count for cell in inbox_cells(db.session(), city.agency.id, today=TODAY)
    )
    reports = db.session.scalar(select(func.count()).select_from(Report))

    assert result.differences == []
    assert counted_by_cell == reports
    undo.rollback()
    db.session.expunge_all()


def test_a_change_that_no_figure_knows_costs_nothing(city):
    report_id = city.report()
    before = changes(city.session)
    city.session.execute(update(Report).where(Report.id == report_id).values(place="Jalan Melati"))

    assert changes(city.session) == before


def test_folding_leaves_no_cell_of_nothing_behind(city):
    report_id = city.report(due_on=TODAY)
    fold(city.session)
    city.change(report_id, Status.ARCHIVED, due_on=None)
    fold(city.session)

    assert changes(city.session) == 0
    assert city.session.scalar(text("SELECT count(*) FROM queue_count WHERE count = 0")) == 0
    assert city.session.scalar(text("SELECT count(*) FROM queue_count")) == 2
    assert city.session.scalar(text("SELECT min(entered) FROM figure_count")) == 1


def test_writers_fold_by_themselves(city):
    for _ in range(FOLDED_EVERY + 1):
        city.report()

    assert changes(city.session) < FOLDED_EVERY
    assert recount(city.session).differences == []


# the inbox


def test_cells_tell_where_each_deadline_stands(city):
    for due_on in (DAY, TODAY, TODAY + dt.timedelta(1), TODAY + dt.timedelta(2), None):
        city.report(Status.IN_PROCESS, due_on=due_on)

    cells = inbox_cells(city.session, city.agency.id, today=TODAY)

    assert {cell.due: cell.count for cell in cells} == {
        Due.OVERDUE: 1,
        Due.TODAY: 1,
        Due.LATER: 2,
        None: 1,
    }


def test_cells_tell_apart_what_scopes_ask_for(city):
    city.report(Status.FORWARDED, classification=Classification.SUPERVISORY)
    city.report(Status.FORWARDED, confidential=True, accused_opd_id=city.health.id)
    fold(city.session)
    city.report(Status.FORWARDED, about_conduct=True, about_service=True)
    city.report(Status.UNVERIFIED, returned=True)

    cells = inbox_cells(city.session, city.agency.id, today=TODAY)

    assert [sum(cell.count for cell in cells if asked(cell)) for asked in SCOPES] == [1, 1, 1, 1, 1]


SCOPES = (
    lambda cell: cell.supervisory,
    lambda cell: cell.confidential and cell.accused_opd_id is not None,
    lambda cell: cell.about_conduct,
    lambda cell: cell.about_service,
    lambda cell: cell.returned and cell.status is Status.UNVERIFIED,
)


@given(events)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_cells_of_offices_hold_what_they_hold(db, happened):
    undo = db.session.begin_nested()
    city = CountedCity(db.session())
    happening = Happening(city)
    for event in happened:
        happening.happen(*event)
    some = [city.works.id, city.clinic.id]

    counted = Counter()
    for cell in inbox_cells(db.session(), city.agency.id, today=TODAY, holders=some):
        counted[cell.holder_opd_id, cell.status, cell.due] += cell.count

    assert counted == rows_by_deadline(db.session(), some)
    undo.rollback()
    db.session.expunge_all()


def rows_by_deadline(session: Session, holders: list[int]) -> Counter:
    due = case(
        (Report.due_on < TODAY, "overdue"),
        (Report.due_on == TODAY, "today"),
        (Report.due_on > TODAY, "later"),
    )
    rows = session.execute(
        select(Report.holder_opd_id, Report.status, due).where(Report.holder_opd_id.in_(holders))
    )
    return Counter((holder, status, stands and Due(stands)) for holder, status, stands in rows)


# the stamp


def test_the_stamp_holds_until_something_is_written(city):
    report_id = city.report()
    before = figures_stamp(city.session)
    assert figures_stamp(city.session) == before

    city.change(report_id, Status.ON_HOLD)
    after_change = figures_stamp(city.session)
    fold(city.session)
    after_fold = figures_stamp(city.session)
    with city.session.begin_nested():  # as another transaction would
        city.works.name = "Dinas lain"

    stamps = {before, after_change, after_fold, figures_stamp(city.session)}
    assert len(stamps) == 4


# proof and repair


def test_a_counter_that_is_wrong_is_found_and_put_right(city):
    city.report(Status.IN_PROCESS, rating=4)
    fold(city.session)
    city.session.execute(
        text("UPDATE figure_count SET finished = finished + 1 WHERE span = 'year'")
    )
    city.session.execute(text("DELETE FROM queue_count WHERE by_holder"))
    city.session.execute(text("UPDATE figure_value SET value = 5 WHERE measure = 'rating'"))
    before = figures_stamp(city.session)

    found = recount(city.session, repair=True)
    after = recount(city.session)

    assert {one.tally for one in found.differences} == {
        "figure_count",
        "queue_count",
        "figure_value",
    }
    assert (after.differences, after.cells > 0) == ([], True)
    assert figures_stamp(city.session) != before


def test_rows_that_came_with_the_triggers_off_are_counted_by_a_repair(city):
    city.session.execute(text("ALTER TABLE report DISABLE TRIGGER USER"))
    city.report(Status.FINISHED)
    city.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    city.session.execute(text("ALTER TABLE report ENABLE TRIGGER USER"))

    assert recount(city.session, repair=True).differences != []
    assert recount(city.session).differences == []


# real connections


def test_folding_among_writers_loses_nothing(engine):
    with Session(engine) as session:
        city = CountedCity(session)
        agency_id = city.agency.id
        ids = [city.report(due_on=DAY) for _ in range(8)]
        session.commit()
    start = Barrier(5)

    def write(report_id: int) -> None:
        start.wait()
        for rating in range(150):
            with Session(engine) as session:
                session.execute(
                    update(Report)
                    .where(Report.id == report_id)
                    .values(rating=1 + rating % 5, due_on=DAY + dt.timedelta(rating % 7))
                )
                session.rollback() if rating % 10 == 9 else session.commit()

    def fold_often() -> int:
        start.wait()
        folded = 0
        for _ in range(100):
            with Session(engine) as session:
                folded += fold(session)
                total = sum(cell.count for cell in inbox_cells(session, agency_id, today=TODAY))
                assert total == len(ids)
                session.commit()
        return folded

    with ThreadPoolExecutor(5) as pool:
        writers = [pool.submit(write, report_id) for report_id in ids[:3]]
        folders = [pool.submit(fold_often) for _ in range(2)]
        for writer in writers:
            writer.result()
        assert sum(folder.result() for folder in folders) > 0

    with Session(engine) as session:
        assert recount(session).differences == []


def test_nobody_waits_for_whoever_folds(engine):
    with Session(engine) as session:
        city = CountedCity(session)
        report_id = city.report()
        session.commit()
    with Session(engine) as folder, Session(engine) as other:
        other.execute(text("SET lock_timeout = '2s'"))  # to fail where it would wait for ever
        assert fold(folder)
        assert not fold(other)
        other.execute(update(Report).where(Report.id == report_id).values(rating=3))
        other.commit()
        assert inbox_cells(other, city_of(other), today=TODAY)[0].count == 1
        folder.commit()
        assert inbox_cells(other, city_of(other), today=TODAY)[0].count == 1
        assert recount(other).differences == []


def city_of(session: Session) -> int:
    return session.scalar(select(Report.agency_id)) or 0
