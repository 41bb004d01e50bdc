"""Live screens: server-sent events, fed by one LISTEN a process (promises 7 and 15).

A screen says what it looks at (`topics`) and how to look (`look`). It looks when somebody
announced one of its topics (`services.events`), and every few seconds anyway: whether it still
may, whether something came in that nobody announced. It is sent only what differs from what it
was sent last, and tells by `Last-Event-ID` what that was; so nothing is missed and nothing is
shown twice, whatever was restarted in between.

Under gevent a stream costs a few kilobytes. Under a threaded server it costs a thread.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import psycopg
from flask import Flask, Response, abort, current_app, request, stream_with_context
from sqlalchemy.exc import DBAPIError

from lapor_web.extensions import db
from lapor_web.quiet_ends import end_quietly
from lapor_web.services.events import CHANNEL
from lapor_web.sign_in import token_of_this_browser

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 8.0
"""At most so long does a stream outlive its rights; a screen that hears nothing for twice as long
calls itself stale."""
SECONDS_BETWEEN_BREATHS = 0.5
"""Of the listener: how soon it sees that nobody listens any more, or that the process is to end."""
SECONDS_TO_CONNECT = 5
SECONDS_BEFORE_ANOTHER_TRY = 1.0
MILLISECONDS_BEFORE_RECONNECTING = 1000

MOST_FROM_AN_ADDRESS = 60
"""Streams of one process. A meeting room, or a whole office, has one address (S-74)."""
MOST_OF_A_SESSION = 12
"""Of one signed-in browser: so many tabs."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a screen shows now. Equal ids mean that nothing on it changed."""

    id: str
    data: str
    beat: str = ""
    """Said at every look, for the screen to show how fresh it is."""
    topics: frozenset[str] | None = None
    """What to listen to from here on, where that changed with what there is to see."""


Look = Callable[[], Frame | None]
"""Reads the database anew; None when one may not look any more, and the stream ends."""


def stream(look: Look, topics: Collection[str], *, rest: float = 0.0) -> Response:
    """The answer to an EventSource: `message` events with the data of each new frame, `beat`
    events between them, and `end` when it is over for good. 406 to whoever asks for no events,
    429 to whoever has too many open. `rest` is how long a screen that costs something waits at
    least between two looks, however often it is nudged."""
    if "text/event-stream" not in request.headers.get("Accept", ""):
        abort(406)
    feed = feed_of(current_app)
    listener = feed.join(topics, holders())
    if listener is None:
        abort(429)
    last = request.headers.get("Last-Event-ID") or request.args.get("sejak", "")
    response = Response(
        stream_with_context(frames(feed, listener, look, last, rest)), mimetype="text/event-stream"
    )
    response.headers["X-Accel-Buffering"] = "no"
    # Also where the answer was never begun.
    response.call_on_close(lambda: feed.leave(listener))
    return response


def holders() -> dict[str, int]:
    """Whom a stream counts for, and how many each may have."""
    counted = {f"address {request.remote_addr}": MOST_FROM_AN_ADDRESS}
    if token := token_of_this_browser():
        counted[f"session {token}"] = MOST_OF_A_SESSION
    return counted


def frames(feed: "Feed", listener: "Listener", look: Look, last: str, rest: float) -> Iterator[str]:
    try:
        yield f"retry: {MILLISECONDS_BEFORE_RECONNECTING}\n\n"
        yield from _looks(feed, listener, look, last, rest)
    finally:
        # Here too: not every server closes the answer of a connection that broke.
        feed.leave(listener)


def _looks(feed: "Feed", listener: "Listener", look: Look, last: str, rest: float) -> Iterator[str]:
    while True:
        listener.nudged.clear()
        if not feed.serves():  # asked after the nudge is put back, lest that of the end be lost
            return
        try:
            frame = look()
            end_quietly()
        except DBAPIError as error:
            # The screen notices the silence, and comes back when there is something to look at.
            logger.warning("a live screen could not look: %s", type(error.orig).__name__)
            return
        finally:
            db.session.remove()  # no connection is held by a screen that waits
        if frame is None:
            yield as_event("end", "")
            return
        if frame.id != last:
            last = frame.id
            yield as_event("message", frame.data, frame.id)
        yield as_event("beat", frame.beat)
        if frame.topics is not None and frame.topics != listener.topics:
            listener.topics = frame.topics
            continue  # what was announced before it listened, it looks for itself
        time.sleep(rest)
        listener.nudged.wait(SECONDS_BETWEEN_LOOKS)


