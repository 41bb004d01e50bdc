"""Printed recaps: read whatever their form, added up, and what does not fit named."""

import io

import openpyxl
import pytest

from lapor_web.services.printed_labels import Part
from lapor_web.services.printed_recaps import read_file, read_text
from lapor_web.services.recap_check import Rule, Verdict, check, check_all
from lapor_web.services.sp4n_file import UnreadableExport


def only(text):
    reading = read_text(text)
    assert len(reading.recaps) == 1
    return check(reading.recaps[0])


def verdicts(checked):
    return [(one.rule, one.verdict) for one in checked.findings]


@pytest.mark.parametrize(
    "text",
    [
        "diterima 92 · selesai 49 · masih dalam proses 33 · belum ditindaklanjuti 10 · penyelesaian "
        "53,26 % · rata-rata laju tindak lanjut 26,1 hari kerja",
        "Dari 92 laporan yang diterima, 49 selesai, 33 masih dalam proses, dan 10 belum ditindaklanjuti. "
        "Persentase 53,26%.",
        "Diterima: 92\nSelesai: 49\nProses: 33\nBelum ditindaklanjuti: 10\nPersentase: 53.26 persen",
        "diterima 92 selesai 49 proses 33 belum ditindaklanjuti 10 penyelesaian 53,26%",
        "92 diterima 49 selesai 33 proses 10 belum ditindaklanjuti 53,26% penyelesaian 26,1 hari kerja",
        "49 laporan selesai, 33 masih proses, 10 belum ditindaklanjuti dari 92 laporan diterima (53,26%)",
        "Pada tahun 2022 kota menerima 92 laporan, dengan rincian 49 laporan selesai, 33 laporan masih "
        "dalam proses, dan 10 laporan belum ditindaklanjuti, dengan persentase penyelesaian 53,26%",
        "Rekap 2022;;;;;\n\nOPD;Diterima;Selesai;Proses;Belum;Persentase penyelesaian\nKota;92;49;33;10;53,26",
        "| OPD | Diterima | Selesai | Proses | Belum | % |\n|---|---|---|---|---|---|\n"
        "| Kota | 92 | 49 | 33 | 10 | 53,26 |",
        "OPD   Diterima   Selesai   Proses   Belum   %\nKota   92   49   33   10   53,26",
        "Perangkat daerah Diterima Selesai Proses Belum ditindaklanjuti Penyelesaian Laju, hari kerja Nilai\n"
        "Kota 92 49 33 10 53,26% 26,1 –",
        "OPD\tDiterima\tSelesai\tProses\tBelum\t%\nKota\t92\t49\t33\t10\t53,26",
        'wilayah,diterima,selesai,proses,belum,persen_tertulis,laju\nKota,92,49,33,10,"53,26","26,1"',
    ],
)
def test_one_recap_in_many_forms(text):
    checked = only(text)

    assert checked.printed.counts == {
        Part.RECEIVED: 92,
        Part.FINISHED: 49,
        Part.IN_PROCESS: 33,
        Part.NOT_ACTED_ON: 10,
    }
    assert verdicts(checked) == [(Rule.SUM, Verdict.FITS), (Rule.SHARE, Verdict.FITS)]


def test_a_total_that_counts_what_is_on_hold_and_a_share_of_the_wrong_number():
    checked = only(
        "Diterima 26, terdisposisi 24, selesai 11 (46%), proses 9 (41%), belum 4 (17%), tertunda 2"
    )

    total, finished, in_process, not_acted_on = checked.findings
    assert (total.verdict, total.parts) == (Verdict.OTHER_USAGE, (Part.ON_HOLD,))
    assert finished.verdict is not_acted_on.verdict is Verdict.FITS
    assert in_process.verdict is Verdict.WRONG
    assert str(in_process.ratio.value) == "37.50"
    assert checked.worst is Verdict.WRONG


def test_a_share_of_what_was_acted_on_is_no_mistake_and_no_completion():
    (_, share) = only("Diterima 59, selesai 53, proses 2, belum 4, penyelesaian 93%").findings

    assert share.verdict is Verdict.OTHER_USAGE
    assert share.ratio.part == (Part.FINISHED, Part.IN_PROCESS)


def test_thousands_and_details_that_lack_a_thousand():
    (total,) = only(
        "Total 41.200 laporan: 15.061 selesai, 3.189 proses, 7.542 belum ditindaklanjuti, "
        "1.158 tertunda, 8.374 diarsipkan, 4.876 diverifikasi dan didisposisi"
    ).findings

    assert (total.verdict, total.difference) == (Verdict.WRONG, 1000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("diterima 20, selesai 12, proses 5", [(Rule.MISSING, Verdict.OPEN)]),
        ("diterima 20, selesai 12, proses 15", [(Rule.MISSING, Verdict.WRONG)]),
        (
            "diterima 41, 100% ditindaklanjuti",
            [(Rule.MISSING, Verdict.OPEN), (Rule.SHARE, Verdict.OPEN)],
        ),
    ],
)
def test_what_is_not_printed_is_not_guessed(text, expected):
    assert verdicts(only(text)) == expected


def test_a_line_of_totals_is_added_up_too():
    recaps = read_text(
        "OPD;Diterima;Selesai;Proses;Belum\nA;10;5;3;2\nB;8;4;2;2\nJumlah;18;9;5;5"
    ).recaps

    found = check_all(recaps)[-1].findings

    wrong = {one.parts or one.rule for one in found if one.verdict is Verdict.WRONG}
    assert wrong == {Rule.SUM, (Part.NOT_ACTED_ON,)}


def test_a_workbook_with_a_title_above_its_table():
    book = openpyxl.Workbook()
    book.active.append(["Rekap 2025"])
    book.active.append(["Bulan", "Diterima", "Selesai", "Proses", "Belum", "Catatan"])
    book.active.append(["Januari", 7, 4, 2, 1, "ramai"])
    out = io.BytesIO()
    book.save(out)

    reading = read_file(out.getvalue())

    assert [one.name for one in reading.recaps] == ["Januari"]
    assert reading.left_alone == ["Catatan"]
    assert check(reading.recaps[0]).worst is Verdict.FITS


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", b"\xff\xfe\x00 no text"])
def test_a_file_that_is_none_says_what_to_do(content):
    with pytest.raises(UnreadableExport):
        read_file(content)


@pytest.mark.parametrize(
    "text", ["", "   ", "Selamat pagi.", "12 34 56", "1" * 5000, "diterima " * 3000]
)
def test_what_holds_no_recap_is_none(text):
    assert read_text(text).recaps == []


@pytest.mark.parametrize(
    "text",
    [
        "|" * 190_000,
        "diterima 9 " * 18_000,
        "diterima selesai proses belum\n" + "1 " * 99_000 + "x",
    ],
)
def test_what_is_no_recap_is_not_pondered(text):
    """Each of these took a second or more, in which the process answered nobody else."""
    assert not any(len(one.counts) > 1 for one in read_text(text).recaps)
