"""`lapor recount`: counts every row anew and proves that the kept counters are equal."""

import argparse

from flask import Flask

from lapor_web.commands import CommandRefused, say
from lapor_web.extensions import db
from lapor_web.services.figures import Difference, fold, recount

NAME = "recount"
HELP = "hitung ulang semua angka dan bandingkan dengan yang tersimpan"
NAMED_AT_MOST = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--repair", action="store_true", help="tulis ulang angka tersimpan bila berbeda"
    )


def run(app: Flask, arguments: argparse.Namespace) -> None:
    session = db.session()
    result = recount(session, repair=arguments.repair)
    fold(session)
    session.commit()
    say(f"{result.cells} angka dihitung ulang dari laporan dan dibandingkan.")
    if not result.differences:
        say("Semua angka tersimpan sama dengan hitungan ulang.")
        return
    for difference in result.differences[:NAMED_AT_MOST]:
        say(in_words(difference))
    if (unnamed := len(result.differences) - NAMED_AT_MOST) > 0:
        say(f"… dan {unnamed} lagi")
    if not arguments.repair:
        raise CommandRefused(
            f"{len(result.differences)} angka berbeda. Tulis ulang dengan: lapor recount --repair"
        )
    say(f"{len(result.differences)} angka berbeda sudah ditulis ulang.")


def in_words(difference: Difference) -> str:
    kept, true = difference.kept or "tidak ada", difference.true or "tidak ada"
    return f"  {difference.tally} [{difference.cell}]: tersimpan {kept}, seharusnya {true}"
