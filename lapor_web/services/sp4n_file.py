"""Reads the file that SP4N-LAPOR! exports, CSV or XLSX, into rows of clean text.

The columns are those of domain.md, "The national system's export". Offices open the file in Excel
and save it again, so `;` between the cells and real dates and numbers inside them are met too.
"""

import csv
import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TRACKING_ID = "Tracking ID"
DATE = "Tanggal Laporan Masuk"
TIME = "Waktu Laporan Masuk"
NAME = "Nama Pelapor"
CLASSIFICATION = "Klasifikasi Laporan"
CATEGORY_ID = "ID Kategori"
CATEGORY = "Kategori"
TITLE = "Judul Laporan"
FIRST_TEXT = "Isi Laporan Awal"
LAST_TEXT = "Isi Laporan Akhir"
FLAGS = "Tipe Laporan (Anonim/Rahasia)"
SOURCE = "Sumber Laporan"
PARENT_AGENCY = "Instansi Induk"
OFFICE_ID = "ID Instansi Terdisposisi"
OFFICE = "Instansi Terdisposisi"
STATUS = "Status Laporan"
REASON = "Alasan Tunda/Arsip"
PROVINCE = "Provinsi"
CITY = "Kota/Kabupaten"
KECAMATAN = "Kecamatan"
KELURAHAN = "Kelurahan"

COLUMNS = (
    TRACKING_ID,
    DATE,
    TIME,
    NAME,
    CLASSIFICATION,
    CATEGORY_ID,
    CATEGORY,
    TITLE,
    FIRST_TEXT,
    LAST_TEXT,
    FLAGS,
    SOURCE,
    PARENT_AGENCY,
    OFFICE_ID,
    OFFICE,
    STATUS,
    REASON,
    PROVINCE,
    CITY,
    KECAMATAN,
    KELURAHAN,
)

LARGEST_FILE = 100 * 1024 * 1024
"""Bytes: more than ten years of the busiest city."""
LARGEST_UNPACKED = 4 * LARGEST_FILE
"""Bytes that a packed XLSX may say it holds; what says more is a bomb or no export."""

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# What PostgreSQL does not store, or a terminal would obey; tab and line feed stay.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")

Record = tuple[int, Sequence[Any]]
"""Where it stands in the file, and its cells."""


class UnreadableExport(Exception):
    """Nothing of this file can be taken; the text is the sentence for who gave it."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One report's cells by column. `line` counts as an editor or Excel does: the header is 1."""

    line: int
    cells: dict[str, str]
    fault: str | None = None
    """Why the cells cannot be told apart, where they cannot."""


def read_export(path: Path) -> list[FileRow]:
    """At least one row. Raises UnreadableExport."""
    content = read_bytes(path)
    if content.startswith(_OLE):
        raise UnreadableExport(
            "File ini dilindungi kata sandi atau berformat Excel lama. "
            "Simpan ulang sebagai .xlsx tanpa kata sandi."
        )
    rows = read_xlsx(content) if content.startswith(_ZIP) else read_csv(content)
    if not rows:
        raise UnreadableExport("File ini tidak berisi laporan.")
    return rows


def read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise UnreadableExport(f"File {path} tidak ditemukan. Periksa namanya.") from None
    except (OSError, ValueError):  # ValueError: a name with a NUL in it
        raise UnreadableExport(f"File {path} tidak dapat dibuka.") from None
    if len(content) > LARGEST_FILE:
        raise UnreadableExport(f"File lebih besar dari {LARGEST_FILE // 1024**2} MB. Bagi dulu.")
    return content


def read_csv(content: bytes) -> list[FileRow]:
    if content.startswith(_UTF16) or b"\0" in content[:400]:
        raise UnreadableExport(_NOT_UTF8)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableExport(_NOT_UTF8) from None
    header = text.lstrip().partition("\n")[0]
    # The separator is whatever tells the most columns apart.
    separator = max(",;\t", key=lambda mark: len(_known(header.split(mark))))
    return table(csv_records(text, separator), ragged=False)


_NOT_UTF8 = "Isi file bukan teks UTF-8. Simpan ulang dari Excel sebagai “CSV UTF-8”."


