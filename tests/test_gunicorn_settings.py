"""The settings of the web server, where a wrong one is felt only under load."""

import subprocess
import sys

from lapor_web.resources import resource

AS_A_WORKER_STARTS = """
import runpy, sys
settings = runpy.run_path(sys.argv[1])
settings["post_fork"](None, None)
import lapor_web, psycopg.waiting
assert psycopg.waiting.wait is not psycopg.waiting.wait_c
"""


def test_a_worker_that_waits_for_the_database_serves_others_meanwhile():
    """psycopg decides at its import how it waits: the worker must have been patched by then."""
    ended = subprocess.run(
        [sys.executable, "-c", AS_A_WORKER_STARTS, str(resource("gunicorn.conf.py"))],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
