"""`lapor seed`: the city's reference data; doing it twice changes nothing."""

import argparse

from flask import Flask

from lapor_web.commands import say
from lapor_web.extensions import db
from lapor_web.services.seed import CITY, seed

NAME = "seed"
HELP = "isi data acuan kota; boleh diulang"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It has none."""


def run(app: Flask, arguments: argparse.Namespace) -> None:
    agency = seed(db.session(), CITY)
    db.session.commit()
    say(f"Data acuan {agency.name} sudah terisi.")
