"""`lapor run`: the real thing on one machine: database, web server and worker."""

import argparse
import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from lapor_web import create_app, embedded
from lapor_web.city_folder import is_demo
from lapor_web.commands import CommandRefused, say
from lapor_web.config import SHORTEST_SECRET, UnsafeSettings, read_config
from lapor_web.extensions import db
from lapor_web.ports import NoPort, reserved
from lapor_web.schema import SchemaInUse, bring_to_head
from lapor_web.services.seed import CITY, seed
from lapor_web.serving import is_loopback
from lapor_web.serving import serve as serve_city

NAME = "run"
HELP = "jalankan layanan sungguhan di satu mesin; Ctrl-C menghentikannya"

FEWEST_DIFFERENT_LETTERS = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="porta web (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="alamat yang didengarkan (127.0.0.1)")


def serve(arguments: argparse.Namespace) -> int:
    refuse_unsafe(os.environ)
    with free_port(arguments) as port, database(os.environ) as (url, own):
        environ = {**os.environ, "DATABASE_URL": url}
        bring_up_to_date(environ)
        address = environ["LAPOR_BASE_URL"]
        return serve_city(
            environ,
            host=arguments.host,
            port=port,
            when_ready=lambda: say(
                f"Layanan siap di {arguments.host}:{port}, untuk {address}. "
                "Tekan Ctrl-C untuk berhenti."
            ),
            database=own,
        )


def refuse_unsafe(environ: Mapping[str, str]) -> None:
    """Raises UnsafeSettings with a line for each thing to put right."""
    found = list(unsafe_settings(environ))
    if found:
        raise UnsafeSettings("\n".join(found))


def unsafe_settings(environ: Mapping[str, str]) -> Iterator[str]:
    data_dir = environ.get("LAPOR_DATA_DIR")
    try:
        read_config({**environ, "DATABASE_URL": "postgresql://"})
    except UnsafeSettings as problem:
        yield str(problem)
    secret = environ.get("SECRET_KEY", "")
    if len(secret) >= SHORTEST_SECRET and len(set(secret)) < FEWEST_DIFFERENT_LETTERS:
        yield "SECRET_KEY terlalu mudah ditebak. Isi dengan huruf acak."
    if not is_safe_address(environ.get("LAPOR_BASE_URL", "")):
        yield (
            "LAPOR_BASE_URL harus alamat https yang dipakai warga, misalnya "
            "https://lapor.contoh.go.id. Hanya localhost boleh memakai http."
        )
    if environ.get("LAPOR_DEMO_PASSWORD"):
        yield "LAPOR_DEMO_PASSWORD hanya untuk lapor demo. Hapus dari lingkungan ini."
    if not data_dir and not environ.get("DATABASE_URL"):
        yield "Isi LAPOR_DATA_DIR dengan folder data, atau DATABASE_URL dengan alamat PostgreSQL."
    if not data_dir and not environ.get("LAPOR_STORAGE"):
        yield "Isi LAPOR_STORAGE dengan folder atau s3:// untuk lampiran."
    if data_dir and is_demo(Path(data_dir)):
        yield (
            f"Folder {data_dir} berisi kota percobaan, yang semua akunnya memakai kata sandi yang "
            "sama. Isi LAPOR_DATA_DIR dengan folder lain."
        )


def is_safe_address(address: str) -> bool:
    parts = urlsplit(address)
    if not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))


@contextlib.contextmanager
def database(environ: Mapping[str, str]) -> Iterator[tuple[str, embedded.Server | None]]:
    """The one that was named, else a server of our own in LAPOR_DATA_DIR."""
    if url := environ.get("DATABASE_URL"):
        yield url, None
        return
    data_dir = Path(environ["LAPOR_DATA_DIR"])
    with embedded.start(data_dir) as server:
        if server.started_here is None:
            raise CommandRefused(
                f"Basis data di {data_dir} sedang dipakai perintah lain. Tunggu sampai selesai, "
                "atau hentikan layanan yang masih berjalan."
            )
        yield server.url, server


@contextlib.contextmanager
def free_port(arguments: argparse.Namespace) -> Iterator[int]:
    try:
        with reserved(arguments.host, arguments.port, try_next=False) as port:
            yield port
    except NoPort as error:
        raise CommandRefused(
            f"Porta {arguments.port} sudah dipakai. Pilih yang lain dengan --port."
        ) from error


def bring_up_to_date(environ: Mapping[str, str]) -> None:
    app = create_app(read_config(environ))
    with app.app_context():
        try:
            bring_to_head(say)
            seed(db.session(), CITY)
            db.session.commit()
        except SchemaInUse as problem:
            raise CommandRefused(str(problem)) from None
        finally:
            db.session.remove()
            db.engine.dispose()
