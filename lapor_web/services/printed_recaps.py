"""Recaps as others print them: a sentence, a table pasted from a page, CSV or XLSX → numbers by name.

Only what a label names is read; whatever else stands there is left alone. Numbers are Indonesian
(57.171 and 53,26%), and English percentages are taken too.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lapor_web.services.printed_labels import (
    NAMES,
    PART_OF,
    PERCENT,
    TOTALS,
    Part,
    label_in,
    plain,
)
from lapor_web.services.sp4n_file import UnreadableExport, clean, csv_records, xlsx_sheets

MOST_ROWS = 500
LARGEST_UNPACKED = 10 * 1024 * 1024
"""Bytes that a packed XLSX may say it holds: a recap has a few kilobytes."""


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage as it was printed; of what, where that is said."""

    part: Part | None
    value: Decimal
    base: int | None = None
    """What it is said to be a part of: "47% (dari 15 terdisposisi)"."""

    @property
    def places(self) -> int:
        return max(-int(self.value.as_tuple().exponent), 0)


@dataclass(slots=True)
class Printed:
    name: str
    counts: dict[Part, int] = field(default_factory=dict)
    shares: list[Share] = field(default_factory=list)
    is_total: bool = False

    def says_something(self) -> bool:
        return bool(self.counts or self.shares)


@dataclass(slots=True)
class Reading:
    recaps: list[Printed]
    left_alone: list[str] = field(default_factory=list)
    """Columns that no label names."""


