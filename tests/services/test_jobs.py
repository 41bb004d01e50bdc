import datetime as dt

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from lapor_web.services import jobs
from lapor_web.services.jobs import Job

QUEUED = text("SELECT task_name, args, scheduled_at FROM procrastinate_jobs ORDER BY id")
LATER = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def queue(engine):
    empty(engine)  # a race of another test may have left some
    yield engine
    empty(engine)


def empty(engine):
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE procrastinate_jobs CASCADE"))


def queued(engine):
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(QUEUED)]


def test_a_job_is_there_when_its_transaction_commits(queue):
    with Session(queue) as session:
        jobs.defer(session, Job.PREPARE_ATTACHMENT, attachment_id=7)
        before = queued(queue)
        session.commit()

    assert before == []
    assert queued(queue) == [("prepare_attachment", {"attachment_id": 7}, None)]


def test_and_never_was_when_it_does_not(queue):
    with Session(queue) as session:
        jobs.defer(session, Job.PREPARE_ATTACHMENT, attachment_id=7)
        session.rollback()

    assert queued(queue) == []


def test_it_can_be_for_later(queue):
    with Session(queue) as session:
        jobs.defer(session, Job.PREPARE_ATTACHMENT, not_before=LATER, attachment_id=7)
        session.commit()

    assert queued(queue)[0][2] == LATER
