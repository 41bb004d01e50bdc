"""Little everywhere, photos where a view says so."""

import socket
import threading
from unittest.mock import MagicMock, call

import pytest
from sqlalchemy import func, select
from werkzeug.serving import make_server

from lapor_web import body_size
from lapor_web.body_size import WITH_FILES, WITHOUT_FILES
from lapor_web.models import Attachment

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"


@pytest.mark.parametrize(
    ("address", "kind", "most"),
    [
        ("/lapor", MULTIPART, WITH_FILES),
        ("/lapor", FORM, WITHOUT_FILES),
        ("/lapor/kirim", MULTIPART, WITHOUT_FILES),
        ("/lacak", FORM, WITHOUT_FILES),
    ],
)
def test_a_body_over_the_limit_is_refused_unread(app, db, address, kind, most):
    client = app.test_client()
    for size, refused in ((most, False), (most + 1, True)):
        claimed = {"CONTENT_LENGTH": str(size), "CONTENT_TYPE": kind}
        answer = client.post(address, environ_overrides=claimed)

        assert (answer.status_code == 413) is refused


@pytest.mark.parametrize("address", ["/lapor", "/lapor/kirim"])
def test_a_body_that_falls_silent_is_not_waited_for(app, db, monkeypatch, address):
    """S-27: at nine tenths it stops and stays open. Nothing of it is left."""
    monkeypatch.setattr(body_size, "SECONDS_OF_SILENCE", 0.2)
    body = (
        b'--x\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'
        + b"x" * 900
    )
    head = f"POST {address} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {MULTIPART}\r\n"
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    with socket.create_connection(server.server_address) as slow:
        slow.settimeout(10)
        slow.sendall(f"{head}Content-Length: {len(body) + 100}\r\n\r\n".encode() + body)
        answer = slow.recv(65536)
    thread.join()
    server.server_close()

    assert answer.split(b" ")[1] == b"400"
    assert db.session.scalar(select(func.count()).select_from(Attachment)) == 0


@pytest.mark.parametrize("kind", ["gunicorn.socket", "werkzeug.socket"])
@pytest.mark.parametrize("address", ["/lapor", "/nowhere"])
def test_the_answer_may_take_its_time(app, db, kind, address):
    """A slow phone that saves a video, say."""
    line = MagicMock()
    app.test_client().post(address, environ_overrides={kind: line})

    assert line.settimeout.mock_calls == [call(body_size.SECONDS_OF_SILENCE), call(None)]
