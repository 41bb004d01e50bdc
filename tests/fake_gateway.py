"""A message gateway in a thread, over real HTTP: well-behaved until it is told not to be."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict:
        return json.loads(self.body)


@dataclass
class FakeGateway:
    """`answers` come first, in order; afterwards everything is taken. An answer is a status and a
    body, or "drop", or "drip", or a status with a Location."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: list = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    may_end: threading.Event = field(default_factory=threading.Event)
    away: threading.Event = field(default_factory=threading.Event)
    """Set: it answers that it cannot, whatever it is asked."""
    seconds: float = 0.0
    """That it takes for an answer."""
    taken: list[str] = field(default_factory=list)
    """The keys of what it took."""

    def keys(self) -> list[str]:
        return [one.headers["Idempotency-Key"] for one in self.asked if one.method == "POST"]


def handler_for(gateway: FakeGateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_) -> None:
            pass

        def do_POST(self) -> None:
            self.take()

        def do_GET(self) -> None:
            self.take()

        def take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            gateway.asked.append(Asked(self.command, self.path, dict(self.headers), body))
            answer = gateway.answers.pop(0) if gateway.answers else self.usual()
            if answer == "drop":
                self.close_connection = True
                return
            if answer == "drip":
                self.drip()
                return
            status, content, *more = answer
            content = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            for name, value in (more[0] if more else {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def usual(self):
            name = self.path.rsplit("/", 1)[-1].partition("?")[0]
            if gateway.away.is_set():
                return 503, {}
            if self.command == "GET" and name in gateway.media:
                return 200, gateway.media[name]
            if self.command == "GET" and name.startswith("media-"):
                return 200, {"url": f"{gateway.url}/v23.0/{name.removeprefix('media-')}"}
            if self.command == "GET" and not self.path.startswith("/sms"):
                return 404, {}
            time.sleep(gateway.seconds)
            number = len(gateway.asked)
            gateway.taken.append(self.headers.get("Idempotency-Key", ""))
            return 200, {"id": f"msg-{number}", "messages": [{"id": f"wamid.{number}"}]}

        def drip(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "1000000")
            self.end_headers()
            self.close_connection = True
            while not gateway.may_end.wait(0.02):
                try:
                    self.wfile.write(b"x")
                    self.wfile.flush()
                except OSError:
                    return

    return Handler


@contextmanager
def serving() -> Iterator[FakeGateway]:
    gateway = FakeGateway()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(gateway))
    server.daemon_threads = True
    gateway.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield gateway
    finally:
        gateway.may_end.set()
        server.shutdown()
        server.server_close()
        thread.join()
