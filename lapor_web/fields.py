"""Fields that more than one part of the service asks for."""

from wtforms import DateField


class Day(DateField):
    """What is no day is answered in Indonesian; of a field that comes twice the first counts."""

    ask = "Tulis tanggal seperti 2026-11-27"

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist[:1])
        except ValueError:
            raise ValueError(self.ask) from None
