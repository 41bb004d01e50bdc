"""`python -m tests.benchmark.alike`: promise 14. Right and wrong numbers, hidden and open reports,
fitting and other contacts take the same time; prints the medians, and fails from 1 ms apart."""

import itertools
import random
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from lapor_web import city as this_city
from lapor_web import create_app, embedded
from lapor_web.csrf import signer
from lapor_web.extensions import db
from lapor_web.models import Report
from lapor_web.services.identity import Identity, seal
from lapor_web.services.numbers import format_number
from tests.benchmark import database

REPORTS, ROUNDS = 10_000, 1_000
APART_AT_MOST = 0.001
OWN = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
PHONE = "081234567890"
Fields = dict[str, str]


def main() -> int:
    secret = secrets.token_urlsafe(48)
    with (
        tempfile.TemporaryDirectory(prefix="lapor-alike-", dir="/var/tmp") as folder,
        embedded.start(database.readable(Path(folder))) as server,
    ):
        url = database.make(server.url, REPORTS, secret)
        app = create_app(
            {
                "SECRET_KEY": secret,
                "SQLALCHEMY_DATABASE_URI": url,
                "LAPOR_STORAGE": f"{folder}/lampiran",
            }
        )
        worst = max(compare(app, address, kinds) for address, kinds in asked(app).items())
        with app.app_context():
            db.engine.dispose()
    return int(worst >= APART_AT_MOST)


def asked(app: Flask) -> dict[str, dict[str, Iterator[Fields]]]:
    """By address and kind of request: what is typed. Each number is tried seldom enough for no
    limit; each number of a kind is another."""
    with app.app_context():
        ordinary, hidden = numbers_of(~Report.confidential), numbers_of(Report.confidential)
        give_contact(ordinary)
    absent = [format_number("SMR", 2026, 900_000 + n) for n in range(ROUNDS)]
    codes = {
        "an open report": with_field(ordinary, "code", "X" * 16),
        "a hidden report": with_field(hidden, "code", "X" * 16),
        "no report": with_field(absent, "code", "X" * 16),
    }
    contacts = {
        "the contact fits": with_field(ordinary, "contact", PHONE),
        "another contact": with_field(ordinary, "contact", "089876543210"),
        "no report": with_field(absent, "contact", PHONE),
    }
    return {"/lacak": codes, "/lacak/lupa-kode": contacts}


def numbers_of(condition: object) -> list[str]:
    return list(db.session.scalars(select(Report.number).where(condition).limit(ROUNDS)))  # type: ignore[arg-type]


def give_contact(numbers: list[str]) -> None:
    for report in db.session.scalars(select(Report).where(Report.number.in_(numbers))):
        db.session.merge(seal(report.id, Identity("Budi", PHONE), keys=this_city.keys()))
    db.session.commit()


def with_field(numbers: list[str], name: str, value: str) -> Iterator[Fields]:
    return ({"number": number, name: value} for number in itertools.cycle(numbers))


def compare(app: Flask, address: str, kinds: dict[str, Iterator[Fields]]) -> float:
    """The difference of the slowest and the fastest median, in seconds; asked in random order."""
    ask = asker(app, address)
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for turn in range(ROUNDS):
        for kind in random.sample(list(kinds), len(kinds)):
            times[kind].append(ask(next(kinds[kind]), turn))
    medians = {kind: statistics.median(taken) for kind, taken in times.items()}
    print(f"\n{address}, {ROUNDS} of each")
    for kind, median in medians.items():
        print(f"  {kind:18} {median * 1000:7.3f} ms")
    apart = max(medians.values()) - min(medians.values())
    print(f"  apart              {apart * 1000:7.3f} ms (at most {APART_AT_MOST * 1000:.0f})")
    return apart


def asker(app: Flask, address: str) -> Callable[[Fields, int], float]:
    """From another phone each time, so that no limit of an address comes between."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["csrf"] = "nonce"
    with app.app_context():
        token = signer().sign("nonce").decode().removeprefix("nonce.")

    def ask(fields: Fields, turn: int) -> float:
        sender = {"REMOTE_ADDR": f"10.{turn // 15 % 250}.0.1"}
        start = time.perf_counter()
        answer = client.post(
            address, data={**fields, "csrf_token": token}, headers=OWN, environ_base=sender
        )
        taken = time.perf_counter() - start
        assert answer.status_code in {303, 422}, answer.status_code
        return taken

    return ask


if __name__ == "__main__":
    sys.exit(main())
