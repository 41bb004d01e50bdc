"""`lapor recap`: the evaluation of a period, as a table or as JSON."""

import argparse
import datetime as dt
import json

from flask import Flask

from lapor_web.city import current_agency
from lapor_web.clock import now
from lapor_web.commands import CommandRefused, say
from lapor_web.commands.recap_text import as_text
from lapor_web.extensions import db
from lapor_web.services.recap import Period, recap
from lapor_web.services.working_days import wita_date

NAME = "recap"
HELP = "rekap penanganan laporan menurut tanggal diterima"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--year", type=int, metavar="TAHUN", help="satu tahun; bawaan: tahun ini")
    parser.add_argument("--from", dest="start", metavar="TTTT-BB-HH", help="hari pertama (WITA)")
    parser.add_argument("--to", dest="end", metavar="TTTT-BB-HH", help="hari terakhir (WITA)")
    parser.add_argument("--json", action="store_true", help="sebagai JSON")


def run(app: Flask, arguments: argparse.Namespace) -> None:
    instant = now()
    period = read_period(arguments, today=wita_date(instant))
    session, agency = db.session(), current_agency()
    found = recap(session, agency, period, now=instant)
    if arguments.json:
        say(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
        return
    before = recap(session, agency, period.a_year_earlier(), now=instant)
    say(as_text(found, before, city=agency.name))


def read_period(arguments: argparse.Namespace, *, today: dt.date) -> Period:
    """Raises CommandRefused for what is no period."""
    asked_for_days = arguments.start or arguments.end
    if asked_for_days and arguments.year:
        raise CommandRefused("Pakai --year saja, atau --from dan --to saja.")
    if not asked_for_days:
        return whole_year(today.year if arguments.year is None else arguments.year)
    if not (arguments.start and arguments.end):
        raise CommandRefused("Isi --from dan --to dua-duanya, misalnya 2024-01-01 dan 2024-06-30.")
    start, end = read_day(arguments.start), read_day(arguments.end)
    if end < start:
        raise CommandRefused("Hari terakhir harus sama dengan atau sesudah hari pertama.")
    return Period(start, end)


def whole_year(year: int) -> Period:
    if not dt.MINYEAR < year <= dt.MAXYEAR:
        raise CommandRefused("Tulis tahun dengan empat angka, misalnya 2024.")
    return Period.of_year(year)


def read_day(typed: str) -> dt.date:
    try:
        return dt.date.fromisoformat(typed)
    except ValueError:
        raise CommandRefused(f"Tulis {typed} sebagai tanggal seperti 2024-06-30.") from None
