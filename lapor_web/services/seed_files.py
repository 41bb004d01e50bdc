"""Reads a city's reference data: a folder of CSV files, and no code, makes a city."""

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class HolidayRow:
    date: dt.date
    name: str
    kind: str


def read_rows(city: str, name: str) -> Iterator[dict[str, str]]:
    """The rows of `seed/<city>/<name>.csv`, as the header names them."""
    with files("lapor_web").joinpath("seed", city, f"{name}.csv").open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def read_holidays(city: str) -> list[HolidayRow]:
    return [
        HolidayRow(dt.date.fromisoformat(row["date"]), row["name"], row["kind"])
        for row in read_rows(city, "holidays")
    ]
