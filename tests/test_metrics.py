"""`/metrics`: closed unless one has the token, and then nothing of anybody's."""

import pytest
from prometheus_client.parser import text_string_to_metric_families
from small_city import SmallCity
from sqlalchemy import text

from lapor_web import create_app
from lapor_web.config import UnsafeSettings, read_metrics_token
from lapor_web.extensions import db as _db
from lapor_web.services import jobs
from lapor_web.services.jobs import Job

TOKEN = "a token for tests only, long enough to be one"


@pytest.fixture
def measured(app, db):
    """The application with the setting, on the test's own transaction."""
    SmallCity(db.session()).send()
    db.session.flush()
    return create_app(app.config | {"LAPOR_METRICS_TOKEN": TOKEN})


def ask(app, token: str | None = TOKEN):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return app.test_client().get("/metrics", headers=headers)


def samples(answer) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *(sample.labels[label] for label in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_it_is_closed_without_the_setting_and_without_the_token(app, measured):
    assert ask(app).status_code == 404
    assert ask(app, "").status_code == 404
    for wrong in (None, "", "guess", TOKEN[:-1], TOKEN + "x", "sändi"):
        assert ask(measured, wrong).status_code == 404
    assert ask(measured).status_code == 200


def test_requests_are_counted_by_endpoint(measured):
    client = measured.test_client()
    for _ in range(3):
        client.get("/bantuan?cari=apa")
    answer = ask(measured)
    found = samples(answer)

    counted = ("lapor_request_seconds_count", "public.help_page", "GET", "200")
    assert found[counted] == 3
    assert "cari" not in answer.text
    assert "metrics.show" not in answer.text


def test_queues_letters_and_reports_are_told(db, measured):
    session = db.session()
    jobs.defer(session, Job.PREPARE_ATTACHMENT, attachment_id=1)
    session.execute(text("UPDATE procrastinate_events SET at = now() - interval '5 minutes'"))
    session.flush()
    with measured.app_context():
        found = samples(ask(measured))

    assert found["lapor_database_up",] == 1
    assert found["lapor_queue_jobs", "default", "due"] >= 1
    assert found["lapor_queue_oldest_seconds", "default"] >= 299
    assert found["lapor_reports", "unverified"] == 1
    assert found["lapor_letters", "parked"] == 0
    assert found["lapor_letters", "unread"] == 0
    assert found["lapor_workers_up",] == 0


def test_without_a_database_it_says_so(app):
    away = create_app(
        app.config
        | {
            "SQLALCHEMY_DATABASE_URI": "postgresql+psycopg:///x?host=/nowhere",
            "LAPOR_METRICS_TOKEN": TOKEN,
        }
    )
    answer = ask(away)

    assert answer.status_code == 200
    assert samples(answer)["lapor_database_up",] == 0
    with away.app_context():
        _db.engine.dispose()


def test_a_short_token_is_refused():
    assert read_metrics_token("") == ""
    with pytest.raises(UnsafeSettings, match="LAPOR_METRICS_TOKEN"):
        read_metrics_token("short")
