"""`lapor migrate`: the schema, brought to head."""

import argparse

from flask import Flask

from lapor_web.commands import CommandRefused, say
from lapor_web.schema import SchemaInUse, bring_to_head

NAME = "migrate"
HELP = "bawa skema basis data ke versi terbaru"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It has none."""


def run(app: Flask, arguments: argparse.Namespace) -> None:
    try:
        bring_to_head(say)
    except SchemaInUse as problem:
        raise CommandRefused(str(problem)) from None
    say("Skema basis data sudah versi terbaru.")
