"""A browser for tests: keeps cookies, sends the form's token, says where it comes from."""

import contextvars
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.test import TestResponse

from lapor_web import clock
from lapor_web.csrf import signer
from lapor_web.extensions import db
from lapor_web.models import User
from lapor_web.services import sessions
from lapor_web.sign_in import TOKEN

OWN = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


class Browser:
    def __init__(self, app: Flask):
        self.app = app
        self.client = app.test_client()

    def open(self, url: str, **arguments: Any) -> TestResponse:
        """In a context of its own: what one request leaves on `g` is not there for the next."""
        db.session.flush()
        answer: TestResponse = contextvars.Context().run(
            self.client.open, url, buffered=True, **arguments
        )
        db.session.expire_all()
        return answer

    def get(self, url: str, *, htmx: bool = False, **arguments: Any) -> TestResponse:
        headers = {"HX-Request": "true"} if htmx else {}
        return self.open(url, headers=headers, **arguments)

    def post(
        self, url: str, data: dict[str, Any] | None = None, *, htmx: bool = False, **arguments: Any
    ) -> TestResponse:
        """As a form of ours would: with the token of this browser."""
        headers = OWN | ({"HX-Request": "true"} if htmx else {})
        data = {"csrf_token": self.token(), **(data or {})}
        return self.open(url, method="POST", data=data, headers=headers, **arguments)

    def token(self) -> str:
        def sign() -> str:
            with self.client.session_transaction() as session:
                nonce = session.setdefault("csrf", "nonce-of-this-test")
            with self.app.app_context():
                return signer().sign(nonce).decode().removeprefix(f"{nonce}.")

        return contextvars.Context().run(sign)

    def sign_in(self, user: User) -> "Browser":
        """Without the cost of a password."""
        token = sessions.open_session(db.session(), user, clock.now())
        self.keep({TOKEN: token})
        return self

    def keep(self, values: dict[str, Any]) -> None:
        """Makes them all that its session holds."""

        def keep() -> None:
            with self.client.session_transaction() as session:
                session.clear()
                session.update(values)

        contextvars.Context().run(keep)

    def kept(self) -> dict[str, Any]:
        def read() -> dict[str, Any]:
            with self.client.session_transaction() as session:
                return dict(session)

        return contextvars.Context().run(read)


def page_of(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")
