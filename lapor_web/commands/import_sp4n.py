"""`lapor import-sp4n`: the national export, CSV or XLSX, whole or not at all."""

import argparse
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from psycopg.errors import UniqueViolation
from sqlalchemy.exc import IntegrityError

from lapor_web.city import current_agency, keys
from lapor_web.clock import now
from lapor_web.commands import CommandRefused, say
from lapor_web.extensions import db
from lapor_web.labels import STATUS
from lapor_web.models import Agency, Status
from lapor_web.services.keys import Keys
from lapor_web.services.sp4n_file import UnreadableExport, read_export
from lapor_web.services.sp4n_import import apply
from lapor_web.services.sp4n_plan import Plan, plan

NAME = "import-sp4n"
HELP = "baca ekspor SP4N-LAPOR! (CSV atau XLSX); boleh diulang"

NO_PACE = (
    "Laju tidak dapat dihitung dari ekspor ini: tidak ada tanggal disposisi dan tindak lanjut."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="ekspor dari SP4N-LAPOR!")
    parser.add_argument(
        "--dry-run", action="store_true", help="beri tahu saja, tidak ada yang disimpan"
    )


def run(app: Flask, arguments: argparse.Namespace) -> None:
    try:
        rows = read_export(arguments.file)
    except UnreadableExport as problem:
        raise CommandRefused(str(problem)) from problem
    agency = current_agency()
    # Under a secret that ends with this command, sealed names would be lost for good.
    keeps_names = app.config.get("SECRET_KEY_LASTS", True)
    moment = now()
    planned = plan(db.session(), agency, rows, now=moment)
    if arguments.dry_run:
        db.session.rollback()
        say("Uji coba: tidak ada yang disimpan.")
    else:
        store(agency, planned, keys=keys() if keeps_names else None, moment=moment)
    for line in outcome(planned):
        say(line)
    if planned.has_names() and not keeps_names:
        say("Nama pelapor tidak disimpan, karena SECRET_KEY belum diisi.")


def store(agency: Agency, planned: Plan, *, keys: Keys | None, moment: dt.datetime) -> None:
    try:
        apply(db.session(), agency, planned, keys=keys, now=moment)
        db.session.commit()
    except IntegrityError as problem:
        db.session.rollback()
        if not isinstance(problem.orig, UniqueViolation):
            raise
        raise CommandRefused(
            "Laporan yang sama masuk bersamaan, jadi tidak ada yang disimpan. Jalankan sekali lagi."
        ) from None


def outcome(planned: Plan) -> Iterator[str]:
    """Numbers and line numbers, never a word of a reporter."""
    yield (
        f"{len(planned.new)} baru, {len(planned.changed)} diubah, {len(planned.same)} sama, "
        f"{len(planned.conflicts)} bentrok, {len(planned.refused)} ditolak."
    )
    if planned.twins:
        yield f"{planned.twins} baris kembar dilewati."
    counts = planned.by_status()
    terms = " + ".join(f"{counts[status]} {STATUS[status]}" for status in Status if counts[status])
    if terms:
        yield (
            f"Menurut file ini: {counts.total()} laporan = {terms}; "
            f"{planned.disposed()} terdisposisi."
        )
        yield NO_PACE
    for heading, remarks in (("Bentrok:", planned.conflicts), ("Ditolak:", planned.refused)):
        if remarks:
            yield heading
        for remark in remarks:
            yield f"baris {remark.line}: {remark.text}"
