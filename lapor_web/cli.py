"""The command `lapor`."""

import argparse
import contextlib
import os
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

import flask_migrate
from flask import Flask
from psycopg.errors import UndefinedTable
from sqlalchemy.exc import OperationalError, ProgrammingError

from lapor_web import create_app, embedded
from lapor_web.config import UnsafeSettings, read_config
from lapor_web.extensions import db
from lapor_web.services.seed import seed

CITY = "samarinda"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; a sentence on standard error and exit 1 when it cannot."""
    chosen = make_parser().parse_args(arguments)
    run: Callable[[Flask], None] = chosen.run
    try:
        with city_database() as url:
            app = create_app(read_config(settings(url)))
            with app.app_context():
                run(app)
                db.engine.dispose()
    except (UnsafeSettings, embedded.EmbeddedDatabaseError) as problem:
        return refuse(str(problem))
    except OperationalError:
        return refuse("Basis data tidak dapat dihubungi. Periksa DATABASE_URL, lalu coba lagi.")
    except ProgrammingError as problem:
        if not isinstance(problem.orig, UndefinedTable):
            raise
        return refuse("Skema basis data belum ada. Jalankan dulu: lapor migrate")
    return 0


def refuse(sentence: str) -> int:
    say(sentence, file=sys.stderr)
    return 1


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lapor", description="Lapor Samarinda")
    commands = parser.add_subparsers(required=True, metavar="PERINTAH")
    for name, run, explained in (
        ("migrate", run_migrate, "bawa skema basis data ke versi terbaru"),
        ("seed", run_seed, "isi data acuan kota; boleh diulang"),
    ):
        command = commands.add_parser(name, help=explained, description=explained)
        command.set_defaults(run=run)
    return parser


def run_migrate(app: Flask) -> None:
    flask_migrate.upgrade()
    say("Skema basis data sudah versi terbaru.")


def run_seed(app: Flask) -> None:
    agency = seed(db.session(), CITY)
    db.session.commit()
    say(f"Data acuan {agency.name} sudah terisi.")


@contextlib.contextmanager
def city_database() -> Iterator[str]:
    """DATABASE_URL, else the private server of LAPOR_DATA_DIR: a running one is used as it
    is, a stopped one is started for the while."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    data_dir = os.environ.get("LAPOR_DATA_DIR")
    if not data_dir:
        raise UnsafeSettings(
            "Isi DATABASE_URL dengan alamat PostgreSQL, atau LAPOR_DATA_DIR dengan folder data."
        )
    server = embedded.start(Path(data_dir))
    try:
        yield server.url
    finally:
        server.stop()


def settings(url: str) -> dict[str, str]:
    """The environment, with the database found. These commands sign nothing, so where no
    secret is set one for the while will do."""
    return {"SECRET_KEY": secrets.token_urlsafe(48), **os.environ, "DATABASE_URL": url}


def say(text: str, *, file: TextIO | None = None) -> None:
    print(text, file=file or sys.stdout)
