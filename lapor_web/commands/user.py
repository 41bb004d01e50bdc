"""`lapor user add`: an officer's account, and the link with which its owner sets the password.

`lapor user drop-code`: for whoever lost telephone and recovery codes, so that the password is enough again.
"""

import argparse
import datetime as dt

from flask import Flask
from sqlalchemy import select

from lapor_web import clock
from lapor_web.city import current_agency
from lapor_web.commands import CommandRefused, say
from lapor_web.extensions import db
from lapor_web.models import Medium, NoticeSettings, Role, User
from lapor_web.models.user import ACCOUNT_ROLES
from lapor_web.post_office import channels
from lapor_web.services import notifications
from lapor_web.services.accounts import AccountRefused, create_user, invite, normal_username
from lapor_web.services.channels import Refused
from lapor_web.services.channels.mail import plain_address
from lapor_web.services.configuration import configure
from lapor_web.services.officers import drop_code as drop_officers_code
from lapor_web.services.officers import note_added

NAME = "user"
HELP = "buat akun petugas"

REFUSALS = {
    "username": "Nama akun hanya boleh berisi huruf kecil, angka, titik, dan tanda hubung.",
    "taken": "Akun {username} sudah ada. Pilih nama lain.",
    "opd_missing": "Peran {role} memerlukan OPD. Tambahkan --opd KODE, misalnya --opd DISHUB.",
    "opd_unknown": "Tidak ada OPD dengan kode {opd}. Periksa ejaannya.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="PERINTAH")
    drop = commands.add_parser("drop-code", help="matikan kode masuk milik yang kehilangan HP")
    drop.add_argument("username", metavar="NAMA", help="nama untuk masuk")
    drop.set_defaults(does=drop_code)
    add = commands.add_parser("add", help="akun baru; mencetak tautan untuk mengisi kata sandi")
    add.set_defaults(does=add_user)
    add.add_argument("username", metavar="NAMA", help="nama untuk masuk")
    add.add_argument(
        "--role", required=True, choices=[role.value for role in ACCOUNT_ROLES], help="peran"
    )
    add.add_argument("--opd", metavar="KODE", help="kode OPD, untuk peran di sebuah OPD")
    add.add_argument(
        "--email", metavar="ALAMAT", help="kirim tautannya ke sana, bukan dicetak di sini"
    )
    add.add_argument("--name", metavar="NAMA LENGKAP", help="nama yang dibaca orang lain")


def address_of(typed: str) -> str:
    """Raises CommandRefused where nothing could be sent there."""
    if Medium.EMAIL not in channels():
        raise CommandRefused("LAPOR_MAIL_URL belum diisi. Isi dulu, atau jalankan tanpa --email.")
    try:
        return plain_address(typed)
    except Refused:
        raise CommandRefused("Tulis alamat surel lengkap, misalnya nama@contoh.id.") from None


def run(app: Flask, arguments: argparse.Namespace) -> None:
    arguments.does(app, arguments)


def drop_code(app: Flask, arguments: argparse.Namespace) -> None:
    session = db.session()
    username = normal_username(arguments.username)
    user = session.scalar(select(User).where(User.username == username))
    if user is None:
        raise CommandRefused(f"Akun {username} tidak ada. Periksa ejaannya.")
    drop_officers_code(configure(session, user.agency_id, user=None, now=clock.now()), user)
    session.commit()
    say(f"Akun {user.username} masuk dengan kata sandi saja, sampai kode dipasang lagi.")


def add_user(app: Flask, arguments: argparse.Namespace) -> None:
    session = db.session()
    try:
        user = create_user(
            session,
            current_agency(),
            username=arguments.username,
            name=arguments.name or arguments.username,
            role=Role(arguments.role),
            opd_code=arguments.opd,
            now=clock.now(),
        )
    except AccountRefused as refused:
        raise CommandRefused(REFUSALS[refused.code].format(**vars(arguments))) from refused
    note_added(configure(session, user.agency_id, user=None, now=clock.now()), user)
    if arguments.email:
        session.add(NoticeSettings(user_id=user.id, email=address_of(arguments.email)))
        session.flush()
        notifications.send_invitation(session, user.agency_id, user.username, clock.now())
        session.commit()
        say(f"Akun {user.username} dibuat. Tautannya dikirim ke {arguments.email}.")
        return
    lifetime = dt.timedelta(hours=app.config["LAPOR_INVITATION_HOURS"])
    token = invite(session, user, lifetime=lifetime, now=clock.now())
    session.commit()
    say(f"Akun {user.username} dibuat. Tautan ini berlaku {lifetime.total_seconds() / 3600:g} jam:")
    say(f"{app.config['LAPOR_BASE_URL'].rstrip('/')}/undangan/{token}")
