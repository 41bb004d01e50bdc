"""What officers type about themselves. Passwords are taken as they are, spaces and all."""

from collections.abc import Callable
from typing import Any

from wtforms import BooleanField, Form, HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from lapor_web.services.passwords import LONGEST, SHORTEST, weakness

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


class ShortcutsForm(Form):
    shortcuts = BooleanField("Pakai pintasan satu tombol")