def as_event(kind: str, data: str, event_id: str = "") -> str:
    lines = [f"event: {kind}"] if kind != "message" else []
    lines += [f"id: {event_id}"] if event_id else []
    lines += [f"data: {line}" for line in data.splitlines() or [""]]
    return "\n".join(lines) + "\n\n"


# ---- who listens ----


@dataclass(eq=False, slots=True)
class Listener:
    topics: frozenset[str]
    holders: tuple[str, ...]
    nudged: threading.Event = field(default_factory=threading.Event)


class Feed:
    """The open streams of this process, and the connection that hears for them all."""

    def __init__(self, connect_with: dict[str, Any], when_lost: Callable[[], None] = lambda: None):
        self._connect_with = connect_with
        """What psycopg is given, beside how it shall commit."""
        self._when_lost = when_lost
        """It hears at once that the database is gone, where a page would find out by failing."""
        self._deaf = False
        self._lock = threading.Lock()
        self._listeners: set[Listener] = set()
        self._held: Counter[str] = Counter()
        self._hearing: threading.Thread | None = None
        self.stops: Callable[[], bool] = lambda: False
        """Asked whether this process is about to end; the web server's settings set it."""

    def end(self) -> None:
        """For a server that stops while its process lives on: back when nothing listens any more;
        every stream was woken to its end."""
        self.stops = lambda: True
        hearing = self._hearing
        self._nudge(lambda listener: True)
        if hearing is not None:
            hearing.join()

    def serves(self) -> bool:
        return not self.stops()

    def join(self, topics: Collection[str], most: dict[str, int]) -> Listener | None:
        """None where one of the holders, each with how many it may have, has enough."""
        with self._lock:
            if any(self._held[holder] >= limit for holder, limit in most.items()):
                return None
            listener = Listener(frozenset(topics), tuple(most))
            self._listeners.add(listener)
            self._held.update(listener.holders)
            if self._hearing is None:
                self._hearing = threading.Thread(target=self._hear, daemon=True, name="live")
                self._hearing.start()
        return listener

    def leave(self, listener: Listener) -> None:
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)
                self._held.subtract(listener.holders)
                self._held += Counter()  # forgets who has none

    @property
    def open(self) -> int:
        return len(self._listeners)

    def _hear(self) -> None:
        me = threading.current_thread()
        while self._is_wanted(me):
            try:
                self._listen(me)
            except psycopg.Error as error:
                self._deaf = True
                self._when_lost()
                logger.warning("live screens hear nothing: %s", type(error).__name__)
                time.sleep(SECONDS_BEFORE_ANOTHER_TRY)

    def _listen(self, me: threading.Thread) -> None:
        with psycopg.connect(**self._connect_with, autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            if self._deaf:  # it may have gone and come once more while nobody heard
                self._deaf = False
                self._when_lost()
            # What was announced before we listened, nobody heard.
            self._nudge(lambda listener: True)
            while self._is_wanted(me):
                for told in connection.notifies(timeout=SECONDS_BETWEEN_BREATHS):
                    topic = told.payload
                    self._nudge(lambda listener, topic=topic: topic in listener.topics)  # type: ignore[misc]

    def _nudge(self, concerned: Callable[[Listener], bool]) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            if concerned(listener):
                listener.nudged.set()

    def _is_wanted(self, me: threading.Thread) -> bool:
        """Hearing ends with the last stream, or with the process, which wakes them all to their end."""
        ends = self.stops()
        if ends:
            self._nudge(lambda listener: True)
        with self._lock:
            if self._hearing is me and (ends or not self._listeners):
                self._hearing = None
            return self._hearing is me


def init_app(app: Flask) -> None:
    with app.app_context():
        engine = db.engine
    _, connect_with = engine.dialect.create_connect_args(engine.url)
    # Kept connections of a database that was restarted are dead: the first page after its return
    # would be a 503 in each process, however late it is asked for.
    app.extensions["lapor_live"] = Feed(
        {"connect_timeout": SECONDS_TO_CONNECT, **connect_with}, engine.dispose
    )


def feed_of(app: Flask) -> Feed:
    return cast(Feed, app.extensions["lapor_live"])
