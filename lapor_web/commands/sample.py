"""`lapor sample N`: N plausible reports with their histories, for load tests."""

import argparse
import time

from flask import Flask
from sqlalchemy import text

from lapor_web.city import current_agency, keys
from lapor_web.clock import now
from lapor_web.commands import CommandRefused, say
from lapor_web.extensions import db
from lapor_web.services import figures, sample

NAME = "sample"
HELP = "isi basis data dengan N laporan contoh untuk uji beban"
VACUUMED = (
    *("report", "history", "disposition", "hold"),
    *("figure_count", "figure_value", "queue_count"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("count", type=int, metavar="N", help="berapa laporan")
    parser.add_argument("--seed", type=int, default=1, help="angka acak; sama berarti isi sama")


def run(app: Flask, arguments: argparse.Namespace) -> None:
    if arguments.count < 1:
        raise CommandRefused("Tulis berapa laporan, misalnya: lapor sample 10000")
    began = time.monotonic()
    session = db.session()
    sample.fill(
        session, current_agency(), arguments.count, keys=keys(), now=now(), seed=arguments.seed
    )
    figures.recount(session, repair=True)
    session.commit()
    vacuum()
    say(f"{arguments.count} laporan contoh terisi dalam {time.monotonic() - began:.0f} detik.")


def vacuum() -> None:
    """Index-only counts are many times slower until the new pages are marked visible."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in VACUUMED:
            connection.execute(text(f"VACUUM ANALYZE {table}"))
