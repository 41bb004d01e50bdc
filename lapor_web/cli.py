"""The command `lapor`: finds the city's database and runs one of `lapor_web.commands` on it."""

import argparse
import contextlib
import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from psycopg.errors import UndefinedTable
from sqlalchemy.exc import OperationalError, ProgrammingError

from lapor_web import create_app, embedded, interrupts
from lapor_web.city import NotSeeded
from lapor_web.commands import (
    CommandRefused,
    backup,
    demo,
    import_sp4n,
    load_areas,
    migrate,
    recap,
    receive_mail,
    recount,
    restore,
    run,
    sample,
    say,
    seed,
    user,
    worker,
)
from lapor_web.config import UnsafeSettings, read_config
from lapor_web.extensions import db

COMMANDS: tuple[ModuleType, ...] = (
    demo,
    run,
    migrate,
    seed,
    load_areas,
    import_sp4n,
    recap,
    recount,
    sample,
    user,
    worker,
    receive_mail,
    backup,
    restore,
)
INTERRUPTED = 130
"""What a shell makes of a program that Ctrl-C ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; a sentence on standard error and exit 1 when it cannot."""
    chosen = make_parser().parse_args(arguments)
    command: ModuleType = chosen.command
    interrupts.insist()
    try:
        serve = getattr(command, "serve", None)
        code: int | None = serve(chosen) if serve else on_city_database(command, chosen)
    except KeyboardInterrupt:
        return INTERRUPTED
    except (UnsafeSettings, NotSeeded, embedded.EmbeddedDatabaseError, CommandRefused) as problem:
        return refuse(str(problem))
    except OperationalError:
        return refuse("Basis data tidak dapat dihubungi. Periksa DATABASE_URL, lalu coba lagi.")
    except ProgrammingError as problem:
        if not isinstance(problem.orig, UndefinedTable):
            raise
        return refuse("Skema basis data belum ada. Jalankan dulu: lapor migrate")
    return code or 0


def on_city_database(command: ModuleType, chosen: argparse.Namespace) -> int | None:
    with city_database() as url:
        app = create_app(read_config(settings(url)))
        app.config["SECRET_KEY_LASTS"] = "SECRET_KEY" in os.environ
        with app.app_context():
            code: int | None = command.run(app, chosen)
            db.session.remove()
            db.engine.dispose()
    return code


def refuse(sentence: str) -> int:
    say(sentence, file=sys.stderr)
    return 1


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lapor", description="Lapor Samarinda")
    subparsers = parser.add_subparsers(required=True, metavar="PERINTAH")
    for command in COMMANDS:
        subparser = subparsers.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        command.add_arguments(subparser)
        subparser.set_defaults(command=command)
    return parser


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
    """The environment, with the database found. Where no secret is set one for the while will do:
    what must outlive the command asks for SECRET_KEY_LASTS first."""
    return {"SECRET_KEY": secrets.token_urlsafe(48), **os.environ, "DATABASE_URL": url}
