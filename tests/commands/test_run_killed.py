"""`lapor run` survives `kill -9` of any of its parts, and starts again over what is left."""

import os
import signal

import pytest
from faults.city import City, city
from serving_city import eventually

from lapor_web.janitor import throw_away_folder


@pytest.fixture(scope="module")
def running():
    with city() as one:
        one.start()
        one.wait_until_well()
        yield one


@pytest.mark.parametrize("part", ["web process", "web", "worker", "postgres"])
def test_a_part_that_is_killed_is_replaced(running: City, part):
    running.wait_until_well()
    killed = running.kill(part)

    eventually(lambda: running.parts()[part] and killed not in running.parts()[part], 60)
    running.wait_until_well()


def test_all_of_it_killed_at_once_it_starts_over_what_is_left(running: City):
    running.wait_until_well()
    before = running.value("SELECT count(*) FROM opd")
    cluster = running.folder / "cluster"
    running.kill_everything()
    stale = (cluster / "postmaster.pid").exists()
    # A living process now has the number that the dead server had.
    lines = (cluster / "postmaster.pid").read_text().splitlines()
    (cluster / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]))
    (running.folder / "secret-key.new").write_text("half")
    (running.folder / "cluster.new-abc").mkdir()
    running.start()
    running.wait_until_well()

    assert stale
    assert running.value("SELECT count(*) FROM opd") == before


def test_a_throw_away_folder_goes_though_its_janitor_was_killed(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with throw_away_folder("kota-") as folder:
        (folder / "file").touch()
        eventually(lambda: janitors_of(folder))
        for task in janitors_of(folder):
            os.kill(task, signal.SIGKILL)

    assert not folder.exists()


def janitors_of(folder) -> list[int]:
    """None as long as the one that was begun is not yet itself."""
    tasks = [task for task in os.listdir("/proc") if task.isdigit()]
    return [
        int(task)
        for task in tasks
        if "janitor.py" in command(task) and str(folder) in command(task)
    ]


def command(pid: str) -> str:
    try:
        with open(f"/proc/{pid}/cmdline") as file:
            return file.read()
    except OSError:
        return ""
