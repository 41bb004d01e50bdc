"""`lapor worker`: background jobs, until it is told to stop; any number, on any host."""

import argparse

from flask import Flask
from sqlalchemy import select

from lapor_web import city, logs
from lapor_web.commands import CommandRefused
from lapor_web.extensions import db
from lapor_web.models import Agency

NAME = "worker"
HELP = "kerjakan tugas di belakang layar sampai dihentikan"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It has none."""


def run(app: Flask, arguments: argparse.Namespace) -> None:
    # Only here: no other command needs the queue's library.
    from lapor_web.worker import run_worker

    if not app.config.get("SECRET_KEY_LASTS"):
        raise CommandRefused(
            "Isi SECRET_KEY dengan kunci yang sama seperti server web: tanpa itu lampiran tidak terbaca."
        )
    city.storage()  # what is missing is said at once,
    db.session.execute(select(Agency.id).limit(1))  # and so is a schema
    db.session.remove()
    logs.configure()
    run_worker(app)
