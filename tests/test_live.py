"""Live streams: what is announced is heard, by those who still may, and by nobody too many."""

import queue
import threading

import pytest
from flask import Flask
from serving_city import eventually
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException, NotAcceptable

from lapor_web import live
from lapor_web.live import Frame
from lapor_web.services.events import announce

SECONDS = 10
ASKS_FOR_EVENTS = {"Accept": "text/event-stream"}


class Screen:
    """An EventSource: its events arrive in a queue."""

    def __init__(self, app: Flask, look, topics=("here",), **headers):
        self.app = app
        self.heard: queue.Queue[dict[str, str]] = queue.Queue()
        self.closing = threading.Event()
        self.thread = threading.Thread(target=self.read, args=(look, topics, headers))
        self.thread.start()

    def read(self, look, topics, headers):
        """All in one thread, as a server does it."""
        with self.app.test_request_context(headers=ASKS_FOR_EVENTS | headers):
            try:
                answer = live.stream(look, topics)
            except HTTPException as refused:
                self.heard.put({"event": str(refused.code)})
                return
            for chunk in answer.response:
                if not chunk.startswith("retry"):
                    self.heard.put(self.parse(chunk))
                if self.closing.is_set():
                    break
            answer.close()
        self.heard.put({"event": "closed"})

    def parse(self, chunk: str) -> dict[str, str]:
        event: dict[str, str] = {}
        for line in chunk.strip().splitlines():
            name, _, value = line.partition(": ")
            event[name] = f"{event[name]}\n{value}" if name in event else value
        return event

    def next(self, kind: str) -> dict[str, str]:
        """The next event of that kind; the beats between are passed over."""
        while True:
            event = self.heard.get(timeout=SECONDS)
            found = event.get("event", "message")
            if found == kind:
                return event
            assert found == "beat", event

    def close(self):
        """As a browser that goes away: noticed when it is next written to."""
        self.closing.set()
        for listener in list(live.feed_of(self.app)._listeners):
            listener.nudged.set()
        self.thread.join(SECONDS)
        assert not self.thread.is_alive()


@pytest.fixture
def shown():
    return {"id": "1", "data": "satu"}


@pytest.fixture
def screens(app, engine, monkeypatch, shown):
    """Opens screens; looks are far apart, so that only what is announced is seen."""
    monkeypatch.setattr(live, "SECONDS_BETWEEN_LOOKS", 3600)
    opened = []

    def open_screen(look=lambda: Frame(**shown), **how) -> Screen:
        opened.append(Screen(app, look, **how))
        return opened[-1]

    yield open_screen
    for screen in opened:
        screen.close()
    assert live.feed_of(app).open == 0


def tell(engine, topic: str, *, keep: bool = True) -> None:
    with Session(engine) as session:
        announce(session, topic)
        session.commit() if keep else session.rollback()


def test_a_screen_shows_what_is_there_and_then_what_was_announced(screens, engine, shown):
    screen = screens()
    assert screen.next("message") == {"id": "1", "data": "satu"}
    screen.next("beat")  # the listener is there, and has made it look once more
    shown |= {"id": "2", "data": "dua\nbaris"}

    tell(engine, "here")

    assert screen.next("message") == {"id": "2", "data": "dua\nbaris"}


def test_of_another_topic_or_undone_nothing_is_heard(screens, engine, shown):
    screen = screens()
    screen.next("message")
    shown |= {"id": "2"}
    tell(engine, "elsewhere")
    tell(engine, "here", keep=False)
    shown |= {"id": "3"}
    tell(engine, "here")

    # The look that the listener's beginning causes may still see the second.
    seen = [screen.next("message")["id"]]
    if seen == ["2"]:
        seen = [screen.next("message")["id"]]
    assert seen == ["3"]


def test_who_comes_back_is_not_shown_twice_what_it_has(screens, engine, shown):
    screen = screens(**{"Last-Event-ID": "1"})
    screen.next("beat")
    shown |= {"id": "2"}
    tell(engine, "here")

    assert screen.next("message")["id"] == "2"


def test_a_stream_ends_when_one_may_not_look_any_more(screens, engine):
    may = [True]
    screen = screens(lambda: Frame("1", "satu") if may else None)
    screen.next("message")
    may.clear()
    tell(engine, "here")

    screen.next("end")
    screen.next("closed")


def test_all_streams_end_with_the_process(app, screens, monkeypatch):
    screen = screens()
    screen.next("message")
    monkeypatch.setattr(live.feed_of(app), "stops", lambda: True)

    screen.next("closed")


def test_a_database_that_goes_away_ends_the_silence_not_the_process(screens):
    def look():
        raise OperationalError("SELECT", {}, Exception("away"))

    screens(look).next("closed")


def test_who_listens_tells_that_the_database_went_and_that_it_is_back(
    app, engine, screens, monkeypatch
):
    """The kept connections of before are dead, and no page shall find out by failing."""
    told: queue.Queue[bool] = queue.Queue()
    monkeypatch.setattr(live, "SECONDS_BEFORE_ANOTHER_TRY", 0.01)
    monkeypatch.setattr(live.feed_of(app), "_when_lost", lambda: told.put(True))
    screens().next("message")

    def end_who_listens() -> bool:
        with engine.begin() as connection:
            return connection.execute(text(END_WHO_LISTENS)).first() is not None

    eventually(end_who_listens)

    assert told.get(timeout=SECONDS)
    assert told.get(timeout=SECONDS)


END_WHO_LISTENS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE query LIKE 'LISTEN %' AND datname = current_database()
"""


def test_an_address_has_so_many_and_no_more(app, screens, monkeypatch):
    monkeypatch.setattr(live, "MOST_FROM_AN_ADDRESS", 2)
    first, second = screens(), screens()
    first.next("message"), second.next("message")
    screens().next("429")
    first.close()

    screens().next("message")


def test_a_page_that_wants_no_events_gets_none(app):
    with app.test_request_context(), pytest.raises(NotAcceptable):
        live.stream(lambda: Frame("1", ""), ["here"])


def test_nobody_listens_where_no_screen_is_open(app, screens):
    screen = screens()
    screen.next("message")
    feed = live.feed_of(app)
    hearing = feed._hearing
    screen.close()
    hearing.join(SECONDS)

    assert not hearing.is_alive()
    assert feed._hearing is None
