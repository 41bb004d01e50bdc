"""The tables of a recap: the city in the order of the ministry's letter, its offices, months and traits."""

from collections.abc import Iterable

from lapor_web.dates import month
from lapor_web.handouts.cells import Cell, Table, paper_day, percent, tenth, text, whole
from lapor_web.labels import CHANNEL, CLASSIFICATION
from lapor_web.services.merged_lines import MergedLine
from lapor_web.services.months import MonthLine
from lapor_web.services.recap import Figures, OfficeFigures, Recap, Spread
from lapor_web.services.traits import Line, Tally

CITY, NOBODY, NOT_KNOWN = "Kota", "Belum dipegang", "Tidak diketahui"

OFFICE_HEAD = (
    "Perangkat daerah",
    "Diterima",
    "Selesai",
    "Proses",
    "Belum ditindaklanjuti",
    "Penyelesaian",
    "Laju, hari kerja",
    "Tepat waktu",
    "Salah disposisi",
    "Nilai",
)
TALLY_HEAD = ("Diterima", "Selesai", "Proses", "Belum ditindaklanjuti", "Penyelesaian")


def summary(recap: Recap, before: Recap) -> Table:
    """As the letter asks for it, the year before beside it."""
    this_head = str(recap.period.year or "Masa ini")
    before_head = str(before.period.year or "Setahun sebelumnya")
    both = zip(_measures(recap.figures), _measures(before.figures), strict=True)
    rows = [(text(words), cell, then) for (words, cell), (_, then) in both]
    return Table("Rekap", ("Ukuran", this_head, before_head), rows)


def _measures(of: Figures) -> Iterable[tuple[str, Cell]]:
    yield "Diterima", whole(of.received)
    yield "Selesai", whole(of.finished)
    yield "Masih dalam proses", whole(of.in_process)
    yield "Belum ditindaklanjuti", whole(of.not_acted_on)
    yield "Persentase penyelesaian", percent(of.finished_percent)
    yield "Rata-rata laju tindak lanjut, hari kerja", tenth(of.pace.mean)
    yield from _median("Laju tindak lanjut", of.pace)
    yield "Laju termasuk yang belum, umur berjalan", tenth(of.pace_including_open.mean)
    yield "Persentase tindak lanjut", percent(of.acted_on_percent)
    yield "Tindak lanjut tepat waktu", percent(of.on_time_percent)
    yield "Rata-rata waktu penyelesaian, hari kerja", tenth(of.completion.mean)
    yield from _median("Waktu penyelesaian", of.completion)
    yield "Salah disposisi", percent(of.quality.returned_percent)
    yield "Dibuka kembali", percent(of.quality.reopened_percent)
    yield "Selesai dikonfirmasi pelapor", percent(of.quality.confirmed_percent)
    yield "Selesai otomatis", percent(of.quality.automatic_percent)
    yield "Selesai ditutup admin", percent(of.quality.by_admin_percent)
    yield "Selesai dengan bukti", percent(of.quality.evidence_percent)
    yield "Nilai pelapor, rata-rata dari 5", tenth(of.quality.rating.mean)
    yield "Nilai pelapor, banyaknya", whole(of.quality.rating.n)
    yield "Semua yang masuk", whole(of.entered)
    yield "Pernah didisposisi", whole(of.disposed)
    yield "Belum terverifikasi, di luar hitungan", whole(of.outside.unverified)
    yield "Ditunda, di luar hitungan", whole(of.outside.on_hold)
    yield "Diarsipkan, di luar hitungan", whole(of.outside.archived)
    yield "Bukan kewenangan, di luar hitungan", whole(of.outside.outside_authority)
    yield "Digabung, di luar hitungan", whole(of.outside.merged)


def _median(words: str, spread: Spread) -> Iterable[tuple[str, Cell]]:
    yield f"{words}, median hari kerja", tenth(spread.median)
    yield f"{words}, banyaknya laporan", whole(spread.n)


def offices(recap: Recap) -> Table:
    """In the order of the offices, not of their figures; the city last."""
    lines = [_office(one) for one in recap.per_opd]
    city = (text(CITY), *_figures(recap.figures))
    note = merged_note(recap.merged)
    return Table("Per perangkat daerah", OFFICE_HEAD, [*lines, city], has_total=True, note=note)


def merged_note(merged: Iterable[MergedLine]) -> str:
    """The footnote of a table of offices, wherever it stands."""
    return " ".join(map(_merged, merged))


def _merged(one: MergedLine) -> str:
    since = f" sejak {paper_day(one.since)}" if one.since else ""
    counted = (
        "yang dipegangnya sebelum itu dihitung di barisnya sendiri"
        if one.own_line
        else f"semua laporannya, juga yang sebelum itu, dihitung di baris {one.into}"
    )
    return f"{one.short_name} menjadi bagian dari {one.into}{since}: {counted}."


def _office(one: OfficeFigures) -> tuple[Cell, ...]:
    if one.code is None:
        # Nobody's pace: what no office holds has no interval of an office.
        numbers = _figures(one.figures)
        return (text(NOBODY), *numbers[:5], tenth(None), percent(None), whole(None), numbers[8])
    return (text(one.short_name), *_figures(one.figures))


def _figures(of: Figures) -> tuple[Cell, ...]:
    return (
        whole(of.received),
        whole(of.finished),
        whole(of.in_process),
        whole(of.not_acted_on),
        percent(of.finished_percent),
        tenth(of.pace.mean),
        percent(of.on_time_percent),
        whole(of.quality.known_returned),
        tenth(of.quality.rating.mean),
    )


def months(lines: Iterable[MonthLine]) -> Table:
    rows = [
        (text(month(one.period.start)), *_tally(one.tally), tenth(one.pace.mean)) for one in lines
    ]
    return Table("Per bulan", ("Bulan", *TALLY_HEAD, "Laju, hari kerja"), rows)


def trait(name: str, lines: Iterable[Line], *, with_parts: bool) -> Table:
    """The parts of a line follow it, and are counted in it."""
    rows = []
    for one in lines:
        rows.append((text(_name(one)), *_tally(one.tally)))
        parts = one.under if with_parts else ()
        rows.extend((text(f"– {_name(part)}"), *_tally(part.tally)) for part in parts)
    return Table(f"Per {name}", (name.capitalize(), *TALLY_HEAD), rows)


_WORDS = {one.value: words for one, words in (CHANNEL | CLASSIFICATION).items()}


def _name(line: Line) -> str:
    return line.name or _WORDS.get(line.value) or NOT_KNOWN


def _tally(of: Tally) -> tuple[Cell, ...]:
    return (
        whole(of.received),
        whole(of.finished),
        whole(of.in_process),
        whole(of.not_acted_on),
        percent(of.finished_percent),
    )
