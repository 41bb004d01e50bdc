"""WTForms fields that clean what was typed and say in Indonesian what to do."""

from collections.abc import Callable
from typing import Any

from wtforms import BooleanField, Form, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, StopValidation, ValidationError

from lapor_web import fields
from lapor_web.fields import is_email, is_phone, national_number
from lapor_web.text import clean, clean_line

LONGEST_TEXT = 4000
LONGEST_LINE = 500
LONGEST_NAME = 100

Check = Callable[[Form, Any], None]


def at_least(letters: int, message: str) -> Check:
    def check(form: Form, field: Any) -> None:
        if len(field.data) < letters:
            raise StopValidation(message)

    return check


def at_most(letters: int, what: str) -> Check:
    """Says by how much: "Cerita terlalu panjang. Kurangi 12 huruf"."""

    def check(form: Form, field: Any) -> None:
        excess = len(field.data or "") - letters
        if excess > 0:
            raise StopValidation(f"{what} terlalu panjang. Kurangi {excess} huruf")

    return check


def lines(label: str, *checks: Check, **arguments: Any) -> TextAreaField:
    return TextAreaField(label, checks, filters=[clean], **arguments)


def line(label: str, *checks: Check, **arguments: Any) -> StringField:
    return StringField(label, checks, filters=[clean_line], **arguments)


def tick(label: str) -> BooleanField:
    return BooleanField(label, false_values=("", "0", "false"))


def phone(label: str) -> StringField:
    keyboard = {"inputmode": "tel", "autocomplete": "tel"}
    return StringField(label, [is_phone], filters=[national_number], render_kw=keyboard)


def email(label: str) -> StringField:
    keyboard = {"inputmode": "email", "autocomplete": "email"}
    return line(label, is_email, render_kw=keyboard)


class Day(fields.Day):
    """A day that may be left out."""

    def __init__(self, label: str, *checks: Check, **arguments: Any):
        super().__init__(label, [Optional(), *checks], **arguments)


class ChosenFrom(SelectField):
    """One of a list that the view fills."""

    def __init__(self, label: str, **arguments: Any):
        super().__init__(label, validate_choice=False, **arguments)

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        if self.data and self.data not in {choice.value for choice in self.iter_choices()}:
            raise ValidationError("Pilih yang ada di daftar")