def read_text(text: str) -> Reading:
    """Pasted: a table under a header, a recap a line, or one recap in running words."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return Reading([])
    separator = max("\t;,", key=lambda mark: _columns_known(lines[0].split(mark)))
    if _columns_known(lines[0].split(separator)) >= 2 and not re.search(r"\d", lines[0]):
        return _table([cells for _, cells in csv_records("\n".join(lines), separator)])
    each = [_sentence(line, number) for number, line in enumerate(lines[:MOST_ROWS], 1)]
    if sum(len(one.counts) >= 3 for one in each) > 1:
        return Reading([one for one in each if one.says_something()])
    whole = _sentence(" ; ".join(lines[:MOST_ROWS]), 1)
    return Reading([whole] if whole.says_something() else [])


def read_file(content: bytes) -> Reading:
    """Raises UnreadableExport, with a sentence for who gave it."""
    if not content.startswith(b"PK"):
        try:
            return read_text(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise UnreadableExport(
                "File bukan teks UTF-8. Simpan sebagai CSV UTF-8 atau XLSX."
            ) from None
    return _best(_sheets(content))


def _sheets(content: bytes) -> list[list[Sequence[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            too_large = sum(one.file_size for one in packed.infolist()) > LARGEST_UNPACKED
        if too_large:
            raise UnreadableExport("Isi file ini terlalu besar untuk sebuah rekap.")
        return [
            [[clean(cell) for cell in cells] for _, cells in rows] for rows in xlsx_sheets(content)
        ]
    except UnreadableExport:
        raise
    except Exception:  # whatever openpyxl meets inside a broken file, it raises as it comes
        raise UnreadableExport(
            "File Excel ini rusak atau bukan XLSX. Simpan ulang sebagai .xlsx."
        ) from None


def _best(sheets: list[list[Sequence[str]]]) -> Reading:
    readings = [_table(rows) for rows in sheets]
    return max(readings, key=lambda one: len(one.recaps), default=Reading([]))


# ---- a table ----


def _table(rows: list[Sequence[str]]) -> Reading:
    """Under the first row that names two columns at least; titles above it are passed over."""
    at = next((n for n, cells in enumerate(rows) if _columns_known(cells) >= 2), None)
    if at is None:
        return Reading([])
    columns = [_column(cell) for cell in rows[at]]
    left_alone = [
        cell.strip()
        for cell, column in zip(rows[at], columns, strict=True)
        if column is None and cell.strip() and not _is_name(cell)
    ]
    name_at = next((n for n, cell in enumerate(rows[at]) if _is_name(cell) and cell != "id"), 0)
    found = []
    for number, cells in enumerate(rows[at + 1 : at + 1 + MOST_ROWS], at + 2):
        one = _row(cells, columns, name_at, number)
        if one.says_something():
            found.append(one)
    return Reading(found, left_alone)


def _row(
    cells: Sequence[str],
    columns: list[tuple[bool, Part | None] | None],
    name_at: int,
    number: int,
) -> Printed:
    name = cells[name_at].strip() if columns[name_at] is None and name_at < len(cells) else ""
    one = Printed(name or f"Baris {number}", is_total=plain(name) in TOTALS)
    for cell, column in zip(cells, columns, strict=False):
        if column is None or not cell.strip():
            continue
        is_share, part = column
        if is_share:
            one.shares += _shares_in_cell(cell, part)
        elif part is not None and (count := _count(cell)) is not None:
            one.counts.setdefault(part, count)
    return one


def _shares_in_cell(cell: str, part: Part | None) -> list[Share]:
    """ "53,26", "47 (dari 15 terdisposisi)", "100 (ditindaklanjuti)"."""
    number = re.match(r"\s*(\d+(?:[.,]\d+)?)\s*%?", cell)
    if number is None:
        return []
    base = re.search(r"dari\s+(\d[\d.]*)", cell)
    said = label_in(cell[number.end() :])
    if said is Part.ACTED_ON:
        part = said
    return [Share(part, _decimal(number[1]), _count(base[1]) if base else None)]


def _column(cell: str) -> tuple[bool, Part | None] | None:
    """Whether it holds percentages, and of what it tells; None where no label names it."""
    words = plain(cell)
    if words in PART_OF:
        return False, PART_OF[words]
    for mark in ("persentase ", "persen ", "% "):
        if words.startswith(mark) and words.removeprefix(mark) in PART_OF:
            return True, PART_OF[words.removeprefix(mark)]
    if words.endswith(" %") and words.removesuffix(" %") in PART_OF:
        return True, PART_OF[words.removesuffix(" %")]
    return (True, None) if words in {*PERCENT, "persen tertulis", "persen penyelesaian"} else None


def _columns_known(cells: Iterable[str]) -> int:
    return sum(_column(cell) is not None for cell in cells)


def _is_name(cell: str) -> bool:
    return plain(cell) in NAMES


# ---- running words ----

_PIECES = re.compile(
    r"[·•;|\n]|(?<=\d):|(?<=laporan):|(?<=aduan):|,(?!\d)|\.(?!\d)|\bdan\b(?!\s+didisposisi)|\bserta\b"
)
_NUMBER = re.compile(r"(?<![\w.,])(\d[\d.,]*\d|\d)\s*(%|persen\b)?")


def _sentence(text: str, number: int) -> Printed:
    head, colon, rest = text.partition(":")
    is_total = bool(colon) and plain(head) in TOTALS
    named = is_total or (bool(colon) and not re.search(r"\d", head) and label_in(head) is None)
    one = Printed(head.strip() if named else f"Baris {number}", is_total=is_total)
    for piece in _PIECES.split(rest if named else text):
        _read_piece(plain(piece), one)
    return one


def _read_piece(piece: str, one: Printed) -> None:
    """One thing is said in it: a label, its number, perhaps its percentage."""
    label = label_in(piece)
    if label is None:
        return
    part = label if isinstance(label, Part) else None
    counts: list[str] = []
    shares: list[str] = []
    for found in _NUMBER.finditer(piece):
        (shares if found[2] else counts).append(found[1])
    base = re.search(r"dari (\d[\d.]*)", piece) if shares else None
    for share in shares:
        of = None if part is Part.DISPOSED or part is Part.FINISHED else part
        one.shares.append(Share(of, _decimal(share), _count(base[1]) if base else None))
    if part is not None and counts and base is None and (count := _count(counts[0])) is not None:
        one.counts.setdefault(part, count)


def _count(text: str) -> int | None:
    """57.171 and 57,171 alike; None where it is no whole number."""
    digits = text.strip()
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", digits):
        digits = re.sub(r"[.,]", "", digits)
    return int(digits) if re.fullmatch(r"\d{1,9}", digits) else None


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))
