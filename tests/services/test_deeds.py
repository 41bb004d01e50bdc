import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from factories import make_agency
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lapor_web.models import (
    Action,
    HistoryEntry,
    NotAllowedForRole,
    NotFromThisStatus,
    Report,
    Role,
    Status,
    User,
)
from lapor_web.services.deeds import REPORTER, Doer, Overtaken, lock, move
from lapor_web.services.keys import Keys
from lapor_web.services.submission import Submission, submit

NOW = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
KEYS = Keys.from_secret("a secret for tests only, long enough")


def make_report(session: Session) -> tuple[Report, User]:
    agency = make_agency()
    session.add(agency)
    session.flush()
    officer = User(agency_id=agency.id, username="sari", name="Sari", role=Role.COORDINATOR)
    session.add(officer)
    form = Submission(key="form", story="Lampu jalan mati.", place="Jalan Mawar")
    submit(session, agency, form, keys=KEYS, now=NOW)
    report = session.scalars(select(Report).where(Report.agency_id == agency.id)).one()
    return report, officer


@pytest.fixture
def report_and_officer(db):
    return make_report(db.session())


def test_a_deed_is_a_row_of_history_with_the_name_of_then(db, report_and_officer):
    report, officer = report_and_officer

    move(report, Action.NOTE, doer=Doer.officer(officer), version=1, now=NOW, text="Cek lokasi.")
    officer.name = "Sari Dewi"
    db.session.flush()
    db.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))

    entry = db.session.scalars(select(HistoryEntry).where(HistoryEntry.sequence == 2)).one()
    assert (report.version, report.status) == (2, Status.UNVERIFIED)
    assert (entry.previous, entry.doer_name, entry.visible) == (1, "Sari", False)


def test_whoever_read_an_older_version_is_told_who_was_faster(report_and_officer):
    report, officer = report_and_officer
    move(report, Action.NOTE, doer=Doer.officer(officer), version=1, now=NOW, text="Saya dulu.")

    with pytest.raises(Overtaken) as overtaken:
        move(report, Action.REPLY, doer=REPORTER, version=1, now=NOW, text="Sudah?")

    assert overtaken.value.by.doer_name == "Sari"
    assert len(report.history) == 2


@pytest.mark.parametrize(
    ("action", "doer", "error"),
    [
        (Action.VERIFY, REPORTER, NotAllowedForRole),
        (Action.CONFIRM, REPORTER, NotFromThisStatus),
        (Action.FINISH, REPORTER, NotAllowedForRole),
    ],
)
def test_what_the_table_does_not_know_changes_nothing(report_and_officer, action, doer, error):
    report, _ = report_and_officer

    with pytest.raises(error):
        move(report, action, doer=doer, version=1, now=NOW)

    assert (report.version, report.status, len(report.history)) == (1, Status.UNVERIFIED, 1)


def test_of_ten_officers_at_once_one_wins(engine):
    with Session(engine) as session:
        report, officer = make_report(session)
        report_id, officer_id = report.id, officer.id
        session.commit()
    start = Barrier(10)

    def act(number: int) -> bool:
        with Session(engine) as session:
            doer = Doer.officer(session.get_one(User, officer_id))
            start.wait()
            report = lock(session, report_id)
            try:
                move(report, Action.NOTE, doer=doer, version=1, now=NOW, text=f"Catatan {number}")
            except Overtaken:
                return False
            session.commit()
            return True

    with ThreadPoolExecutor(10) as officers:
        won = list(officers.map(act, range(10)))
    with Session(engine) as session:
        sequences = session.scalars(select(HistoryEntry.sequence)).all()

    assert won.count(True) == 1
    assert sorted(sequences) == [1, 2]
