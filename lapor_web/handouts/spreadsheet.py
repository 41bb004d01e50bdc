"""A table as CSV, several as XLSX. What looks like a formula is text in both (S-64)."""

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from lapor_web.handouts.cells import Cell, Kind, Table

CSV_TYPE = "text/csv"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

BOM = "\ufeff"
"""Without it Excel reads the file in another encoding."""
LONGEST_CELL = 32_767
"""Letters; what is longer Excel calls a broken file."""

# Written with a point, as all formats in the file: a spreadsheet in Indonesian shows 0,00%.
_FORMATS = {
    Kind.WHOLE: "#,##0",
    Kind.TENTH: "#,##0.0",
    Kind.PERCENT: "0.00%",
    Kind.DAY: "d mmmm yyyy",
}
_NARROWEST, _WIDEST, _NOTES = 9, 60, 110
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# XML 1.0 knows none of these; nobody types them, but an import might bring them.
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def as_csv(table: Table) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerow(table.head)
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)
    return (BOM + file.getvalue()).encode()


def _plain(cell: Cell) -> str:
    """Unknown stays empty: a program reads it. Numbers have the comma of an Indonesian Excel."""
    match cell.value:
        case None:
            return ""
        case dt.date():
            return cell.value.isoformat()
        case int() | Decimal():
            return str(cell.value).replace(".", ",")
    return harmless(cell.value)


def harmless(text: str) -> str:
    """A spreadsheet takes what begins like this for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_xlsx(
    tables: Sequence[Table],
    *,
    title: str,
    said_at: dt.datetime,
    notes: Sequence[str] = (),
    foot: str = "",
) -> bytes:
    """`notes` are what the figures mean, on a last sheet; `foot` stands on each page that is printed."""
    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        # No author: who made it is nobody's business.
        book.set_properties({"title": title, "created": said_at.replace(tzinfo=None)})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        formats = {kind: book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
        bold = {
            kind: book.add_format({"num_format": code, "bold": True, "top": 1})
            for kind, code in _FORMATS.items()
        }
        bold[Kind.TEXT] = book.add_format({"bold": True, "top": 1})
        for table in tables:
            sheet = book.add_worksheet(table.name)
            _write(sheet, table, head, formats, bold)
            _print_on_a4(sheet, foot)
        if notes:
            sheet = book.add_worksheet("Keterangan")
            sheet.set_column(0, 0, _NOTES, book.add_format({"text_wrap": True, "valign": "top"}))
            for row, note in enumerate(notes):
                sheet.write_string(row, 0, note)
            _print_on_a4(sheet, foot)
    return file.getvalue()


def _write(
    sheet: Worksheet,
    table: Table,
    head: Format,
    formats: dict[Kind, Format],
    bold: dict[Kind, Format],
) -> None:
    last_column = len(table.head) - 1
    sheet.write_row(0, 0, table.head, head)
    last = len(table.rows)
    for number, row in enumerate(table.rows, 1):
        styles = bold if table.has_total and number == last else formats
        for column, cell in enumerate(row):
            _write_cell(sheet, number, column, cell, styles.get(cell.kind))
    for column, width in enumerate(_widths(table)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 1)
    # A total is no row among others: sorted or filtered, it stays below.
    sheet.autofilter(0, 0, max(last - table.has_total, 1), last_column)
    if table.note:
        sheet.write_string(last + 2, 0, table.note)
    sheet.repeat_rows(0)


def _print_on_a4(sheet: Worksheet, foot: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    # The codes are Excel's: left, this page and how many there are. An & of ours is written twice.
    said = foot.replace("&", "&&")
    sheet.set_footer(f"&L{said} · halaman &P dari &N" if said else "&Lhalaman &P dari &N")


def _write_cell(sheet: Worksheet, row: int, column: int, cell: Cell, style: Format | None) -> None:
    match cell.value:
        case None:
            sheet.write_blank(row, column, None, style)
        case str(text):
            sheet.write_string(row, column, _NO_XML.sub("", text)[:LONGEST_CELL], style)
        case Decimal() as number if cell.kind is Kind.PERCENT:
            sheet.write_number(row, column, float(number / 100), style)
        case int() | Decimal() as number:
            sheet.write_number(row, column, float(number), style)
        case dt.date() as day:
            sheet.write_datetime(row, column, dt.datetime.combine(day, dt.time()), style)


def _widths(table: Table) -> list[int]:
    """By what the first rows hold: measuring thousands would cost more than it helps."""
    columns = zip(*table.rows[:200], strict=True) if table.rows else ([] for _ in table.head)
    return [
        min(max(_NARROWEST, len(head) // 2, *(len(cell.shown) + 2 for cell in column)), _WIDEST)
        if column
        else max(_NARROWEST, len(head))
        for head, column in zip(table.head, columns, strict=True)
    ]
