"""A city that calls itself otherwise: every process that heard of it says so at its next page."""

import threading

from browser import Browser
from factories import make_agency

from lapor_web import city, live


class Told:
    def __init__(self):
        self.nudged = threading.Event()


def test_a_process_reads_its_copy_again_when_it_is_told(app, db, monkeypatch):
    agency = make_agency(service_name="Lapor Lama")
    db.session.add(agency)
    db.session.flush()
    told = Told()
    # As in production: a copy is kept for half a minute.
    monkeypatch.setattr(app, "testing", False)
    monkeypatch.setitem(app.extensions, "lapor_city", city._Kept(city.keys(), told_by=told))

    assert "Lapor Lama" in Browser(app).get("/bantuan").text
    agency.service_name = "Lapor Baru"
    assert "Lapor Lama" in Browser(app).get("/bantuan").text
    told.nudged.set()
    assert "Lapor Baru" in Browser(app).get("/bantuan").text


def test_each_process_that_serves_listens_once(app, db, monkeypatch):
    db.session.add(make_agency())
    joined = []
    monkeypatch.setattr(app, "testing", False)
    monkeypatch.setitem(app.extensions, "lapor_city", city._Kept(city.keys()))
    monkeypatch.setattr(
        live.Feed, "join", lambda feed, topics, most: joined.append(set(topics)) or Told()
    )
    for _ in range(2):
        Browser(app).get("/bantuan")

    assert joined == [{"city"}]
