"""The command as a person runs it, in a process of its own."""

import os
import subprocess
import sys

import pytest


@pytest.fixture
def lapor(tmp_path):
    def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return subprocess.run(
            [
                sys.executable,
                "-c",
                "from lapor_web.cli import main; raise SystemExit(main())",
                *arguments,
            ],
            env=kept | environ,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


def test_migrate_can_be_repeated(lapor, server, app):
    for _ in range(2):
        migrated = lapor("migrate", DATABASE_URL=server.url)
        assert (migrated.returncode, migrated.stderr) == (0, "")


def test_without_a_database_it_says_what_to_set(lapor):
    refused = lapor("seed")

    assert refused.returncode == 1
    assert "LAPOR_DATA_DIR" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_weak_secret_is_refused(lapor, server, app):
    refused = lapor("seed", DATABASE_URL=server.url, SECRET_KEY="short")

    assert refused.returncode == 1
    assert "SECRET_KEY" in refused.stderr
