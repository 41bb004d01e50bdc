"""Fields of the configuration's forms, cleaned, with what to do when they are wrong."""

from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from lapor_web.fields import asked
from lapor_web.text import clean, clean_line

LONGEST_NAME, LONGEST_TEXT = 200, 2000


def line(label: str, missing: str = "", *, longest: int = LONGEST_NAME, **options: Any) -> Any:
    """One line; needed when `missing` says what to do without it."""
    return StringField(label, _checks(missing, longest), filters=[clean_line], **options)


def lines(label: str, missing: str = "", *, longest: int = LONGEST_TEXT) -> Any:
    return TextAreaField(label, _checks(missing, longest), filters=[clean])


def _checks(missing: str, longest: int) -> list[Any]:
    too_long = Length(max=longest, message=f"Terlalu panjang. Paling banyak {longest} huruf")
    return [asked(missing), too_long] if missing else [too_long]
