"""`lapor worker` as a process of its own, on a database of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import flask_migrate
import picture_files
import pytest
from factories import make_agency
from flask import Flask
from procrastinate.schema import SchemaManager
from sqlalchemy import text

from lapor_web import city, cli, clock, create_app, worker
from lapor_web.extensions import db
from lapor_web.models import Attachment, AttachmentState
from lapor_web.resources import resource
from lapor_web.services import jobs
from lapor_web.services.attachments import Owner, Upload, accept
from lapor_web.services.jobs import Job

LAPOR = [sys.executable, "-c", "import sys; from lapor_web.cli import main; sys.exit(main())"]


def eventually(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def other(app, empty_database) -> Flask:
    url = empty_database("of_the_worker")
    other = create_app(app.config | {"SQLALCHEMY_DATABASE_URI": url})
    with other.app_context():
        flask_migrate.upgrade()
        db.session.add(make_agency())
        db.session.commit()
    yield other
    with other.app_context():
        db.engine.dispose()


@pytest.fixture
def place(other) -> Flask:
    """With nothing in it but the agency."""
    yield other
    with other.app_context(), db.engine.begin() as connection:
        connection.execute(text("TRUNCATE attachment, procrastinate_jobs CASCADE"))
        connection.execute(text("DELETE FROM procrastinate_workers"))


@pytest.fixture
def environment(place) -> dict[str, str]:
    with place.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    return os.environ | {
        "DATABASE_URL": url,
        "SECRET_KEY": place.config["SECRET_KEY"],
        "LAPOR_STORAGE": place.config["LAPOR_STORAGE"],
    }


@pytest.fixture
def start(environment):
    running = []

    def start(command=(*LAPOR, "worker")) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stderr.close()


def value(place: Flask, query: str, **arguments: object) -> object:
    with place.app_context(), db.engine.connect() as connection:
        return connection.execute(text(query), arguments).scalar()


def status_of_job(place: Flask) -> object:
    return value(
        place, "SELECT status::text FROM procrastinate_jobs WHERE task_name = 'prepare_attachment'"
    )


def send_photo(place: Flask, content: bytes | None = None) -> int:
    with place.app_context():
        row = accept(
            db.session(),
            city.current_agency(),
            Upload("lubang.jpg", content or picture_files.talkative_jpeg()),
            Owner(key_hash=os.urandom(32)),
            keys=city.keys(),
            storage=city.storage(),
            now=clock.now(),
        )
        db.session.commit()
        return row.id


def state_of(place: Flask, attachment_id: int) -> AttachmentState:
    with place.app_context():
        return db.session.get_one(Attachment, attachment_id).state


def worker_says(place: Flask) -> str:
    return place.test_client().get("/sehat").json["worker"]


def test_a_photo_is_made_ready_and_the_worker_leaves_when_told(place, start):
    before = send_photo(place)
    process = start()
    eventually(lambda: state_of(place, before) is AttachmentState.READY)
    while_it_runs = send_photo(place)
    eventually(lambda: state_of(place, while_it_runs) is AttachmentState.READY)
    present = worker_says(place)
    process.terminate()
    _, log = process.communicate(timeout=10)

    assert process.returncode == 0
    assert (present, worker_says(place)) == ("up", "absent")
    assert "Traceback" not in log
    assert "lubang.jpg" not in log


def test_what_is_no_picture_is_refused_and_not_tried_for_ever(place, start):
    spoilt = send_photo(place, picture_files.png_that_claims(4000, 4000))
    start()
    eventually(lambda: state_of(place, spoilt) is AttachmentState.REFUSED)
    eventually(lambda: status_of_job(place) == "succeeded")


def test_the_job_of_a_killed_worker_is_done_by_the_next(place, start):
    """The photo's row is locked, so its worker is killed in the midst of the job."""
    photo = send_photo(place)
    with place.app_context(), db.engine.connect() as holding:
        holding.execute(text("SELECT FROM attachment WHERE id = :id FOR UPDATE"), {"id": photo})
        process = start()
        eventually(lambda: status_of_job(place) == "doing")
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    silent = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes'"
    with place.app_context(), db.engine.begin() as connection:
        connection.execute(text(silent))
    missed = worker_says(place)
    start()
    eventually(lambda: state_of(place, photo) is AttachmentState.READY, seconds=90)

    assert missed == "down"


