import fcntl
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

from serving_city import eventually

from lapor_web import janitor
from lapor_web.janitor import throw_away_folder

STARTER = """
import sys
from lapor_web.janitor import throw_away_folder
with throw_away_folder("lapor-test-janitor-") as folder:
    (folder / "file").touch()
    print(folder, flush=True)
    sys.stdin.read()
"""


def test_the_folder_is_gone_afterwards():
    with throw_away_folder("lapor-test-janitor-") as folder:
        (folder / "inside").mkdir()
        (folder / "inside" / "file").touch()

    assert not folder.exists()


def test_so_it_is_when_its_starter_is_killed():
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    folder = Path(starter.stdout.readline().strip())
    assert (folder / "file").exists()

    starter.kill()
    starter.communicate()

    eventually(lambda: not folder.exists())


def test_what_the_server_keeps_elsewhere_goes_with_it(tmp_path):
    folder, home, sockets = (tmp_path / name for name in ("folder", "home", "sockets"))
    for one in (folder, home / "cluster", sockets):
        one.mkdir(parents=True)
    (home / "postgres.log").touch()
    (folder / "cluster").symlink_to(home / "cluster")
    (folder / "socket").symlink_to(sockets)

    janitor.clean_up(folder)

    assert list(tmp_path.iterdir()) == []


def test_a_database_that_still_runs_is_awaited(tmp_path, monkeypatch):
    monkeypatch.setattr(janitor, "SECONDS_TO_WAIT", 0.3)
    waited = []
    # A stand-in of its own: the real one is every thread's, and not all of them are this test's.
    its_time = SimpleNamespace(sleep=waited.append, monotonic=time.monotonic)
    monkeypatch.setattr(janitor, "time", its_time)
    with open(tmp_path / "running", "w") as running:
        fcntl.flock(running, fcntl.LOCK_EX)
        janitor.wait_for_the_database(tmp_path)

    assert waited
    waited.clear()
    janitor.wait_for_the_database(tmp_path)
    assert waited == []
