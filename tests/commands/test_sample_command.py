"""`lapor sample N` leaves a city whose counters are true."""

import json
import os
import subprocess
import sys


def lapor(*arguments: str, url: str) -> subprocess.CompletedProcess[str]:
    environ = {"DATABASE_URL": url, "SECRET_KEY": "only for tests, long enough " * 2}
    return subprocess.run(
        [sys.executable, "-m", "lapor_web", *arguments],
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_what_is_sampled_is_counted(empty_database):
    url = empty_database("sampled")
    for command in ("migrate", "seed"):
        assert lapor(command, url=url).returncode == 0
    filled = lapor("sample", "300", url=url)

    assert (filled.returncode, filled.stderr) == (0, "")
    assert lapor("recount", url=url).returncode == 0
    found = lapor("recap", "--from", "2000-01-01", "--to", "2100-01-01", "--json", url=url)
    assert json.loads(found.stdout)["entered"] == 300


def test_how_many_must_be_said(empty_database):
    refused = lapor("sample", "0", url=empty_database("not_sampled"))

    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
