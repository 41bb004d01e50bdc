import datetime as dt

import pytest
from sp4n_exports import ARCHIVED, USUAL

from lapor_web.models import ArchiveReason, Channel, Classification, FinishMode, Kind, Status
from lapor_web.services import sp4n_file as file
from lapor_web.services.sp4n_file import FileRow
from lapor_web.services.sp4n_row import LONGEST_CELL, ExportRow, RowRefused, channel_of, parse

NOW = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)


def read(row: dict[str, str] = USUAL, /, **changes: str) -> ExportRow:
    """A row as parsed; `changes` go by the module's names of the columns."""
    named = {getattr(file, name.upper()): cell for name, cell in changes.items()}
    cells = dict.fromkeys(file.COLUMNS, "") | row | named
    return parse(FileRow(2, cells), now=NOW)


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("4 Mar 2025", "2025-03-04"),
        ("04 May 2025", "2025-05-04"),
        ("4 Mei 2025", "2025-05-04"),
        ("17 Agu 2025", "2025-08-17"),
        ("17 Ags 2025", "2025-08-17"),
        ("17 Agt 2025", "2025-08-17"),
        ("17 Agustus 2025", "2025-08-17"),
        ("28 Okt 2025", "2025-10-28"),
        ("22 Des 2025", "2025-12-22"),
        ("22-Dec-25", "2025-12-22"),
        ("2025-12-22", "2025-12-22"),
    ],
)
def test_a_date_in_both_languages_and_as_excel_rewrites_it(printed, day):
    received = read(date=printed, time="00:00:00").received_at

    assert received == dt.datetime.fromisoformat(f"{day}T00:00:00+08:00")


@pytest.mark.parametrize(
    ("printed", "time"), [("23:59:59", "23:59:59"), ("7.05", "07:05:00"), ("", "00:00:00")]
)
def test_a_time_is_taken_as_printed_in_wita(printed, time):
    received = read(time=printed).received_at

    assert received == dt.datetime.fromisoformat(f"2025-03-04T{time}+08:00")
    assert received.tzinfo is dt.UTC


@pytest.mark.parametrize(
    "changes",
    [
        {"date": ""},
        {"date": "31 Feb 2025"},
        {"date": "4 Foo 2025"},
        {"date": "03/04/2025"},
        {"date": "1 Jan 0001"},
        {"date": "4 Mar 2062"},
        {"time": "25:00:00"},
        {"time": "pagi"},
        {"tracking_id": "9,16E+06"},
        {"tracking_id": "Lampu padam"},
        {"classification": "Pujian"},
        {"status": ""},
        {"status": "Entah"},
        {"flags": "Anonim|Tersembunyi"},
        {"title": "", "first_text": "", "last_text": ""},
        {"first_text": "x" * (LONGEST_CELL + 1)},
    ],
)
def test_what_cannot_be_taken_is_refused(changes):
    with pytest.raises(RowRefused):
        read(**changes)


def test_cells_that_slipped_are_never_repeated():
    cells = list(USUAL.values())
    slipped = dict(zip(file.COLUMNS, ["7000001", *cells[2:], ""], strict=False))

    with pytest.raises(RowRefused) as refused:
        parse(FileRow(2, dict.fromkeys(file.COLUMNS, "") | slipped), now=NOW)

    assert not any(cell in str(refused.value) for cell in cells)


@pytest.mark.parametrize(
    ("cell", "anonymous", "confidential"),
    [
        ("", False, False),
        ("Anonim", True, False),
        ("Rahasia", False, True),
        ("Anonim|Rahasia", True, True),
        ("rahasia | anonim", True, True),
    ],
)
def test_both_flags_stand_in_one_cell(cell, anonymous, confidential):
    row = read(flags=cell)

    assert (row.anonymous, row.confidential) == (anonymous, confidential)


@pytest.mark.parametrize(
    ("cell", "status", "mode"),
    [
        ("Ditutup oleh Sistem", Status.FINISHED, FinishMode.AUTOMATIC),
        ("Ditutup oleh Pelapor", Status.FINISHED, FinishMode.CONFIRMED),
        ("ditutup oleh  admin", Status.FINISHED, FinishMode.BY_ADMIN),
        ("Diarsipkan oleh Sistem", Status.ARCHIVED, None),
        ("Menunggu Kelengkapan Informasi", Status.ON_HOLD, None),
        ("Belum Terverifikasi", Status.UNVERIFIED, None),
        ("Belum Ditindaklanjuti", Status.FORWARDED, None),
        ("Proses", Status.IN_PROCESS, None),
    ],
)
def test_statuses(cell, status, mode):
    row = read(status=cell)

    assert (row.status, row.finish_mode) == (status, mode)


@pytest.mark.parametrize(
    ("by", "sentence", "reason"),
    [
        ("Admin", "Laporan ini duplikat.", ArchiveReason.DUPLICATE),
        ("Admin", "Sedang dalam proses peradilan", ArchiveReason.IN_COURT),
        ("Admin", "Mengandung SARA", ArchiveReason.ABUSIVE),
        ("Admin", "Mengandung SARA, Tidak Jelas, dan Tidak Relevan", ArchiveReason.UNCLEAR),
        ("Admin", "Duplikat atau uji coba", ArchiveReason.UNCLEAR),
        ("Admin", "Sebab lain sama sekali", ArchiveReason.UNCLEAR),
        ("Admin", "", ArchiveReason.UNCLEAR),
        ("Sistem", "sudah mencapai batas kadaluarsa", ArchiveReason.NOT_COMPLETED),
        ("Sistem", "", ArchiveReason.NOT_COMPLETED),
        ("Pelapor", "Tidak jelas", ArchiveReason.WITHDRAWN),
    ],
)
def test_why_it_was_archived(by, sentence, reason):
    row = read(ARCHIVED, status=f"Diarsipkan oleh {by}", reason=sentence)

    assert row.archive_reason is reason


@pytest.mark.parametrize(
    ("cell", "kind", "classification"),
    [
        ("Aspirasi", Kind.ASPIRATION, Classification.ASPIRATION),
        ("Pengaduan Berkadar Pengawasan", Kind.COMPLAINT, Classification.SUPERVISORY),
        ("Permintaan Informasi", Kind.INFORMATION, Classification.INFORMATION_REQUEST),
        ("", None, None),
    ],
)
def test_classes(cell, kind, classification):
    row = read(classification=cell)

    assert (row.kind, row.classification) == (kind, classification)


@pytest.mark.parametrize(
    ("source", "channel"),
    [
        ("Website", Channel.WEB),
        ("Website - pemerintah-kota-samarinda", Channel.WEB),
        ("Whatsapp", Channel.WHATSAPP),
        ("Android", Channel.OTHER_APP),
        ("", Channel.OTHER_APP),
    ],
)
def test_channels(source, channel):
    assert channel_of(source) is channel


def test_what_a_row_says_tells_news_but_nothing_of_the_reporter():
    assert read().says == read(name="Orang Lain").says
    assert read().says == read(date="2025-03-04", time="8:15:30").says
    assert read().says != read(status="Ditutup oleh Admin").says
