"""The command as a person runs it, in a process of its own."""

import os
import subprocess
import sys

import psycopg
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


def test_without_a_database_it_says_what_to_set(lapor):
    refused = lapor("seed")

    assert refused.returncode == 1
    assert "LAPOR_DATA_DIR" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_weak_secret_is_refused(lapor, server):
    refused = lapor("seed", DATABASE_URL=server.url, SECRET_KEY="short")

    assert refused.returncode == 1
    assert "SECRET_KEY" in refused.stderr


def test_an_unreachable_database_gets_one_sentence(lapor):
    refused = lapor("migrate", DATABASE_URL="postgresql:///x?host=/nowhere")

    assert refused.returncode == 1
    assert "DATABASE_URL" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_seed_before_migrate_says_what_comes_first(lapor, empty_database):
    refused = lapor("seed", DATABASE_URL=empty_database("still_empty"))

    assert refused.returncode == 1
    assert "lapor migrate" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_without_reference_data_it_says_what_comes_first(lapor, empty_database):
    url = empty_database("without_reference_data")
    lapor("migrate", DATABASE_URL=url)
    refused = lapor("recap", "--year", "2026", DATABASE_URL=url)

    assert refused.returncode == 1
    assert "lapor seed" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_migrate_then_seed_make_a_city(lapor, empty_database):
    url = empty_database("new_city")

    for command in ("migrate", "migrate", "seed", "seed"):
        done = lapor(command, DATABASE_URL=url)
        assert (done.returncode, done.stderr) == (0, "")
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        (offices,) = connection.execute("SELECT count(*) FROM opd").fetchone()
    assert offices > 100
