"""Fields that more than one part of the service asks for."""

import re
from collections.abc import Callable
from typing import Any

from wtforms import DateField, Form, HiddenField, SelectField
from wtforms.validators import StopValidation, ValidationError

from lapor_web.text import clean_line

LONGEST_EMAIL = 254
PHONE = re.compile("[0-9]{10,13}")
EMAIL = re.compile(r"[^@\s,<>]+@[^@\s.,<>]+(\.[^@\s.,<>]+)+")


def national_number(typed: str | None) -> str:
    """`+62 812-3456.7890` is `081234567890`; what is no number stays as it was typed."""
    line = clean_line(typed)
    number = re.sub(r"^(\+?62|(?=8))", "0", re.sub(r"[\s().-]", "", line))
    return number if PHONE.fullmatch(number) else line


def is_phone(_form: Form, field: Any) -> None:
    """A check of a field that `national_number` cleans."""
    if field.data and not PHONE.fullmatch(field.data):
        raise ValidationError("Nomor HP harus 10 sampai 13 angka")


def is_email(_form: Form, field: Any) -> None:
    whole = EMAIL.fullmatch(field.data or "")
    if field.data and (not whole or len(field.data) > LONGEST_EMAIL):
        raise ValidationError("Tulis alamat surel lengkap, misalnya nama@contoh.id")


class Day(DateField):
    """What is no day is answered in Indonesian; of a field that comes twice the first counts."""

    ask = "Tulis tanggal seperti 2026-11-27"

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist[:1])
        except ValueError:
            raise ValueError(self.ask) from None


def asked(words: str) -> Callable[[Form, Any], None]:
    """A check that something was given; `words` say what to do."""

    def check(_form: Form, field: Any) -> None:
        if not field.data:
            raise StopValidation(words)

    return check


class ChosenFrom(SelectField):
    """One of a list that the form may fill later; needed when `missing` says what to do."""

    def __init__(self, label: str, missing: str = "", **options: Any):
        self.missing = missing
        super().__init__(label, validate_choice=False, **options)

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        known = {str(choice.value) for choice in self.iter_choices()}
        if str(self.data or "") not in known or (self.missing and not self.data):
            raise ValidationError(self.missing or "Pilih yang ada di daftar")


class VersionedForm(Form):
    """Remembers what was read, so that whoever comes second is told instead of overwriting."""

    versi = HiddenField(default="0")

    @property
    def version(self) -> int:
        sent = self.versi.data or ""
        return int(sent) if sent.isdecimal() and len(sent) < 19 else 0

    def refuse(self, field: str, sentence: str) -> None:
        """Puts why it was refused beside the field it is about."""
        if field in self:
            self[field].errors = [*self[field].errors, sentence]
        else:
            self.form_errors.append(sentence)
