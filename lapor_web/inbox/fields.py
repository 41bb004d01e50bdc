"""WTForms fields that say what is wrong in Indonesian, and clean what was typed."""

from typing import Any, ClassVar

from wtforms import (
    DateTimeLocalField,
    Form,
    MultipleFileField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lapor_web.fields import Day
from lapor_web.text import clean, clean_line

LONGEST_TITLE = 120
LONGEST_PLACE = 500
LONGEST_TEXT = 4000


class Needed:
    """Something must be left after cleaning: spaces are no answer."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __init__(self, message: str):
        self.message = message

    def __call__(self, form: Form, field: Any) -> None:
        if not field.data:
            raise StopValidation(self.message)


def lines(label: str, missing: str = "", *, longest: int = LONGEST_TEXT) -> TextAreaField:
    """Several lines; needed when `missing` says what to do without it."""
    return TextAreaField(label, _checks(missing, longest), filters=[clean])


def line(label: str, missing: str = "", *, longest: int = LONGEST_TITLE) -> StringField:
    return StringField(label, _checks(missing, longest), filters=[clean_line])


def _checks(missing: str, longest: int) -> list[Any]:
    too_long = Length(max=longest, message=f"Terlalu panjang. Paling banyak {longest} huruf")
    return [Needed(missing), too_long] if missing else [too_long]


def day(label: str, missing: str = "") -> Day:
    return Day(label, [InputRequired(missing) if missing else Optional()])


class Moment(DateTimeLocalField):
    """A day and a time as the clock in the office shows them."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Tulis tanggal dan jam seperti 2026-11-27T09:30") from None


class OneOf(RadioField):
    """One of a few, all in sight."""

    def __init__(self, label: str, missing: str, **options: Any):
        self.missing = missing
        super().__init__(label, validate_choice=False, **options)

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        if self.data not in {choice.value for choice in self.iter_choices()}:
            raise ValidationError(self.missing)


class SeveralFrom(SelectMultipleField):
    widget = ListWidget()
    option_widget = CheckboxInput()

    def __init__(self, label: str, **options: Any):
        super().__init__(label, validate_choice=False, **options)

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        if not set(self.data or ()) <= {choice.value for choice in self.iter_choices()}:
            raise ValidationError("Pilih yang ada di daftar")


PHOTOS_AT_MOST = 5


class Photos(MultipleFileField):
    """Up to five; `data` holds only what was really chosen."""

    def __init__(self, label: str, **options: Any):
        options["render_kw"] = {"accept": "image/jpeg,image/png,image/webp,image/heic,.pdf"}
        super().__init__(f"{label}, paling banyak {PHOTOS_AT_MOST}", **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        # A browser sends an empty part where no file was chosen.
        self.data = [file for file in valuelist if getattr(file, "filename", "")]

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        if len(self.data or ()) > PHOTOS_AT_MOST:
            raise ValidationError(f"Pilih paling banyak {PHOTOS_AT_MOST} foto")
