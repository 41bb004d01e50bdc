"""A worker of its own, a real mail server, and `kill -9` while a letter is being taken."""

import asyncio
import email
import email.policy
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import flask_migrate
import pytest
from aiosmtpd.controller import Controller
from factories import make_agency
from sqlalchemy import text

from lapor_web import city, clock, create_app, postman
from lapor_web.extensions import db
from lapor_web.services import notifications
from lapor_web.services.identity import Identity
from lapor_web.services.submission import Submission, submit

LAPOR = [sys.executable, "-c", "import sys; from lapor_web.cli import main; sys.exit(main())"]


def eventually(condition, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)


class Mailbox:
    """Keeps what it is given; while `holds` is set it takes its time to say that it has it."""

    def __init__(self):
        self.keys: list[str] = []
        self.holds = threading.Event()

    async def handle_DATA(self, server, session, envelope):
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.keys.append(letter["Message-ID"])
        while self.holds.is_set():
            await asyncio.sleep(0.02)
        return "250 taken"


@pytest.fixture(scope="module")
def mailbox():
    mailbox = Mailbox()
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    mailbox.url = f"smtp://127.0.0.1:{port}"
    yield mailbox
    controller.stop()


@pytest.fixture(scope="module")
def place(app, empty_database, mailbox):
    settings = {
        "SQLALCHEMY_DATABASE_URI": empty_database("of_the_postman"),
        "LAPOR_BASE_URL": "https://lapor.test",
        "LAPOR_MAIL_URL": mailbox.url,
    }
    place = create_app(app.config | settings)
    with place.app_context():
        flask_migrate.upgrade()
        db.session.add(make_agency())
        db.session.commit()
        yield place
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def start(place, mailbox):
    running = []
    environment = os.environ | {
        "DATABASE_URL": db.engine.url.render_as_string(hide_password=False),
        "SECRET_KEY": place.config["SECRET_KEY"],
        "LAPOR_STORAGE": place.config["LAPOR_STORAGE"],
        "LAPOR_BASE_URL": "https://lapor.test",
        "LAPOR_MAIL_URL": mailbox.url,
    }

    def start() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [*LAPOR, "worker"], env=environment, stderr=subprocess.DEVNULL, start_new_session=True
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def send_reports(how_many: int) -> None:
    for n in range(how_many):
        submit(
            db.session(),
            city.current_agency(),
            Submission(
                key=f"form-{time.monotonic_ns()}-{n}",
                story="Lampu jalan mati.",
                place="Jalan Mawar",
                identity=Identity(email=f"warga{n}@contoh.id"),
            ),
            keys=city.keys(),
            now=clock.now(),
        )
    notifications.wake(db.session(), clock.now())
    db.session.commit()


def value(query: str) -> object:
    with db.engine.connect() as connection:
        return connection.execute(text(query)).scalar()


def test_a_letter_that_was_taken_while_its_worker_died_is_known_as_the_same(place, mailbox, start):
    mailbox.holds.set()
    send_reports(1)
    worker = start()
    eventually(lambda: mailbox.keys)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    mailbox.holds.clear()
    assert value("SELECT count(*) FROM outbox WHERE sent_at IS NULL AND key IS NOT NULL") == 1

    with db.engine.begin() as connection:  # as if the minutes of its hold were over
        connection.execute(text("UPDATE outbox SET not_before = now()"))
    notifications.wake(db.session(), clock.now())
    db.session.commit()
    start()
    eventually(lambda: value("SELECT sent_at FROM outbox"))

    first, again = mailbox.keys
    assert first == again
    assert value("SELECT '<' || provider_id || '>' FROM outbox") == first


def test_several_senders_send_each_once(place, mailbox):
    mailbox.keys.clear()
    with db.engine.begin() as connection:
        connection.execute(text("TRUNCATE outbox"))
    send_reports(60)

    postman.deliver_due()

    assert len(mailbox.keys) == len(set(mailbox.keys)) == 60
    assert value("SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL") == 60
