"""`python -m tests.benchmark`: see the package's docstring."""

import argparse
import os
import secrets
from contextlib import ExitStack

from lapor_web.live import feed_of
from lapor_web.warm_up import warm_up
from tests.benchmark import database, messages, queries
from tests.benchmark.client import Measured, Requests, measure
from tests.benchmark.scenarios import Scenario, Scenarios, environ_of
from tests.benchmark.serving import ROOT, served

SETTINGS = str(ROOT / "gunicorn.conf.py")
CONNECTIONS = 4
ROUNDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--database", help="one that was filled with our SECRET_KEY already")
    arguments = parser.parse_args()
    secret = os.environ.get("SECRET_KEY") or secrets.token_urlsafe(48)
    if arguments.database:
        measure_size(arguments.database, secret, arguments.seconds)
        return
    for size in arguments.sizes:
        print(f"\n== {size} reports ==", flush=True)
        with ExitStack() as stack:
            measure_size(database.made(stack, size, secret), secret, arguments.seconds)


def measure_size(url: str, secret: str, seconds: float) -> None:
    scenarios = Scenarios(url, secret)
    ours = environ_of(url, secret)
    control = {"CONTROL_DATABASE_URL": url}
    with (
        served("wsgi:app", ours, settings=SETTINGS) as our_port,
        served("tests.benchmark.control:app", control, settings=SETTINGS) as control_port,
    ):
        for scenario in scenarios.all():
            print_scenario(scenario, our_port, control_port, seconds)
    warm_up(scenarios.app)  # as every process that serves
    queries.recaps(scenarios.app)
    queries.searches(scenarios.app)
    messages.messages(scenarios.app)
    feed_of(scenarios.app).end()  # or it would go on looking for a database that is gone


def print_scenario(scenario: Scenario, our_port: int, control_port: int, seconds: float) -> None:
    def run(port: int, requests: Requests, connections: int) -> Measured:
        """The median of some rounds: how four connections fall to two processes is luck."""
        rounds = [
            measure(port, requests, connections=connections, seconds=seconds) for _ in range(ROUNDS)
        ]
        return sorted(rounds, key=lambda one: one.per_second)[ROUNDS // 2]

    together = run(our_port, scenario.ours, CONNECTIONS)
    bare = run(control_port, scenario.control, CONNECTIONS)
    alone = run(our_port, scenario.ours, 1)
    share = together.per_second / bare.per_second
    print(f"{scenario.name} (wanted {scenario.wanted}/s)")
    print(f"  ours, {CONNECTIONS} connections    {together}")
    print(f"  control, {CONNECTIONS} connections {bare}  ours is {share:.0%} of it")
    print(f"  ours, alone            {alone}", flush=True)


if __name__ == "__main__":
    main()
