"""S-12 and S-27 at the real web server: a body without end is ended, and holds up nobody meanwhile."""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving_city import eventually, free_port, get

from lapor_web import body_size
from lapor_web.resources import resource

TESTS = Path(__file__).parent
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"

MOST_READ = 8 * 1024 * 1024
"""Much more than any form, and all that stands in the buffers of two sockets."""


@pytest.fixture(scope="module")
def port(server, app, tmp_path_factory) -> Iterator[int]:
    port = free_port()
    ended = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "wsgi_in_a_hurry:app"),
            *("--config", str(resource("gunicorn.conf.py")), "--bind", f"127.0.0.1:{port}"),
            *("--chdir", str(TESTS)),
        ],
        env=os.environ
        | {
            "SECRET_KEY": "only-for-tests-" * 4,
            "DATABASE_URL": server.url,
            "LAPOR_STORAGE": str(tmp_path_factory.mktemp("lampiran")),
            "LAPOR_BASE_URL": f"http://localhost:{port}",
            "WEB_CONCURRENCY": "1",
        },
        stderr=subprocess.DEVNULL,
    )
    eventually(lambda: is_open(port), 120)
    yield port
    ended.terminate()
    ended.wait(60)


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def begin(port: int, line: str, kind: str) -> socket.socket:
    """A chunked body, of which the first piece is sent."""
    sender = socket.create_connection(("127.0.0.1", port), timeout=60)
    ours = f"Host: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n"
    head = f"Content-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n"
    sender.sendall(f"{line} HTTP/1.1\r\n{ours}{head}5\r\nstory\r\n".encode())
    return sender


def test_a_chunked_body_without_end_is_ended(port):
    """S-12: within ten seconds, without a fault of ours."""
    asked = [
        *(("POST /lapor", FORM), ("POST /lapor", MULTIPART), ("POST /lapor/kirim", FORM)),
        *(("POST /lacak", FORM), ("POST /masuk", FORM), ("POST /tidak-ada", FORM)),
    ]
    senders = [begin(port, *one) for one in asked]
    assert (
        get(f"http://127.0.0.1:{port}/bantuan")[0] == 200
    )  # its one process serves others meanwhile
    answers = [sender.recv(65536).decode().split(" ")[1] for sender in senders]
    for sender in senders:
        sender.close()

    assert answers == ["400"] * 5 + ["404"]
    assert body_size.SECONDS_OF_SILENCE <= 10


def test_a_chunked_body_that_never_stops_is_not_read_to_its_end(port):
    sender = begin(port, "POST /lapor/kirim", FORM)
    piece = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    pieces = 0
    with contextlib.suppress(ConnectionError):  # it may close while we are sending
        while pieces < MOST_READ // 0x10000 and not is_answered(sender):
            sender.sendall(piece)
            pieces += 1
    status = sender.recv(65536).decode().split(" ")[1]
    sender.close()

    assert status in {"403", "413"}  # of what was read of it, no token of ours


def is_answered(sender: socket.socket) -> bool:
    sender.setblocking(False)
    try:
        return bool(sender.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False
    finally:
        sender.settimeout(60)
