import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from factories import make_agency
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lapor_web.models import (
    HistoryEntry,
    NotAllowedForRole,
    NotFromThisStatus,
    Report,
    Role,
    Status,
    User,
)
from lapor_web.services.conversation import Confirm, FinishBySilence, Reply
from lapor_web.services.deeds import REPORTER, DeedRefused, Doer, Overtaken, perform
from lapor_web.services.follow_up import Note
from lapor_web.services.keys import Keys
from lapor_web.services.submission import Submission, submit
from lapor_web.services.verification import PutOnHold

NOW = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
KEYS = Keys.from_secret("a secret for tests only, long enough")


def make_report(session: Session) -> tuple[Report, User]:
    agency = make_agency()
    session.add(agency)
    session.flush()
    officer = User(agency_id=agency.id, username="sari", name="Sari", role=Role.COORDINATOR)
    session.add(officer)
    form = Submission(key="form", story="Lampu jalan mati.", place="Jalan Mawar")
    receipt = submit(session, agency, form, keys=KEYS, now=NOW)
    return session.get_one(Report, receipt.report_id), officer


@pytest.fixture
def report_and_officer(db):
    return make_report(db.session())


def test_a_deed_is_a_row_of_history_with_the_name_of_then(db, report_and_officer):
    report, officer = report_and_officer
    note = Note(text="Cek lokasi.")

    perform(db.session(), report.id, note, doer=Doer.officer(officer), version=1, now=NOW)
    officer.name = "Sari Dewi"
    db.session.flush()
    db.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))

    entry = db.session.scalars(select(HistoryEntry).where(HistoryEntry.sequence == 2)).one()
    assert (report.version, report.status) == (2, Status.UNVERIFIED)
    assert (entry.previous, entry.doer_name, entry.visible) == (1, "Sari", False)


def test_whoever_read_an_older_version_is_told_who_was_faster(db, report_and_officer):
    report, officer = report_and_officer
    first = Note(text="Saya dulu.")
    perform(db.session(), report.id, first, doer=Doer.officer(officer), version=1, now=NOW)

    with pytest.raises(Overtaken) as overtaken:
        perform(db.session(), report.id, Reply("Sudah?"), doer=REPORTER, version=1, now=NOW)

    assert overtaken.value.by.doer_name == "Sari"
    assert report.version == 2


@pytest.mark.parametrize(
    ("deed", "error"),
    [
        (PutOnHold(reason="Apa?"), NotAllowedForRole),
        (Confirm(), NotFromThisStatus),
        (FinishBySilence(), NotAllowedForRole),
        (Reply(text=""), DeedRefused),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_what_the_table_does_not_allow_changes_nothing(db, report_and_officer, deed, error):
    report, _ = report_and_officer

    with pytest.raises(error):
        perform(db.session(), report.id, deed, doer=REPORTER, version=1, now=NOW)

    assert (report.version, report.status) == (1, Status.UNVERIFIED)


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
            note = Note(text=f"Catatan {number}")
            try:
                perform(session, report_id, note, doer=doer, version=1, now=NOW)
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
