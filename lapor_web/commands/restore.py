"""`lapor restore DIR`: a backup, into an empty database and its storage."""

import argparse
import time
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Flask

from lapor_web import city
from lapor_web.backup import BackupProblem
from lapor_web.backup.repository import open_existing, read_key
from lapor_web.backup.restore import choose, restore
from lapor_web.commands import CommandRefused, say
from lapor_web.commands.backup import add_key, in_a_sentence, mark_of_secret, tell_missing
from lapor_web.extensions import db
from lapor_web.resources import resource

NAME = "restore"
HELP = "pulihkan cadangan ke basis data kosong"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", type=Path, help="folder semua cadangan")
    add_key(parser)
    parser.add_argument(
        "--dari", metavar="NAMA", help="cadangan yang dipulihkan; biasanya yang terbaru"
    )


def run(app: Flask, arguments: argparse.Namespace) -> None:
    started, migrations = time.monotonic(), ScriptDirectory(str(resource("migrations")))
    try:
        repository = open_existing(arguments.folder.absolute(), read_key(arguments.kunci))
        manifest = choose(repository, arguments.dari)
        restore(
            db.engine,
            city.storage(),
            repository,
            manifest,
            known_schemas={one.revision for one in migrations.walk_revisions()} | {None},
        )
    except (BackupProblem, OSError) as problem:
        raise CommandRefused(in_a_sentence(problem)) from problem
    say(
        f"Cadangan {manifest.name} dipulihkan dalam {time.monotonic() - started:.0f} detik: "
        f"{len(manifest.tables)} tabel, {manifest.rows} baris, {len(manifest.blobs)} lampiran, semua sama."
    )
    tell_missing(manifest.missing)
    if manifest.schema != migrations.get_current_head():
        say("Skemanya lebih lama daripada aplikasi ini. Jalankan: lapor migrate")
    if manifest.secret != mark_of_secret(app):
        say(
            "SECRET_KEY di sini lain daripada saat dicadangkan: nama pelapor, kode tanda terima, dan "
            "lampiran tidak terbaca sampai kunci yang dulu dipasang."
        )
    say("Semua petugas perlu masuk lagi.")
