"""`lapor backup DIR`: database and attachments together, while everything goes on."""

import argparse
import time
from pathlib import Path

from flask import Flask

from lapor_web import city, clock
from lapor_web.backup import BackupProblem
from lapor_web.backup.repository import alone_in, create_or_open, read_key
from lapor_web.backup.save import save, thin_out
from lapor_web.commands import CommandRefused, say
from lapor_web.extensions import db

NAME = "backup"
HELP = "cadangkan basis data dan lampiran ke sebuah folder, sambil layanan berjalan"
DAYS_KEPT = 30
NAMED_AT_MOST = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", type=Path, help="folder semua cadangan")
    add_key(parser)
    parser.add_argument(
        "--simpan-hari",
        type=int,
        default=DAYS_KEPT,
        metavar="N",
        help=f"simpan semua dari 24 jam terakhir, dan satu sehari selama N hari ({DAYS_KEPT})",
    )


def add_key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--kunci", type=Path, metavar="BERKAS", help="berkas berisi kunci; dengan ini terenkripsi"
    )


def run(app: Flask, arguments: argparse.Namespace) -> None:
    started, folder = time.monotonic(), arguments.folder.absolute()
    try:
        key = read_key(arguments.kunci)
        with alone_in(folder):
            repository = create_or_open(folder, key)
            made = save(
                db.engine, city.storage(), repository, secret=mark_of_secret(app), now=clock.now()
            )
            removed = thin_out(repository, now=clock.now(), days=arguments.simpan_hari)
    except (BackupProblem, OSError) as problem:
        raise CommandRefused(in_a_sentence(problem)) from problem
    say(
        f"Cadangan {made.name} selesai dalam {time.monotonic() - started:.0f} detik: "
        f"{len(made.tables)} tabel, {made.rows} baris, {len(made.blobs)} lampiran."
    )
    if removed:
        say(f"{removed} cadangan lama dihapus.")
    tell_missing(made.missing)
    if key is None:
        say("Tidak terenkripsi. Untuk salinan di luar mesin ini pakai --kunci.")
    say(
        "SECRET_KEY tidak ikut. Simpan di tempat lain: tanpa kunci itu nama pelapor, kode tanda terima, "
        "dan lampiran tidak dapat dibaca lagi."
    )


def tell_missing(missing: list[str]) -> None:
    if not missing:
        return
    say(f"{len(missing)} lampiran tidak ada di penyimpanan:")
    for name in missing[:NAMED_AT_MOST]:
        say(f"  {name}")
    if (unnamed := len(missing) - NAMED_AT_MOST) > 0:
        say(f"  … dan {unnamed} lagi")


def mark_of_secret(app: Flask) -> str:
    """Tells whether a restore has the same SECRET_KEY; empty where none was set for good."""
    if not app.config.get("SECRET_KEY_LASTS"):
        return ""
    return city.keys().hash_of_subject("backup", "secret").hex()[:16]


def in_a_sentence(problem: Exception) -> str:
    if isinstance(problem, OSError):
        return f"Folder cadangan tidak dapat dipakai: {problem.strerror} ({problem.filename})."
    return str(problem)
