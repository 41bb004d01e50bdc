"""What is measured: the everyday requests, of ours and of the control."""

import itertools
import re
import secrets
import tempfile
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from lapor_web import create_app
from lapor_web.config import read_config, with_psycopg
from lapor_web.extensions import db
from lapor_web.models import Role, User, utc_now
from lapor_web.services import sample, sessions
from lapor_web.services.keys import Keys
from lapor_web.sign_in import TOKEN
from tests.benchmark.client import Requests

STORY = "Lampu jalan di depan gang kami mati sejak tiga minggu lalu dan sudah ada yang jatuh."
HOST = "localhost"
PHONES, REPORTS_OF_A_PHONE = 500, 4


@dataclass(frozen=True)
class Scenario:
    name: str
    ours: Requests
    control: Requests
    wanted: int
    """Requests a second at 4 connections."""


def environ_of(url: str, secret: str) -> dict[str, str]:
    """The settings under which the measured application runs."""
    return {
        "DATABASE_URL": url,
        "SECRET_KEY": secret,
        "LAPOR_BASE_URL": f"http://{HOST}",
        "LAPOR_STORAGE": tempfile.gettempdir(),  # no photo is sent
        "LAPOR_PROXIES": "1",
    }


def a_report(token: str, number: int) -> dict[str, str]:
    return {
        "csrf_token": token,
        "key": secrets.token_urlsafe(16),
        "story": f"{STORY} Ini yang {secrets.token_hex(4)}.",
        "place": f"Jalan Mawar, depan masjid {number}",
    }


def get(path: str, cookie: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\n\r\n".encode()


def post(path: str, fields: dict[str, str], cookie: str = "", *, address: str = "") -> bytes:
    """`address` is that of the phone, as a proxy tells it."""
    body = urllib.parse.urlencode(fields)
    told = f"X-Forwarded-For: {address}\r\n" if address else ""
    return (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\n{told}"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


class Scenarios:
    """The requests against one database; makes an officer and finds some sampled reports."""

    def __init__(self, url: str, secret: str):
        self.secret = secret
        self.app = create_app(read_config(environ_of(url, secret)))
        self.engine = sa.create_engine(with_psycopg(url))
        with self.engine.connect() as connection:
            self.numbers = connection.scalars(
                sa.text(
                    "SELECT number FROM report WHERE status IN ('finished', 'in_process')"
                    " ORDER BY key_hash LIMIT 400"
                )
            ).all()
        self.officer = after_a_page(self.app, self.cookie_of({TOKEN: self.open_session()}))

    def all(self) -> list[Scenario]:
        return [
            Scenario("submit", self.submit, self.submit_control, 400),
            Scenario("reporter's page", self.track, self.track_control, 640),
            Scenario("inbox", self.page("/kotak-masuk?tampilan=semua"), self.page("/inbox"), 380),
            Scenario("coordination", self.page("/koordinasi"), self.page("/coordination"), 350),
        ]

    # ---- ours ----

    def submit(self, number: int) -> Iterator[bytes]:
        """Each connection is many phones, of which none sends more than a citizen does in a day: what
        a flood of one's own is answered with (429) is not what is measured."""
        with self.app.app_context():
            db.engine.dispose(close=False)  # this process was forked, and those are its parent's
        phones = [self.open_form("/lapor") for _ in range(PHONES)]
        addresses = (f"10.{number}.{n // 250}.{n % 250 + 1}" for n in itertools.count())
        sent = [
            post("/lapor/kirim", a_report(token, one), cookie, address=address)
            for one in range(REPORTS_OF_A_PHONE)
            for (token, cookie), address in zip(phones, addresses, strict=False)
        ]
        return iter(sent)

    def track(self, number: int) -> Iterator[bytes]:
        """Each connection is a few reporters who look again and again."""
        mine = self.numbers[number::4][:20]
        pages = [get(f"/lacak/{one}", self.signed_in_reporter(one)) for one in mine]
        return itertools.cycle(pages)

    def page(self, path: str) -> Requests:
        return lambda number: itertools.repeat(get(path, self.officer))

    # ---- the control ----

    def submit_control(self, number: int) -> Iterator[bytes]:
        return itertools.repeat(
            post("/submit", {"story": STORY, "place": "Jalan Mawar, depan masjid"})
        )

    def track_control(self, number: int) -> Iterator[bytes]:
        return itertools.cycle([get(f"/report/{one}") for one in self.numbers[number::4][:20]])

    # ---- who asks ----

    def open_session(self) -> str:
        with sa.orm.Session(self.engine) as session:
            officer = session.scalars(sa.select(User).where(User.username == "pengukur")).first()
            if officer is None:
                agency_id = session.scalar(sa.text("SELECT min(id) FROM agency"))
                officer = User(
                    agency_id=agency_id,
                    username="pengukur",
                    name="Pengukur",
                    role=Role.COORDINATOR,
                )
                session.add(officer)
                session.flush()
            token = sessions.open_session(session, officer, utc_now())
            session.commit()
        return token

    def cookie_of(self, values: dict[str, str]) -> str:
        return cookie_of(self.app, values)

    def signed_in_reporter(self, number: str) -> str:
        """Through the front door: number and receipt code."""
        code = Keys.from_secret(self.secret).receipt_code(sample.form_key(number))
        client = self.app.test_client()
        token, _ = self.open_form("/lacak", client)
        answer = client.post("/lacak", data={"csrf_token": token, "number": number, "code": code})
        assert answer.status_code == 303, answer.status_code
        return self.cookie_in(client)

    def open_form(self, path: str, client: FlaskClient | None = None) -> tuple[str, str]:
        """Its token, and the cookie that belongs to it."""
        client = client or self.app.test_client()
        found = re.search(r'name="csrf_token"\s+value="([^"]+)"', client.get(path).text)
        assert found
        return found[1], self.cookie_in(client)

    def cookie_in(self, client: FlaskClient) -> str:
        return cookie_in(self.app, client)


def cookie_of(app: Flask, values: dict[str, str]) -> str:
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(values)}"


def cookie_in(app: Flask, client: FlaskClient) -> str:
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie
    return f"{cookie.key}={cookie.value}"


def after_a_page(app: Flask, cookie: str) -> str:
    """As a browser sends it from its second page on: the proof against forgeries is in it."""
    client = app.test_client()
    client.set_cookie(*cookie.split("=", 1))
    client.get("/kotak-masuk")
    with app.app_context():
        db.engine.dispose()  # whoever is forked from here would share the connection
    return cookie_in(app, client)
