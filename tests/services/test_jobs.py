import datetime as dt

from sqlalchemy import text
from sqlalchemy.orm import Session

from lapor_web.services import jobs
from lapor_web.services.jobs import Job

QUEUED = text("SELECT task_name, args, scheduled_at FROM procrastinate_jobs ORDER BY id")
LATER = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


def queued(engine):
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(QUEUED)]


def test_a_job_is_there_when_its_transaction_commits(engine):
    with Session(engine) as session:
        jobs.defer(session, Job.PREPARE_ATTACHMENT, attachment_id=7)
        before = queued(engine)
        session.commit()

    assert before == []
    assert queued(engine) == [("prepare_attachment", {"attachment_id": 7}, None)]


def test_and_never_was_when_it_does_not(engine):
    with Session(engine) as session:
        jobs.defer(session, Job.PREPARE_ATTACHMENT, attachment_id=7)
        session.rollback()

    assert queued(engine) == []


def test_it_can_be_for_later(engine):
    with Session(engine) as session:
        jobs.defer(session, Job.PREPARE_ATTACHMENT, not_before=LATER, attachment_id=7)
        session.commit()

    assert queued(engine)[0][2] == LATER
