"""`lapor demo`: a throw-away city to look at, with invented reports in every state."""

import argparse
import contextlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import flask_migrate

from lapor_web import create_app, embedded
from lapor_web.city import current_agency, keys, storage
from lapor_web.city_folder import is_demo, mark_as_demo, secret_of
from lapor_web.clock import now
from lapor_web.commands import CommandRefused, say
from lapor_web.config import read_config
from lapor_web.extensions import db
from lapor_web.janitor import throw_away_folder
from lapor_web.labels import ROLE, STATUS
from lapor_web.ports import NoPort, reserved
from lapor_web.services import demo
from lapor_web.services.seed import CITY, seed
from lapor_web.serving import EVERYWHERE, local_address, outside
from lapor_web.serving import serve as serve_city

NAME = "demo"
HELP = "kota percobaan untuk dilihat-lihat; Ctrl-C menghentikannya"

PORT = 8000
NOT_FOR_A_DEMO = (
    "DATABASE_URL",
    "SECRET_KEY",
    "LAPOR_BASE_URL",
    "LAPOR_STORAGE",
    "LAPOR_INBOUND_MAIL_URL",
    "LAPOR_MAIL_URL",
    "LAPOR_MESSAGE_URL",
    "LAPOR_DEMO_PASSWORD",
)
"""A demo has its own of these, and never sends anybody anything."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=PORT, help="porta web (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="alamat yang didengarkan (127.0.0.1)")
    parser.add_argument("--seed", type=int, default=1, help="angka acak; sama berarti isi sama")
    parser.add_argument(
        "--reports", type=int, default=demo.REPORTS, help=f"berapa laporan ({demo.REPORTS})"
    )


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a visitor is told."""

    password: str
    accounts: list[demo.Account]
    examples: list[demo.Example]


def serve(arguments: argparse.Namespace) -> int:
    with folder_of_city() as folder, own_server(folder) as server, free_port(arguments) as port:
        environ = environment(folder, server.url, arguments.host, port)
        prepared = prepare(folder, environ, arguments)
        address = local_address(arguments.host, port)
        code = serve_city(
            environ,
            host=arguments.host,
            port=port,
            when_ready=lambda: tell(address, prepared),
            database=server,
        )
        say("Menghentikan kota percobaan …")
        return code


# ---- where it lives ----


@contextlib.contextmanager
def folder_of_city() -> Iterator[Path]:
    """LAPOR_DATA_DIR, where the city stays; else a temporary folder that goes with it."""
    if given := os.environ.get("LAPOR_DATA_DIR"):
        say(f"Kota percobaan disimpan di {given}.")
        yield Path(given).absolute()
        return
    with throw_away_folder("lapor-demo-") as folder:
        if os.geteuid() == 0:  # so that the database's own user can pass
            folder.chmod(0o711)
        say(f"Kota percobaan sementara di {folder}; dihapus saat berhenti.")
        yield folder


@contextlib.contextmanager
def own_server(folder: Path) -> Iterator[embedded.Server]:
    with embedded.start(folder, durable="LAPOR_DATA_DIR" in os.environ) as server:
        if server.started_here is None:
            raise CommandRefused(
                f"Kota di {folder} sedang berjalan. Hentikan dulu, atau jalankan lapor demo "
                "tanpa LAPOR_DATA_DIR."
            )
        yield server


@contextlib.contextmanager
def free_port(arguments: argparse.Namespace) -> Iterator[int]:
    wanted = arguments.port
    try:
        with reserved(arguments.host, wanted, try_next=True) as port:
            if port != wanted:
                say(f"Porta {wanted} sudah dipakai; kota ini memakai porta {port}.")
            yield port
    except NoPort as error:
        raise CommandRefused(
            f"Porta {wanted} dan sesudahnya sudah dipakai. Pilih yang lain dengan --port."
        ) from error


def environment(folder: Path, url: str, host: str, port: int) -> dict[str, str]:
    """For the city's processes: ours, with the city's own settings."""
    own = {
        "DATABASE_URL": url,
        "SECRET_KEY": secret_of(folder),
        "LAPOR_STORAGE": str(folder / "lampiran"),
        # A line for each request would push the accounts off the screen.
        "LAPOR_LOG_LEVEL": "WARNING",
    }
    if host not in EVERYWHERE:
        own["LAPOR_BASE_URL"] = local_address(host, port)
    return outside(without=NOT_FOR_A_DEMO) | own


# ---- what is in it ----


def prepare(folder: Path, environ: dict[str, str], arguments: argparse.Namespace) -> Prepared:
    """Schema, reference data and lives, unless they are there; and a password that is known."""
    password = os.environ.get("LAPOR_DEMO_PASSWORD") or invent_password()
    app = create_app(read_config(environ))
    with app.app_context():
        try:
            flask_migrate.upgrade()
            session = db.session()
            seed(session, CITY)
            fill_unless_filled(folder, arguments)
            demo.set_passwords(session, current_agency(), password)
            session.commit()
            accounts = demo.principal_accounts(session)
            examples = demo.find_examples(session, current_agency(), keys=keys())
        finally:
            db.session.remove()
            db.engine.dispose()
    return Prepared(password, accounts, examples)


def fill_unless_filled(folder: Path, arguments: argparse.Namespace) -> None:
    session = db.session()
    untouched = demo.is_untouched(session)
    if not untouched and not is_demo(folder):
        raise CommandRefused(
            f"Folder {folder} berisi kota sungguhan. Kosongkan LAPOR_DATA_DIR, atau isi dengan "
            "folder lain."
        )
    mark_as_demo(folder)
    if not untouched:
        say("Memakai kota percobaan yang sudah ada.")
        return
    say("Mengarang laporan dua tahun terakhir; ini perlu belasan detik …")
    demo.fill(
        session,
        current_agency(),
        keys=keys(),
        storage=storage(),
        now=now(),
        seed=arguments.seed,
        reports=arguments.reports,
    )


def invent_password() -> str:
    """Without letters that are taken for one another: it is read off a screen."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(12))


# ---- what is said ----


def tell(address: str, prepared: Prepared) -> None:
    say(f"\nKota percobaan siap: {address}\n")
    say(f"Petugas masuk di {address}/masuk, semua dengan kata sandi {prepared.password}")
    for account in prepared.accounts:
        office = f", {account.office}" if account.office else ""
        say(f"  {account.username:<26}{ROLE[account.role]}{office}")
    say("  Kantor lain masuk dengan kodenya, misalnya dlh dan atasan.dlh.\n")
    say(f"Pelapor melihat laporannya di {address}/lacak, misalnya")
    for example in prepared.examples:
        say(f"  {example.number}   {example.receipt_code}   {STATUS[example.status]}")
    say("\nTekan Ctrl-C untuk berhenti.")