def csv_records(text: str, separator: str) -> Iterator[Record]:
    # Strict, because a quote that nobody closes would swallow the rows after it in silence.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    with _no_limit_of_its_own():
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                raise UnreadableExport(
                    f"CSV terputus mulai baris {line}: ada tanda kutip yang tidak berpasangan."
                ) from None
            yield line, cells
            line = reader.line_num + 1


@contextmanager
def _no_limit_of_its_own() -> Iterator[None]:
    """A cell that is too long is refused with its row, not with the whole file."""
    before = csv.field_size_limit(LARGEST_FILE)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def read_xlsx(content: bytes) -> list[FileRow]:
    """Of the first sheet that has the columns. A formula counts as what Excel last made of it."""
    try:
        sheets = list(xlsx_sheets(content))
    except UnreadableExport:
        raise
    except Exception:  # whatever openpyxl meets inside a broken file, it raises as it comes
        raise UnreadableExport(
            "File Excel ini rusak atau bukan XLSX. Simpan ulang sebagai .xlsx, lalu ulangi."
        ) from None
    problem = None
    for records in sheets:
        try:
            return table(records, ragged=True)
        except UnreadableExport as unreadable:
            problem = problem or unreadable
    raise problem or UnreadableExport("File ini tidak berisi laporan.")


def xlsx_sheets(content: bytes) -> Iterator[list[Record]]:
    import openpyxl  # here, since a decoder of pictures comes with it (promise 8)

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        unpacked = sum(part.file_size for part in packed.infolist())
    if unpacked > LARGEST_UNPACKED:
        raise UnreadableExport("Isi file Excel ini terlalu besar. Bagi menjadi beberapa file.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's, about styles it does not keep
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a file says of its size may be a lie
            yield [
                (line, cells)
                for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
                if any(cell is not None for cell in cells)
            ]


def table(records: Iterable[Record], *, ragged: bool) -> list[FileRow]:
    """The records under their header. `ragged`: empty cells at the end of a row may be missing."""
    rows = ((line, [clean(cell) for cell in cells]) for line, cells in records)
    filled = ((line, cells) for line, cells in rows if any(cells))
    _, header = next(filled, (1, []))
    columns = column_places(header)
    return [_row(line, cells, columns, len(header), ragged) for line, cells in filled]


def column_places(header: list[str]) -> dict[str, int]:
    """Where each column stands. Others may stand between them. Raises UnreadableExport."""
    names = [_squeezed(name) for name in header]
    if not any(names):
        raise UnreadableExport("File ini kosong.")
    for problem, times in (("Kolom tidak ada", 0), ("Kolom lebih dari satu", 2)):
        found = [name for name in COLUMNS if min(names.count(_squeezed(name)), 2) == times]
        if found:
            raise UnreadableExport(f"{problem}: {', '.join(found)}. Pakai ekspor SP4N yang asli.")
    return {name: names.index(_squeezed(name)) for name in COLUMNS}


def _row(line: int, cells: list[str], columns: dict[str, int], width: int, ragged: bool) -> FileRow:
    short = width - len(cells)
    if any(cells[width:]) or (short > 0 and not ragged):
        return FileRow(line, {}, f"berisi {len(cells)} kolom, seharusnya {width}")
    cells = cells + [""] * short
    return FileRow(line, {name: cells[place] for name, place in columns.items()})


def clean(cell: Any) -> str:
    """As CSV would have printed it, without what cannot be stored."""
    match cell:
        case None:
            return ""
        case str():
            text = cell.replace("\r\n", "\n").replace("\r", "\n")
            return _UNPRINTABLE.sub("", text).strip()
        case dt.datetime():
            moment = cell.replace(microsecond=0)
            return moment.date().isoformat() if moment.time() == dt.time() else str(moment)
        case dt.time():
            return cell.replace(microsecond=0).isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)


def _known(header: Iterable[str]) -> set[str]:
    return {_squeezed(name.strip('"')) for name in header} & {_squeezed(name) for name in COLUMNS}


def _squeezed(name: str) -> str:
    return "".join(name.split()).casefold()
