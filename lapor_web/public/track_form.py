"""Number and code; or number and contact, where the code is lost."""

from typing import Any

from wtforms import Form
from wtforms.validators import StopValidation

from lapor_web import city, clock
from lapor_web.fields import EMAIL, LONGEST_EMAIL, PHONE, asked, national_number
from lapor_web.public.fields import at_most, line
from lapor_web.services.numbers import candidates
from lapor_web.services.tracking import is_mistyped, is_tracking_id

LONGEST = 60


class NumberForm(Form):
    number = line(
        "Nomor laporan",
        asked("Tulis nomor laporan Anda"),
        at_most(LONGEST, "Nomor"),
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )

    def __init__(self, formdata: Any, *, number: str = ""):
        super().__init__(formdata, data={"number": number[:LONGEST]})
        self.prefixes = city.current_agency().prefixes

    def validate_number(self, field: Any) -> None:
        """Only about how it is written, never about what there is."""
        if is_tracking_id(field.data, clock.now()):
            raise StopValidation(
                "Ini Tracking ID SP4N-LAPOR!. Pantau laporan itu di www.lapor.go.id,"
                " atau tulis nomor dari kami di sini"
            )
        if is_mistyped(self.prefixes, field.data):
            raise StopValidation("Nomor ini salah ketik. Periksa angka terakhirnya")
        if not candidates(self.prefixes, field.data):
            raise StopValidation(f"Tulis nomor seperti {self.prefixes[0]}-260482-9")


class TrackForm(NumberForm):
    code = line(
        "Kode lacak",
        asked("Tulis kode lacak Anda"),
        at_most(LONGEST, "Kode"),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class LostCodeForm(NumberForm):
    contact = line(
        "Nomor HP atau surel",
        asked("Tulis nomor HP atau surel yang Anda beri saat melapor"),
        at_most(LONGEST_EMAIL, "Surel"),
        render_kw={"autocomplete": "email", "autocapitalize": "none"},
    )

    def validate_contact(self, field: Any) -> None:
        if not (PHONE.fullmatch(national_number(field.data)) or EMAIL.fullmatch(field.data)):
            raise StopValidation("Tulis nomor HP 10 sampai 13 angka, atau alamat surel lengkap")
