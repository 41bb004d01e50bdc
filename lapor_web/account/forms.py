"""What officers type about themselves. Passwords are taken as they are, spaces and all."""

from collections.abc import Callable
from typing import Any

from wtforms import (
    BooleanField,
    Form,
    HiddenField,
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from lapor_web.fields import is_email, is_phone, national_number
from lapor_web.services.passwords import LONGEST, SHORTEST, weakness
from lapor_web.text import clean_line

LONGEST_USERNAME = 100

WEAK = {
    "short": f"Kata sandi terlalu pendek. Pakai paling sedikit {SHORTEST} huruf",
    "long": f"Kata sandi terlalu panjang. Pakai paling banyak {LONGEST} huruf",
    "common": "Kata sandi ini mudah ditebak. Pakai beberapa kata yang tidak berhubungan",
    "name": "Kata sandi ini berisi nama Anda atau nama OPD. Pakai kata-kata lain",
}


def secret(label: str, missing: str, autocomplete: str, *checks: Callable[..., None]) -> Any:
    return PasswordField(
        label, [InputRequired(missing), *checks], render_kw={"autocomplete": autocomplete}
    )


class SignInForm(Form):
    username = StringField(
        "Nama pengguna",
        [
            InputRequired("Tulis nama pengguna Anda"),
            Length(max=LONGEST_USERNAME, message="Nama pengguna terlalu panjang. Periksa lagi"),
        ],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = secret(
        "Kata sandi",
        "Tulis kata sandi Anda",
        "current-password",
        Length(max=LONGEST, message=WEAK["long"]),
    )
    lanjut = HiddenField()


class NewPasswordForm(Form):
    """`names` are what a guesser would try first; see `services.passwords.weakness`."""

    password = secret(
        "Kata sandi baru",
        "Tulis kata sandi baru",
        "new-password",
    )
    again = secret(
        "Tulis sekali lagi",
        "Tulis kata sandi baru sekali lagi",
        "new-password",
        EqualTo("password", "Kedua kata sandi berbeda. Tulis ulang"),
    )

    def __init__(self, formdata: Any, *, names: list[str]):
        super().__init__(formdata)
        self.names = names

    def validate_password(self, field: Any) -> None:
        if code := weakness(field.data, self.names):
            raise ValidationError(WEAK[code])


class ChangePasswordForm(NewPasswordForm):
    present = secret("Kata sandi sekarang", "Tulis kata sandi Anda sekarang", "current-password")


class CodeForm(Form):
    """The digits of the app, or a recovery code."""

    code = StringField(
        "Kode",
        [
            InputRequired("Tulis kode dari HP Anda"),
            Length(max=20, message="Kode terdiri dari 6 angka"),
        ],
        filters=[clean_line],
        render_kw={
            "autocomplete": "one-time-code",
            "inputmode": "text",
            "autocapitalize": "characters",
            "spellcheck": "false",
        },
    )


class OwnPasswordForm(Form):
    own_password = secret(
        "Kata sandi Anda",
        "Tulis kata sandi Anda",
        "current-password",
        Length(max=LONGEST, message=WEAK["long"]),
    )


class ShortcutsForm(Form):
    shortcuts = BooleanField("Pakai pintasan satu tombol")


class ForgottenForm(Form):
    username = StringField(
        "Nama pengguna",
        [
            InputRequired("Tulis nama pengguna Anda"),
            Length(max=LONGEST_USERNAME, message="Nama pengguna terlalu panjang. Periksa lagi"),
        ],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )


HOURS = [SelectChoice(hour, f"{hour:02}.00") for hour in range(24)]


class NoticesForm(Form):
    """Where and when an officer is told. The address is also the one that a link for a forgotten
    password goes to, so changing it asks for the password."""

    email = StringField(
        "Alamat surel",
        [is_email],
        filters=[clean_line],
        render_kw={"inputmode": "email", "autocomplete": "email", "type": "email"},
    )
    phone = StringField(
        "Nomor HP",
        [is_phone],
        filters=[national_number],
        render_kw={"inputmode": "tel", "autocomplete": "tel"},
    )
    own_password = PasswordField("Kata sandi Anda", render_kw={"autocomplete": "current-password"})
    digest = BooleanField("Ringkasan tiap pagi hari kerja, pukul 08.00")
    personal = BooleanField("Langsung, bila ada tugas untuk saya atau saya disebut")
    dispositions = BooleanField("Langsung, bila ada laporan baru untuk OPD saya")
    quiet_from = SelectField("Jangan ganggu dari pukul", choices=HOURS, coerce=int)
    quiet_until = SelectField("sampai pukul", choices=HOURS, coerce=int)
