"""`lapor migrate`: the schema, brought to head."""

import argparse

import flask_migrate
from flask import Flask

from lapor_web.commands import say

NAME = "migrate"
HELP = "bawa skema basis data ke versi terbaru"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It has none."""


def run(app: Flask, arguments: argparse.Namespace) -> None:
    flask_migrate.upgrade()
    say("Skema basis data sudah versi terbaru.")
