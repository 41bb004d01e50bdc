"""`lapor load-areas`: where kecamatan and kelurahan lie, from a GeoJSON file; may be repeated."""

import argparse
from pathlib import Path

from flask import Flask

from lapor_web import clock
from lapor_web.city import current_agency
from lapor_web.commands import CommandRefused, say
from lapor_web.extensions import db
from lapor_web.services.area_file import UnusableAreas, read_shapes
from lapor_web.services.area_names import load_outlines
from lapor_web.services.configuration import configure

NAME = "load-areas"
HELP = "muat batas kecamatan dan kelurahan dari GeoJSON; boleh diulang"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="GeoJSON, WGS84, dengan kode")


def run(app: Flask, arguments: argparse.Namespace) -> None:
    try:
        shapes = read_shapes(arguments.file)
        act = configure(db.session(), current_agency().id, user=None, now=clock.now())
        count = load_outlines(act, shapes)
    except UnusableAreas as problem:
        raise CommandRefused(str(problem)) from problem
    db.session.commit()
    say(f"Batas {count} wilayah dimuat.")
