"""Promise 5, the quick part: with little room left nothing is written, and reading goes on."""

import asyncio

import pytest
from browser import Browser
from citizens import typed_into
from small_city import SmallCity

from lapor_web import disk_space, worker
from lapor_web.config import folders_of


@pytest.fixture
def full(app, db, tmp_path, monkeypatch):
    """A disk of ours on which nobody has that much."""
    SmallCity(db.session())
    monkeypatch.setitem(app.config, "LAPOR_FOLDERS", [str(tmp_path)])
    monkeypatch.setattr(disk_space, "LEFT_AT_LEAST", 2**60)


def test_with_little_room_a_report_is_asked_for_later(app, db, full, monkeypatch):
    browser = Browser(app)
    typed = typed_into(browser)
    refused = browser.post("/lapor", typed)
    read = browser.get("/laporan")
    monkeypatch.setattr(disk_space, "LEFT_AT_LEAST", 0)
    taken = browser.post("/lapor", typed)

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    assert (read.status_code, taken.status_code) == (200, 200)


def test_the_worker_waits(app, full, monkeypatch):
    monkeypatch.setattr(worker, "SECONDS_BETWEEN_LOOKS_AT_THE_DISK", 0)
    monkeypatch.setattr(worker, "serve", lambda _app: pytest.fail("worked"))

    asyncio.run(worker.serve_while_there_is_room(app))


def test_a_database_elsewhere_has_a_disk_of_its_own(tmp_path):
    assert folders_of({"LAPOR_STORAGE": "s3://bucket"}) == []
    assert not disk_space.is_short({})
    assert not disk_space.is_short({"LAPOR_FOLDERS": [str(tmp_path / "not-there")]})
