"""The recap as a table to read, in the order of the Home Ministry's letter."""

import datetime as dt
from collections.abc import Iterator

from babel.dates import format_date, format_datetime

from lapor_web.dates import LOCALE
from lapor_web.handouts.tables import merged_note
from lapor_web.numerals import UNKNOWN, decimal, percent, whole
from lapor_web.services.recap import Figures, Period, Recap, Spread
from lapor_web.services.working_days import WITA

LABEL_WIDTH, FIGURE_WIDTH, OFFICE_WIDTH = 42, 18, 34

DEFINITIONS = """\
Diterima = selesai + proses + belum ditindaklanjuti, menurut tanggal diterima (WITA).
Belum terverifikasi, ditunda, diarsipkan, bukan kewenangan, dan digabung di luar hitungan itu.
Penyelesaian = selesai / diterima. Tindak lanjut = (selesai + proses) / diterima.
Laju = rata-rata hari kerja dari disposisi sampai tindak lanjut pertama; jeda Ditunda tidak dihitung.
  Kota: sejak disposisi pertama. Perangkat daerah: masa pegangnya sendiri.
Tepat waktu = tindak lanjut pertama dalam batas / (yang sudah + yang lewat batas tanpa tindak lanjut).
Salah disposisi = pernah dikembalikan / terdisposisi; dibuka kembali = dari yang pernah selesai;
  otomatis, dikonfirmasi, ditutup admin, dengan bukti = dari yang selesai.
  Riwayat laporan impor tidak diketahui, jadi tidak ikut dalam angka mutu.
Perangkat daerah dihitung menurut pemegang laporan sekarang. – = tidak diketahui."""


def as_text(recap: Recap, before: Recap, *, city: str) -> str:
    """`before` is the same period a year earlier, which stands beside it."""
    computed = recap.computed_at.astimezone(WITA)
    lines = [
        f"Rekap penanganan laporan, {city}",
        f"Diterima {in_words(recap.period)}",
        f"Dihitung {format_datetime(computed, 'd MMMM y, HH.mm', locale=LOCALE)} WITA",
        "",
        row("", heading(recap.period), heading(before.period)),
        *(
            row(label, now, then)
            for (label, now), (_, then) in zip(
                summary(recap.figures), summary(before.figures), strict=True
            )
        ),
        "",
        *office_table(recap),
        *([merged_note(recap.merged)] if recap.merged else []),
        "",
        DEFINITIONS,
    ]
    return "\n".join(line.rstrip() for line in lines)


def summary(figures: Figures) -> Iterator[tuple[str, str]]:
    outside, quality = figures.outside, figures.quality
    yield "Diterima", whole(figures.received)
    yield "Selesai", whole(figures.finished)
    yield "Masih dalam proses", whole(figures.in_process)
    yield "Belum ditindaklanjuti", whole(figures.not_acted_on)
    yield "Penyelesaian", percent(figures.finished_percent)
    yield "Laju tindak lanjut (hari kerja)", mean(figures.pace)
    yield "  median, banyaknya", median(figures.pace)
    yield "  termasuk yang belum (umur berjalan)", mean(figures.pace_including_open)
    yield "Tindak lanjut", percent(figures.acted_on_percent)
    yield "Tepat waktu", percent(figures.on_time_percent)
    yield "Waktu penyelesaian (hari kerja)", mean(figures.completion)
    yield "  median, banyaknya", median(figures.completion)
    yield "Semua yang masuk", whole(figures.entered)
    yield "Terdisposisi", whole(figures.disposed)
    yield "Di luar hitungan: belum terverifikasi", whole(outside.unverified)
    yield "  ditunda", whole(outside.on_hold)
    yield "  diarsipkan", whole(outside.archived)
    yield "  bukan kewenangan", whole(outside.outside_authority)
    yield "  digabung", whole(outside.merged)
    yield "Mutu: salah disposisi", percent(quality.returned_percent)
    yield "  dibuka kembali", percent(quality.reopened_percent)
    yield "  selesai otomatis", percent(quality.automatic_percent)
    yield "  selesai dikonfirmasi", percent(quality.confirmed_percent)
    yield "  ditutup admin", percent(quality.by_admin_percent)
    yield "  selesai dengan bukti", percent(quality.evidence_percent)
    yield "  nilai pelapor (1–5), banyaknya", f"{mean(quality.rating)} ({quality.rating.n})"


OFFICE_COLUMNS = (
    ("Diterima", 8),
    ("Selesai", 7),
    ("Proses", 6),
    ("Belum", 5),
    ("Selesai%", 8),
    ("Laju", 6),
    ("Tepat%", 7),
    ("Salah", 5),
    ("Nilai", 5),
)


def office_table(recap: Recap) -> Iterator[str]:
    yield office_row("Perangkat daerah", [title for title, _ in OFFICE_COLUMNS])
    for office in recap.per_opd:
        figures = office.figures
        returned = figures.quality.known_returned
        yield office_row(
            office.short_name or "(belum/tidak didisposisi)",
            [
                whole(figures.received),
                whole(figures.finished),
                whole(figures.in_process),
                whole(figures.not_acted_on),
                decimal(figures.finished_percent, 2),
                mean(figures.pace),
                decimal(figures.on_time_percent, 2),
                UNKNOWN if returned is None else whole(returned),
                mean(figures.quality.rating),
            ],
        )


def row(label: str, now: str, then: str) -> str:
    return f"{label:<{LABEL_WIDTH}}{now:>{FIGURE_WIDTH}}{then:>{FIGURE_WIDTH}}"


def office_row(name: str, cells: list[str]) -> str:
    widths = (width for _, width in OFFICE_COLUMNS)
    figures = (f"{cell:>{width + 2}}" for cell, width in zip(cells, widths, strict=True))
    return f"{name[:OFFICE_WIDTH]:<{OFFICE_WIDTH}}{''.join(figures)}"


def heading(period: Period) -> str:
    return str(period.year) if period.year else f"s.d. {period.end:%d-%m-%y}"


def in_words(period: Period) -> str:
    return f"{long_day(period.start)} sampai {long_day(period.end)}"


def long_day(day: dt.date) -> str:
    return format_date(day, "d MMMM y", locale=LOCALE)


def mean(spread: Spread) -> str:
    return decimal(spread.mean, 1)


def median(spread: Spread) -> str:
    return f"{decimal(spread.median, 1)} ({whole(spread.n)})"
