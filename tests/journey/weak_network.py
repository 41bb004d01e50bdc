"""A network between phone and server that breaks where a test says so, and keeps account.

The test server answers one request a connection, so a connection stands for a request.
"""

import contextlib
import re
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

Cut = Callable[["Passing"], int | None]
"""After how many bytes of its body a request is cut; None lets it pass."""
ANSWER = -1
"""In place of a number: the request arrives, and its answer is lost."""


@dataclass
class Passing:
    """A request on its way."""

    line: str
    headers: str
    nth: int
    """Which of those with this method it is, from 1."""

    def header(self, name: str) -> int:
        found = re.search(rf"(?mi)^{name}: (\d+)", self.headers)
        return int(found[1]) if found else 0


@dataclass
class WeakNetwork:
    server: tuple[str, int]
    cut: Cut = lambda _: None
    passed: list[Passing] = field(default_factory=list)
    cuts: int = 0

    def __enter__(self) -> "WeakNetwork":
        self._door = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._listen)]
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for thread in self._threads:
            thread.join(30)

    @property
    def url(self) -> str:
        return f"http://localhost:{self._door.getsockname()[1]}"

    def requests(self, method: str) -> list[Passing]:
        return [one for one in self.passed if one.line.startswith(f"{method} ")]

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                phone, _ = self._door.accept()
                thread = threading.Thread(target=self._carry, args=(phone,))
                self._threads.append(thread)
                thread.start()

    def _carry(self, phone: socket.socket) -> None:
        phone.settimeout(60)
        with phone, contextlib.suppress(OSError):
            head, body = self._read_head(phone)
            if not head:
                return
            line, _, headers = head.decode("latin-1").partition("\r\n")
            method = line.split(" ")[0]
            one = Passing(line, headers, len(self.requests(method)) + 1)
            self.passed.append(one)
            allowed = self.cut(one)
            with socket.create_connection(self.server, timeout=60) as server:
                server.sendall(head)
                rest = one.header("Content-Length")
                if allowed is not None and allowed != ANSWER:
                    self._pump(phone, server, body, allowed)
                    self._break(phone)
                    return
                self._pump(phone, server, body, rest)
                if allowed == ANSWER:
                    while server.recv(65536):
                        pass
                    self._break(phone)
                    return
                while answer := server.recv(65536):
                    phone.sendall(answer)

    @staticmethod
    def _read_head(phone: socket.socket) -> tuple[bytes, bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            more = phone.recv(65536)
            if not more:
                return b"", b""
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        return head + b"\r\n\r\n", body

    @staticmethod
    def _pump(phone: socket.socket, server: socket.socket, body: bytes, count: int) -> None:
        server.sendall(body[:count])
        count -= len(body[:count])
        while count > 0:
            more = phone.recv(min(count, 65536))
            if not more:
                return
            server.sendall(more)
            count -= len(more)

    def _break(self, phone: socket.socket) -> None:
        """As a dead network does it: no farewell, an error on the phone."""
        self.cuts += 1
        phone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
