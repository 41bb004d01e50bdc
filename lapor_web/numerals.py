"""Numbers as they are written in Indonesia: 1.234, 53,26%, 26,1. What is unknown is a dash."""

import functools
from decimal import Decimal

from babel.numbers import format_decimal
from flask import Flask

from lapor_web.dates import LOCALE

UNKNOWN = "–"


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(whole=whole, tenth=tenth, percent=percent)
    app.jinja_env.filters.update(signed=signed, percent_of_json=percent_of_json)


@functools.lru_cache(maxsize=4096)
def whole(number: int) -> str:
    return format_decimal(number, locale=LOCALE)


def signed(number: int) -> str:
    """A change: +7, −2, 0."""
    return format_decimal(number, "+#,##0;−#,##0", locale=LOCALE) if number else "0"


def tenth(number: Decimal | None) -> str:
    return decimal(number, 1)


def percent(number: Decimal | None) -> str:
    """Always 2 decimals, as in the Home Ministry's letter."""
    return UNKNOWN if number is None else f"{decimal(number, 2)}%"


def percent_of_json(number: float | None) -> str:
    """As `Recap.to_json` has written it: the same digits again."""
    return percent(None if number is None else Decimal(str(number)))


def decimal(number: Decimal | None, places: int) -> str:
    if number is None:
        return UNKNOWN
    return format_decimal(number, f"#,##0.{'0' * places}", locale=LOCALE)
