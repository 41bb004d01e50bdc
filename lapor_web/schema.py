"""Brings the schema to head beside a city that goes on (promise 21)."""

import time
from collections.abc import Callable

import flask_migrate
from psycopg.errors import LockNotAvailable
from sqlalchemy.exc import OperationalError

TRIES = 20
SECONDS_BETWEEN_TRIES = 3.0


class SchemaInUse(Exception):
    """Somebody held a table all the time; what was brought up before stays."""


def bring_to_head(tell: Callable[[str], None]) -> None:
    """Each migration waits two seconds at most for a table that somebody reads for long (`migrations/env.py`),
    for all who come after wait behind it; then it lets them pass and tries again. Raises SchemaInUse."""
    for tries_left in range(TRIES - 1, -1, -1):
        try:
            flask_migrate.upgrade()
        except OperationalError as error:
            if not isinstance(error.orig, LockNotAvailable):
                raise
            if not tries_left:
                raise SchemaInUse(
                    "Skema tidak dapat diubah: sebuah tabel terus dipakai. Hentikan ekspor atau "
                    "laporan yang sedang berjalan, lalu jalankan lagi: lapor migrate"
                ) from None
            tell("Sebuah tabel sedang dipakai; perubahan skema dicoba lagi sebentar lagi.")
            time.sleep(SECONDS_BETWEEN_TRIES)
        else:
            return
