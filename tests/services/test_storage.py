import datetime as dt
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lapor_web.services.storage import (
    Bucket,
    Folder,
    NotStored,
    StorageAway,
    new_name,
    open_storage,
)

LATER = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
EARLIER = LATER - dt.timedelta(days=1)


class SmallBucket(BaseHTTPRequestHandler):
    """As much of S3 as we use, spoken over HTTP."""

    files: dict[str, bytes]

    def do_PUT(self):
        self.files[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, headers={"ETag": '"1"'})

    def do_GET(self):
        if "list-type" in self.path:
            self.answer(200, self.listing())
        elif self.path in self.files:
            self.answer(200, self.files[self.path])
        else:
            self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def do_POST(self):  # several at once, which is how S3 deletes
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        names = re.findall(r"<Key>(.*?)</Key>", asked)
        for name in names:
            self.files.pop(f"/lampiran/{name}", None)
        gone = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
        self.answer(200, f"<DeleteResult>{gone}</DeleteResult>".encode())

    def listing(self) -> bytes:
        rows = "".join(
            f"<Contents><Key>{path.rsplit('/', 1)[1]}</Key><Size>{len(content)}</Size>"
            "<LastModified>2026-11-24T00:00:00.000Z</LastModified><ETag>1</ETag></Contents>"
            for path, content in self.files.items()
        )
        return (
            f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode()
        )

    def answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None):
        self.send_response(status)
        for name, value in {
            "Content-Length": str(len(body)),
            "ETag": '"1"',
            "Last-Modified": "Tue, 24 Nov 2026 00:00:00 GMT",
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Quiet."""


@pytest.fixture
def bucket():
    SmallBucket.files = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), SmallBucket)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Bucket(
        "s3://lampiran",
        endpoint=f"http://127.0.0.1:{server.server_port}",
        region="x",
        skip_signature=True,
        client_options={"allow_http": True},
    )
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(params=["folder", "bucket"])
def storage(request, tmp_path):
    return (
        Folder(tmp_path / "lampiran")
        if request.param == "folder"
        else request.getfixturevalue("bucket")
    )


def test_what_was_put_is_there_until_it_is_deleted(storage):
    name = new_name()
    storage.put(name, b"satu")
    storage.put(name, b"dua")
    kept = storage.get(name)
    storage.delete(name)

    assert kept == b"dua"
    with pytest.raises(NotStored):
        storage.get(name)


def test_deleting_what_is_not_there_is_fine(storage):
    storage.delete(new_name())


def test_it_lists_what_is_older_than_an_instant(storage):
    names = {new_name(), f"{new_name()}.clean"}
    for name in names:
        storage.put(name, b"x")

    late = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    assert set(storage.names_before(late)) == names
    assert not set(storage.names_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC)))


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", "a/b", "", "CON", f"{'a' * 32}/x", "A" * 32]
)
def test_a_name_that_is_not_ours_is_no_name(storage, name):
    for touch in (storage.get, storage.delete, lambda name: storage.put(name, b"x")):
        with pytest.raises(ValueError, match=r".*"):
            touch(name)


def test_a_file_is_read_by_its_owner_only(tmp_path):
    name = new_name()
    Folder(tmp_path).put(name, b"x")

    assert (tmp_path / name[:2] / name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / name[:2]).stat().st_mode & 0o777 == 0o700


def test_a_full_disk_leaves_no_half_file(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    folder, name = Folder(tmp_path), new_name()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StorageAway):
            folder.put(name, b"x" * 1000)

    assert not list((tmp_path / name[:2]).iterdir())
    folder.put(name, b"x")
    assert folder.get(name) == b"x"


def test_what_a_crash_left_unfinished_is_removed_when_it_is_old(tmp_path):
    folder, name = Folder(tmp_path), new_name()
    folder.put(name, b"x")
    half = tmp_path / name[:2] / f"{name}-00000000.part"
    half.write_bytes(b"x")

    assert not list(folder.names_before(EARLIER))
    assert half.exists()
    assert list(folder.names_before(LATER)) == [name]
    assert not half.exists()


def test_a_bucket_that_does_not_answer_is_away(tmp_path):
    bucket = Bucket(
        "s3://lampiran",
        endpoint="http://127.0.0.1:9",
        region="x",
        skip_signature=True,
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )
    with pytest.raises(StorageAway):
        bucket.put(new_name(), b"x")


def test_the_setting_names_a_folder_or_a_bucket(tmp_path):
    assert isinstance(open_storage(str(tmp_path)), Folder)
    assert isinstance(open_storage("s3://lampiran"), Bucket)


def test_under_gevent_others_go_on_while_a_disk_is_slow(tmp_path):
    """In a process of its own, since patching cannot be taken back."""
    code = """
from gevent import monkey; monkey.patch_all()
import os, sys, gevent
from lapor_web.services.storage import Folder, NotStored, new_name
busy = monkey.get_original('_thread', 'allocate_lock')()
busy.acquire()
real = os.fsync
def slow(handle):
    assert busy.acquire(timeout=10)  # which only another greenlet lets go
    busy.release()
    real(handle)
os.fsync = slow
folder, name = Folder(__import__('pathlib').Path(sys.argv[1])), new_name()
writing = gevent.spawn(folder.put, name, b'x')
gevent.sleep(0)
busy.release()
writing.get(timeout=20)
assert folder.get(name) == b'x'
try:
    folder.get(new_name())
except NotStored:
    print('none')
"""
    answer = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "none\n", "")
