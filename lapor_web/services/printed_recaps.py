"""Recaps as others print them: a sentence, a table pasted from a page, CSV or XLSX → numbers by name.

Only what a label names is read; whatever else stands there is left alone. Numbers are Indonesian
(57.171 and 53,26%), and English percentages are taken too.
"""

import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from lapor_web.services.printed_labels import (
    LABEL,
    NAMES,
    PERCENT,
    TOTALS,
    Part,
    column,
    columns_known,
    label_in,
    plain,
)
from lapor_web.services.printed_tables import table_in
from lapor_web.services.sp4n_file import UnreadableExport, clean, xlsx_sheets

MOST_ROWS = 500
LONGEST_SENTENCE = 20_000
"""Letters of running words, which is ten pages."""
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
    if (rows := table_in(lines)) is not None:
        return _table(rows)
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
    at = next((n for n, cells in enumerate(rows) if columns_known(cells) >= 2), None)
    if at is None:
        return Reading([])
    columns = [column(cell) for cell in rows[at]]
    left_alone = [
        cell.strip()
        for cell, said in zip(rows[at], columns, strict=True)
        if said is None and cell.strip() and not _is_name(cell)
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
    for cell, said in zip(cells, columns, strict=False):
        if said is None or not cell.strip():
            continue
        is_share, part = said
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


def _is_name(cell: str) -> bool:
    return plain(cell) in NAMES


# ---- running words ----

_PIECES = re.compile(
    r"[·•;|\n]|(?<=\d):|(?<=laporan):|(?<=aduan):|,(?!\d)|\.(?!\d)|\bdan\b(?!\s+didisposisi)|\bserta\b"
)
_OF_A_YEAR = re.compile(
    r"\b(?:tahun|jan|feb|mar|apr|mei|jun|jul|agu|sep|okt|nov|des)[a-z]*\s+(?:19|20)\d\d\b",
    re.IGNORECASE,
)
"""It counts nothing."""
_NUMBER = re.compile(r"(?<![\w.,])(\d[\d.,]*\d|\d)\s*(%|persen\b)?")


def _sentence(text: str, number: int) -> Printed:
    text = _OF_A_YEAR.sub(" ", text[:LONGEST_SENTENCE])
    head, colon, rest = text.partition(":")
    is_total = bool(colon) and plain(head) in TOTALS
    named = is_total or (bool(colon) and not re.search(r"\d", head) and label_in(head) is None)
    one = Printed(head.strip() if named else f"Baris {number}", is_total=is_total)
    for piece in _PIECES.split(rest if named else text):
        for said in _one_by_one(plain(piece)):
            _read_piece(said, one)
    return one


class _Word(NamedTuple):
    """A label, a count or a percentage, where it begins."""

    at: int
    text: str
    is_label: bool = False
    is_share: bool = False


def _one_by_one(piece: str) -> Iterable[str]:
    """Where nothing parts them: "diterima 92 selesai 49", "92 diterima 49 selesai (53%)"."""
    labels = [_Word(found.start(), found[0], is_label=True) for found in LABEL.finditer(piece)]
    numbers = [_Word(one.start(), one[1], is_share=bool(one[2])) for one in _NUMBER.finditer(piece)]
    if len(labels) < 2 or sum(not one.is_share for one in numbers) < 2:
        return [piece]
    cuts = [0, *_beginnings(sorted([*labels, *numbers])), len(piece)]
    return [piece[start:end] for start, end in itertools.pairwise(cuts)]


def _beginnings(words: list[_Word]) -> Iterable[int]:
    """All are said label first, or all number first: whichever the first one is."""
    label_first = words[0].is_label
    named = counted = False
    for word, following in zip(words, [*words[1:], _Word(0, "")], strict=True):
        # A share belongs to what stands before it, but for one that has a name: "53% penyelesaian".
        follows = word.is_share and following.text not in PERCENT
        if (
            (word.is_label and counted)
            if label_first
            else (named and not word.is_label and not follows)
        ):
            yield word.at
            named = counted = False
        named, counted = named or word.is_label, counted or not word.is_label


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
        of = None if part in {Part.DISPOSED, Part.FINISHED, Part.RECEIVED} else part
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
