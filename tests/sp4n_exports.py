"""Invented exports in the layout of SP4N-LAPOR!: no row of a real one may stand in this project."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import openpyxl

from lapor_web.services import sp4n_file as file

USUAL = {
    file.TRACKING_ID: "7000001",
    file.DATE: "4 Mar 2025",
    file.TIME: "08:15:30",
    file.NAME: "Wati Rahayu",
    file.CLASSIFICATION: "Pengaduan Tidak Berkadar Pengawasan",
    file.TITLE: "Lampu taman padam",
    file.FIRST_TEXT: "Lampu di taman kelurahan kami padam sejak Senin.",
    file.LAST_TEXT: "Lampu di taman padam sejak Senin.",
    file.SOURCE: "Website",
    file.PARENT_AGENCY: "Pemerintah Kota Samarinda",
    file.OFFICE_ID: "131433",
    file.OFFICE: "Dinas Lingkungan Hidup",
    file.STATUS: "Ditutup oleh Sistem",
    file.PROVINCE: "Kalimantan Timur",
    file.CITY: "Kota Samarinda",
}
FINISHED = USUAL
ARCHIVED = USUAL | {
    file.TRACKING_ID: "7000002",
    file.STATUS: "Diarsipkan oleh Admin",
    file.REASON: "Laporan ini duplikat.",
}
ON_HOLD = USUAL | {
    file.TRACKING_ID: "7000003",
    file.STATUS: "Menunggu Kelengkapan Informasi",
    file.OFFICE_ID: "",
    file.OFFICE: "",
}

Rows = Sequence[dict[str, Any]]


def cells(row: dict[str, Any], columns: Sequence[str] = file.COLUMNS) -> list[Any]:
    return [row.get(column, "") for column in columns]


def as_csv(
    rows: Rows, *, separator: str = ",", columns: Sequence[str] = file.COLUMNS, bom: bool = True
) -> bytes:
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter=separator)
    lines.writerow(columns)
    lines.writerows(cells(row, columns) for row in rows)
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def as_xlsx(rows: Rows, *, columns: Sequence[str] = file.COLUMNS) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(list(columns))
    for row in rows:
        book.active.append([cell if cell != "" else None for cell in cells(row, columns)])
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()