def test_a_restart_of_the_connection_is_nothing_to_die_of(place, start):
    process = start()
    eventually(lambda: worker_says(place) == "up")
    with place.app_context(), db.engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    with place.app_context():
        db.engine.dispose()
    photo = send_photo(place)
    eventually(lambda: state_of(place, photo) is AttachmentState.READY)

    assert process.poll() is None


def test_told_to_stop_while_the_database_is_away_it_stops(start, environment):
    environment["DATABASE_URL"] = "postgresql:///x?host=/nowhere"
    without_asking_first = (
        "from lapor_web import create_app, worker; worker.run_worker(create_app())"
    )
    process = start([sys.executable, "-c", without_asking_first])
    for line in process.stderr:
        if "database is away" in line:
            break
    process.terminate()
    process.communicate(timeout=10)

    assert process.returncode == 0


def test_under_the_supervisor_ctrl_c_leaves_nothing(place, start, environment):
    supervisor = "\n".join(
        [
            "import sys",
            "from lapor_web.processes import Supervisor",
            f"sys.exit(Supervisor({{'worker': {[*LAPOR, 'worker']!r}}}).run())",
        ]
    )
    process = start([sys.executable, "-c", supervisor])
    eventually(lambda: worker_says(place) == "up")
    process.send_signal(signal.SIGINT)
    _, log = process.communicate(timeout=15)

    assert process.returncode == 0
    assert "dimatikan paksa" not in log
    assert worker_says(place) == "absent"


# ---- its rules, in this process ----


def test_every_job_that_is_asked_for_is_known(app):
    queue = worker.make_queue(app)

    assert {job.value for job in Job} <= set(queue.tasks)


def test_the_queue_is_that_of_the_installed_library():
    """Another version of it needs a migration of ours: see 0005."""
    (frozen,) = resource("migrations").glob("procrastinate_*.sql")

    assert frozen.read_text(encoding="utf-8") == SchemaManager.get_schema()


def retry_stalled(place: Flask) -> None:
    async def look() -> None:
        async with worker.make_queue(place).open_async() as queue:
            await worker.retry_stalled(queue)

    worker.asyncio.run(look())


def test_a_job_that_keeps_killing_its_workers_is_given_up(place):
    with place.app_context():
        for attempts in (0, worker.TRIES):
            jobs.defer(db.session(), Job.PREPARE_ATTACHMENT, attachment_id=attempts)
            db.session.execute(
                text(
                    "UPDATE procrastinate_jobs SET status = 'doing', attempts = :attempts"
                    " WHERE args ->> 'attachment_id' = :id"
                ),
                {"attempts": attempts, "id": str(attempts)},
            )
        db.session.commit()

    retry_stalled(place)
    with place.app_context():
        rows = db.session.execute(
            text("SELECT args ->> 'attachment_id', status::text FROM procrastinate_jobs")
        )
        states = {row[0]: row[1] for row in rows}

    assert states == {"0": "todo", str(worker.TRIES): "failed"}


def test_what_the_clock_started_anew_meanwhile_holds_up_no_other_that_stalled(place):
    """A worker died in a round of the clock; the next minute's round waits already when it is found."""
    with place.app_context():
        for status in ("doing", "todo"):
            db.session.execute(
                text(
                    "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, status)"
                    " VALUES ('default', 'every_fold_figures', 'fold_figures', :args, :status)"
                ),
                {"args": '{"timestamp": 0}', "status": status},
            )
        jobs.defer(db.session(), Job.PREPARE_ATTACHMENT, attachment_id=1)
        db.session.execute(
            text(
                "UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'prepare_attachment'"
            )
        )
        db.session.commit()

    retry_stalled(place)

    with place.app_context():
        rows = db.session.execute(
            text("SELECT task_name, status::text FROM procrastinate_jobs ORDER BY task_name")
        ).all()
    assert rows == [("every_fold_figures", "todo"), ("prepare_attachment", "todo")]


def test_without_the_servers_secret_it_does_not_start(environment, monkeypatch, capsys):
    environment.pop("SECRET_KEY")
    monkeypatch.setattr(os, "environ", environment)

    assert cli.main(["worker"]) == 1
    assert "SECRET_KEY" in capsys.readouterr().err


def test_without_a_storage_it_does_not_start(environment, monkeypatch, capsys):
    environment.pop("LAPOR_STORAGE")
    monkeypatch.setattr(os, "environ", environment)

    assert cli.main(["worker"]) == 1
    assert "LAPOR_STORAGE" in capsys.readouterr().err
