"""The open recap of a year: a table to read, and the same as a file."""

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.handouts.spreadsheet import BOM, harmless
from lapor_web.numerals import decimal
from lapor_web.public.blueprint import bp
from lapor_web.public.open_recap import recap_of
from lapor_web.services.open_figures import Cells, OpenRecap
from lapor_web.services.published import first_year
from lapor_web.services.working_days import wita_date

HEAD = (
    "Perangkat daerah",
    "Diterima",
    "Selesai",
    "Proses",
    "Belum ditindaklanjuti",
    "Penyelesaian (%)",
    "Laju tindak lanjut (hari kerja)",
    "Tepat waktu (%)",
)
CITY = "Seluruh kota"
NOBODY = "Belum ada OPD"
HIDDEN = "Dirahasiakan, dinas tidak disebut"


@bp.get("/statistik")
def show_statistics() -> ResponseReturnValue:
    years, chosen = known_years()
    return render_template(
        "public/statistics.html", recap=recap_of(chosen), years=years, hidden_words=HIDDEN
    )


@bp.get("/statistik.csv")
def download_statistics() -> ResponseReturnValue:
    _, year = known_years()
    response = Response(BOM + as_csv(table(recap_of(year))), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="statistik-{year}.csv"'
    return response


def known_years() -> tuple[list[int], int]:
    """From this one back to that of the oldest report, and the one that is asked for."""
    this = wita_date(clock.now()).year
    first = first_year(db.session(), city.current_agency()) or this
    years = list(range(this, min(first, this) - 1, -1))
    asked = request.args.get("tahun", str(this))
    chosen = next((year for year in years if str(year) == asked), None)
    if chosen is None:
        abort(404)
    return years, chosen


def table(of: OpenRecap) -> Iterator[tuple[str, ...]]:
    yield HEAD
    yield line(CITY, of.cells, of.pace, of.on_time_percent)
    for office in of.lines:
        yield line(office.name or NOBODY, office.cells, office.pace, office.on_time_percent)
    if of.without_office.received:
        yield line(HIDDEN, of.without_office, None, None)


def line(name: str, cells: Cells, pace: Decimal | None, on_time: Decimal | None) -> tuple[str, ...]:
    return (
        name,
        str(cells.received),
        str(cells.finished),
        str(cells.in_process),
        str(cells.not_acted_on),
        cell(cells.finished_percent, 2),
        cell(pace, 1),
        cell(on_time, 2),
    )


def cell(number: Decimal | None, places: int) -> str:
    """What is unknown stays empty: a program reads it."""
    return "" if number is None else decimal(number, places)


def as_csv(rows: Iterable[tuple[str, ...]]) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows([harmless(one) for one in row] for row in rows)
    return file.getvalue()
