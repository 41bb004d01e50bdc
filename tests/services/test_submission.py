import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from factories import make_agency
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from lapor_web.extensions import db as extension
from lapor_web.models import Agency, OutboxMessage, Report, Status
from lapor_web.services.keys import Keys
from lapor_web.services.numbers import candidates
from lapor_web.services.seed import seed
from lapor_web.services.submission import KeyUsedForAnotherText, Submission, submit

KEYS = Keys.from_secret("a secret for tests only, long enough")
NOW = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
HOLE = Submission(key="form-1", story="Jalan berlubang sejak Senin.", place="Jalan Mawar")


@pytest.fixture
def agency(db) -> Agency:
    return seed(db.session(), "samarinda")


def send(db, agency, submission=HOLE, now=NOW):
    receipt = submit(db.session(), agency, submission, keys=KEYS, now=now)
    # What a commit would check, without one.
    db.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    db.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    return receipt


def find(db, number: str) -> Report:
    return db.session.scalars(select(Report).where(Report.number == number)).one()


def test_a_report_comes_with_its_history_its_message_and_its_limit(db, agency):
    report = find(db, send(db, agency).number)

    assert (report.status, report.version) == (Status.UNVERIFIED, 1)
    assert [entry.sequence for entry in report.history] == [1]
    assert db.session.scalars(select(OutboxMessage.report_id)).all() == [report.id]
    assert report.verification_limit == 3


def test_the_code_is_stored_nowhere_and_yet_opens(db, agency):
    receipt = send(db, agency)
    row = db.session.execute(text("SELECT report::text FROM report")).scalar_one()

    assert receipt.code not in row
    assert receipt.code.replace("-", "") not in row
    assert KEYS.receipt_matches(receipt.code, find(db, receipt.number).receipt_hash)


def test_a_repeat_shows_the_first_one_again(db, agency):
    first = send(db, agency)
    again = send(db, agency, now=NOW + dt.timedelta(minutes=9))

    assert again.repeated
    assert (again.number, again.code, again.received_at) == (first.number, first.code, NOW)
    assert db.session.scalar(select(func.count()).select_from(Report)) == 1


def test_the_same_key_with_another_text_is_refused(db, agency):
    send(db, agency)

    with pytest.raises(KeyUsedForAnotherText):
        send(db, agency, Submission(key=HOLE.key, story="Lain sekali.", place=HOLE.place))


@pytest.mark.parametrize("flag", ["about_conduct", "about_service"])
def test_a_report_about_conduct_is_hidden_twice_over(db, agency, flag):
    receipt = send(
        db, agency, Submission(key="k", story="Diminta uang.", place="Loket", **{flag: True})
    )

    report = find(db, receipt.number)
    assert report.about_conduct
    assert (report.anonymous, report.confidential) == (True, True)
    assert not report.is_ordinary


def test_s78_the_year_of_a_number_turns_at_midnight_in_samarinda(db, agency):
    last_second = dt.datetime(2026, 12, 31, 15, 59, 59, tzinfo=dt.UTC)
    old = send(db, agency, now=last_second).number
    new = send(
        db,
        agency,
        Submission(key="form-2", story=HOLE.story, place=HOLE.place),
        now=last_second + dt.timedelta(seconds=1),
    ).number

    assert (old[4:6], new[4:6]) == ("26", "27")
    assert new in candidates("SMR", new)
    assert find(db, old).received_on == dt.date(2026, 12, 31)


def test_twelve_equal_posts_at_once_make_one_report(engine):
    with Session(engine) as session:
        agency = make_agency()
        session.add(agency)
        session.commit()
        agency_id = agency.id
    start = Barrier(12)

    def post(_: int) -> str:
        with Session(engine) as session:
            agency = session.get_one(Agency, agency_id)
            start.wait()
            receipt = submit(session, agency, HOLE, keys=KEYS, now=NOW)
            session.commit()
            return receipt.number

    with ThreadPoolExecutor(12) as phones:
        numbers = list(phones.map(post, range(12)))
    with Session(engine) as session:
        made = session.scalars(select(Report.number)).all()

    assert len(made) == 1
    assert set(numbers) == set(made)


def test_an_error_of_the_database_repeats_no_word_of_the_reporter(app):
    with app.app_context(), pytest.raises(DBAPIError) as problem:
        extension.session.execute(
            text("SELECT 1 / 0 WHERE :story <> ''"), {"story": "Warga Bersaksi"}
        )

    assert "Warga Bersaksi" not in str(problem.value)
