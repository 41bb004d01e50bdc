"""A city that is really served, and a real Chromium to walk through it."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

from lapor_web import create_app, live
from lapor_web.extensions import db
from lapor_web.models import Agency, Role, utc_now
from lapor_web.services import accounts
from lapor_web.services.passwords import hash_password
from lapor_web.services.seed import CITY, seed

PASSWORD = "kursi hijau di teras"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OFFICERS = (
    ("koordinator", Role.COORDINATOR, None),
    ("dpupr", Role.LIAISON, "DPUPR"),
    ("atasan", Role.SUPERVISOR, "DPUPR"),
)


@dataclass(frozen=True)
class ServedCity:
    app: Flask
    url: str
    password: str


@pytest.fixture(scope="module")  # it keeps an event loop running, which other modules would meet
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    live.feed_of(app).end()
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[[Flask], str]]:
    """Serves an application until the module's tests are done; gives its address."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(serving(app))


@pytest.fixture(scope="module")
def city_app(request, empty_database, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Over a database of the module's own, with tables and nothing in them."""
    app = create_app(
        {
            "SECRET_KEY": "only-for-journeys-" * 3,
            "SQLALCHEMY_DATABASE_URI": empty_database(f"city of {request.module.__name__}"),
            "LAPOR_STORAGE": str(tmp_path_factory.mktemp("lampiran")),
        }
    )
    with app.app_context():
        upgrade()
    return app


@pytest.fixture(scope="module")
def served_city(city_app, serve) -> ServedCity:
    with city_app.app_context():
        make_officers(seed(db.session(), CITY))
        db.session.commit()
    return ServedCity(city_app, serve(city_app), PASSWORD)


def make_officers(agency: Agency) -> None:
    hashed = hash_password(PASSWORD)
    for username, role, opd_code in OFFICERS:
        user = accounts.create_user(
            db.session(),
            agency,
            username=username,
            name=username.title(),
            role=role,
            opd_code=opd_code,
            now=utc_now(),
        )
        accounts.set_password(db.session(), user, hashed)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "sesudah.jpg"
    Image.new("RGB", (800, 600), "teal").save(path, "JPEG")
    return path


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def new_page(request, chromium: Browser, served_city: ServedCity) -> Iterator:
    """Opens a page for another person: cookies of their own. A message of the console that
    speaks of a fault fails the test; that somebody was faster (409) is none."""
    contexts, faults = [], []

    def note(told: ConsoleMessage) -> None:
        if told.type == "error" and "status of 409" not in told.text:
            faults.append(told.text)

    def open_page() -> Page:
        context = chromium.new_context(
            base_url=served_city.url,
            java_script_enabled=request.param == "with JavaScript",
            viewport={"width": 1366, "height": 768},
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", note)
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
