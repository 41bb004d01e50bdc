"""`lapor backup` and `lapor restore` as they are typed."""

import os
import subprocess
import sys

import pytest

SECRET = "only for tests, long enough " * 2


@pytest.fixture
def lapor(tmp_path):
    def lapor(*arguments: str, url: str, secret: str = SECRET) -> subprocess.CompletedProcess[str]:
        environ = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": url,
            "SECRET_KEY": secret,
            "LAPOR_STORAGE": str(tmp_path / "storage"),
        }
        return subprocess.run(
            [sys.executable, "-P", "-m", "lapor_web", *arguments],
            env=environ,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return lapor


def test_there_and_back(lapor, empty_database, tmp_path):
    full, bare = empty_database("typed_full"), empty_database("typed_bare")
    key, folder = tmp_path / "key", str(tmp_path / "backups")
    key.write_text("sungai mahakam pasang surut")
    for arguments in (["migrate"], ["seed"], ["sample", "50"]):
        assert lapor(*arguments, url=full).returncode == 0
    made = lapor("backup", folder, "--kunci", str(key), url=full)
    refused = lapor("restore", folder, url=bare)
    brought = lapor("restore", folder, "--kunci", str(key), url=bare)
    again = lapor("restore", folder, "--kunci", str(key), url=bare, secret="another " * 8)
    counted = lapor("recount", url=bare)

    assert (made.returncode, made.stderr) == (0, "")
    assert "SECRET_KEY tidak ikut" in made.stdout
    assert refused.returncode == again.returncode == 1
    for answer in (refused, again):
        assert answer.stderr.count("\n") == 1
    assert "terenkripsi" in refused.stderr
    assert "tidak kosong" in again.stderr
    assert (brought.returncode, brought.stderr) == (0, "")
    assert "semua sama" in brought.stdout
    assert "SECRET_KEY" not in brought.stdout
    assert counted.returncode == 0


def test_another_secret_is_told(lapor, empty_database, tmp_path):
    full, bare = empty_database("told_full"), empty_database("told_bare")
    folder = str(tmp_path / "backups")
    for arguments in (["migrate"], ["backup", folder]):
        assert lapor(*arguments, url=full).returncode == 0
    brought = lapor("restore", folder, url=bare, secret="another " * 8)

    assert brought.returncode == 0
    assert "SECRET_KEY di sini lain" in brought.stdout
