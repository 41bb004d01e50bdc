"""`lapor receive-mail`: one mail from standard input, for a pipe of the mail server."""

import argparse
import sys

from flask import Flask

from lapor_web.commands import CommandRefused, say
from lapor_web.inbound_work import receive_mail
from lapor_web.services.channels.mailbox import LARGEST

NAME = "receive-mail"
HELP = "terima satu surel dari masukan baku, untuk pipa server surel"

TRY_LATER, TOO_LARGE = 75, 65
"""EX_TEMPFAIL and EX_DATAERR of sysexits.h: a mail server keeps the mail, or sends it back."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It has none."""


def serve(arguments: argparse.Namespace) -> int:
    """Whatever goes wrong, the mail server keeps the mail: it is nobody's but ours to lose."""
    from lapor_web import cli  # it imports every command

    arguments.raw = sys.stdin.buffer.read(LARGEST + 1)
    if len(arguments.raw) > LARGEST:
        say("Surel terlalu besar.", file=sys.stderr)
        return TOO_LARGE
    try:
        cli.on_city_database(sys.modules[__name__], arguments)
    except Exception as problem:
        # Its words may be a reporter's, but for those that we wrote ourselves.
        ours = isinstance(problem, CommandRefused)
        say(str(problem) if ours else f"Coba lagi nanti: {type(problem).__name__}", file=sys.stderr)
        return TRY_LATER
    return 0


def run(app: Flask, arguments: argparse.Namespace) -> None:
    if not app.config.get("SECRET_KEY_LASTS", True):
        raise CommandRefused("SECRET_KEY belum diisi: pengirim akan tersimpan tanpa bisa dibaca.")
    receive_mail(arguments.raw)
