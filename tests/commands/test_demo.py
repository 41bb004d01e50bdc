"""`lapor demo` as a visitor runs it: what it says, what answers, and what is left afterwards."""

import re
import tempfile
from argparse import Namespace
from pathlib import Path

import pytest
from serving_city import Serving, all_gone, eventually, free_port, get

from lapor_web.city_folder import is_demo, mark_as_demo, secret_of
from lapor_web.commands import CommandRefused, demo
from lapor_web.models import Role, User
from lapor_web.services.seed import seed


@pytest.fixture(scope="module")
def folder():
    """Not tmp_path: that lies under a folder that the database's user may not enter."""
    with tempfile.TemporaryDirectory(prefix="lapor-test-") as parent:
        Path(parent).chmod(0o711)
        yield Path(parent) / "kota"


@pytest.fixture
def serving():
    started = []

    def start(*arguments: str, **environ: str) -> Serving:
        started.append(Serving("demo", "--reports", "0", *arguments, **environ))
        return started[-1]

    yield start
    for one in started:
        one.close()


def test_a_visitor_is_told_where_and_how_and_ctrl_c_leaves_nothing(serving, folder):
    port = free_port()

    city = serving("--port", str(port), LAPOR_DATA_DIR=str(folder))

    city.wait_for("Tekan Ctrl-C")
    assert f"http://localhost:{port}" in city.said
    assert re.search(r"kata sandi \S{12}\n", city.said)
    for username in ("koordinator", "pupr", "atasan.pupr", "kec.sungaikunjang", "inspektorat"):
        assert re.search(rf"^  {username} +\w+", city.said, re.M)
    assert len(re.findall(r"SMR-\d+-\d   (?:\w{4}-){3}\w{4}", city.said)) == 4
    for path in ("/", "/laporan", "/masuk", "/lacak", "/statistik"):
        assert get(f"http://127.0.0.1:{port}{path}")[0] == 200
    assert (folder / "secret-key").stat().st_mode & 0o777 == 0o600

    children = city.children()
    assert len(children) >= 5
    assert city.interrupt() == 0
    eventually(lambda: all_gone(children))
    assert "Traceback" not in city.said


def test_a_city_that_is_there_is_used_again(serving, folder):
    """Runs after the test before it, which made the city; made anew it is the same."""
    first = serving("--port", str(free_port()), LAPOR_DATA_DIR=str(folder))
    first.wait_for("Tekan Ctrl-C")
    first.interrupt()

    again = serving(
        "--port", str(free_port()), LAPOR_DATA_DIR=str(folder), LAPOR_DEMO_PASSWORD="pilihan saya"
    )

    again.wait_for("Tekan Ctrl-C")
    assert "yang sudah ada" in again.said
    assert "kata sandi pilihan saya" in again.said
    assert examples_in(again.said) == examples_in(first.said)

    beside = serving("--port", str(free_port()), LAPOR_DATA_DIR=str(folder))
    assert beside.process.wait(60) == 1
    beside.wait_for("sedang berjalan")

    children = again.children()
    again.kill()
    eventually(lambda: all_gone(children))


def examples_in(said: str) -> list[str]:
    return re.findall(r"SMR-\S+   \S+", said)


@pytest.mark.parametrize("end", ["interrupt", "kill"])
def test_stopped_while_it_begins_it_leaves_neither_process_nor_folder(serving, end):
    with tempfile.TemporaryDirectory(prefix="lapor-test-") as temporary:
        Path(temporary).chmod(0o711)
        city = serving("--port", str(free_port()), TMPDIR=temporary)
        city.wait_for("Mengarang")
        children = city.children()
        assert list(Path(temporary).glob("lapor-demo-*"))

        getattr(city, end)()

        eventually(lambda: all_gone(children))
        eventually(lambda: list(Path(temporary).iterdir()) == [])
        assert "Traceback" not in city.said


def test_a_city_of_real_people_is_not_made_a_demo(db, tmp_path):
    agency = seed(db.session(), "samarinda")
    db.session.add(
        User(agency_id=agency.id, username="sungguhan", name="Sungguhan", role=Role.COORDINATOR)
    )
    db.session.flush()

    with pytest.raises(CommandRefused, match="kota sungguhan"):
        demo.fill_unless_filled(tmp_path, Namespace(seed=1, reports=0))

    assert not is_demo(tmp_path)


def test_a_demo_is_remembered_as_one(tmp_path):
    assert not is_demo(tmp_path)

    mark_as_demo(tmp_path)

    assert is_demo(tmp_path)


def test_the_secret_of_a_folder_is_made_once(tmp_path):
    secret = secret_of(tmp_path)

    assert len(secret) >= 32
    assert secret_of(tmp_path) == secret
    assert secret_of(tmp_path.parent) != secret


def test_a_demo_has_settings_of_its_own_and_sends_nothing(tmp_path, monkeypatch):
    for name in demo.NOT_FOR_A_DEMO:
        monkeypatch.setenv(name, "the real one")

    environ = demo.environment(tmp_path, "postgresql:///demo", "127.0.0.1", 8123)

    assert "the real one" not in environ.values()
    assert environ["LAPOR_BASE_URL"] == "http://localhost:8123"
    assert not {"LAPOR_MAIL_URL", "LAPOR_MESSAGE_URL"} & set(environ)
