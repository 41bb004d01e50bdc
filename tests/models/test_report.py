"""What must never be is refused by the database itself, whoever asks."""

import datetime as dt

import pytest
from factories import make_agency
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from lapor_web.models import (
    Action,
    Disposition,
    DispositionKind,
    FinishMode,
    HistoryEntry,
    Opd,
    Report,
    Role,
    Status,
    utc_now,
)

TODAY = dt.date(2026, 11, 24)


@pytest.fixture
def agency(db):
    agency = make_agency()
    db.session.add(agency)
    db.session.flush()
    return agency


@pytest.fixture
def report(db, agency):
    report = Report(
        agency_id=agency.id,
        number="KTA-260001-0",
        story="Lampu jalan mati sejak Senin.",
        place="Jalan Mawar",
        received_on=TODAY,
    )
    report.history = [entry(1, Status.UNVERIFIED)]
    db.session.add(report)
    db.session.flush()
    return report


def entry(sequence: int, status: Status, **fields) -> HistoryEntry:
    return HistoryEntry(
        sequence=sequence,
        previous=sequence - 1 or None,
        action=Action.SUBMIT,
        to_status=status,
        role=Role.REPORTER,
        **fields,
    )


def settle(db) -> None:
    """What a commit would check, without one."""
    db.session.flush()
    db.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_a_report_with_its_history_stands(db, report):
    settle(db)


def test_a_status_that_no_history_explains(db, report):
    report.status = Status.IN_PROCESS
    report.imported = True

    with pytest.raises(IntegrityError, match="fk_report_latest_history"):
        settle(db)


def test_a_finished_report_without_a_finishing_event(db, report):
    report.status, report.finished_at = Status.FINISHED, utc_now()
    report.finish_mode = FinishMode.CONFIRMED

    with pytest.raises(IntegrityError, match="fk_report_latest_history"):
        settle(db)


def test_a_gap_in_the_history(db, report):
    report.history.append(entry(3, Status.UNVERIFIED))

    with pytest.raises(IntegrityError, match="fk_history_previous"):
        settle(db)


def test_two_responsible_opds_at_once(db, agency, report):
    for code in ("ONE", "TWO"):
        opd = Opd(agency_id=agency.id, code=code, name=code, short_name=code, kind="dinas")
        report.dispositions.append(
            Disposition(
                agency_id=agency.id,
                opd=opd,
                kind=DispositionKind.RESPONSIBLE,
                received_on=TODAY,
                started_at=utc_now(),
                started_sequence=1,
            )
        )

    with pytest.raises(IntegrityError, match="uq_disposition_responsible"):
        settle(db)


def test_a_report_in_the_hands_of_the_accused(db, agency, report):
    opd = Opd(agency_id=agency.id, code="ONE", name="One", short_name="One", kind="dinas")
    report.holder = report.accused = opd

    with pytest.raises(IntegrityError, match="never_held_by_the_accused"):
        settle(db)
