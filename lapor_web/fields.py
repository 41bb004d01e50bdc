"""Fields that more than one part of the service asks for."""

from collections.abc import Callable
from typing import Any

from wtforms import DateField, Form
from wtforms.validators import StopValidation


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
