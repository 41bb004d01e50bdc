import datetime as dt
import io
import zipfile

import pytest
from sp4n_exports import ARCHIVED, FINISHED, as_csv, as_xlsx

from lapor_web.services import sp4n_file as file
from lapor_web.services.sp4n_file import UnreadableExport, read_export


@pytest.fixture
def read(tmp_path):
    def read(content: bytes) -> list[file.FileRow]:
        path = tmp_path / "ekspor"
        path.write_bytes(content)
        return read_export(path)

    return read


def packed(**parts: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        as_csv([FINISHED, ARCHIVED]),
        as_csv([FINISHED, ARCHIVED], bom=False),
        as_csv([FINISHED, ARCHIVED], separator=";"),
        as_csv([FINISHED, ARCHIVED], columns=[*reversed(file.COLUMNS), "Catatan kami"]),
        as_xlsx([FINISHED, ARCHIVED, {}, {}]),
    ],
    ids=["as exported", "no BOM", "semicolons", "other columns, other order", "xlsx"],
)
def test_it_is_the_same_however_it_was_saved(read, content):
    rows = read(content)

    assert [row.line for row in rows] == [2, 3]
    assert [row.fault for row in rows] == [None, None]
    assert rows[0].cells == dict.fromkeys(file.COLUMNS, "") | FINISHED
    assert rows[1].cells == dict.fromkeys(file.COLUMNS, "") | ARCHIVED


def test_excel_may_have_made_dates_and_numbers_of_the_cells(read):
    typed = FINISHED | {
        file.TRACKING_ID: 7000001.0,
        file.DATE: dt.datetime(2025, 3, 4),  # noqa: DTZ001  as Excel has it
        file.TIME: dt.time(8, 15, 30),
        file.OFFICE_ID: 131433,
        file.TITLE: "=1+1",
    }

    (row,) = read(as_xlsx([typed]))

    assert row.cells[file.TRACKING_ID] == "7000001"
    assert row.cells[file.DATE] == "2025-03-04"
    assert row.cells[file.TIME] == "08:15:30"
    assert row.cells[file.OFFICE_ID] == "131433"
    assert row.cells[file.TITLE] == ""


def test_a_line_is_counted_as_an_editor_counts_it(read):
    long = FINISHED | {file.FIRST_TEXT: "Baris satu.\nBaris dua.\nBaris tiga."}

    rows = read(as_csv([long, ARCHIVED]))

    assert [row.line for row in rows] == [2, 5]
    assert rows[0].cells[file.FIRST_TEXT] == "Baris satu.\nBaris dua.\nBaris tiga."


def test_a_row_with_too_few_or_too_many_cells_is_at_fault_alone(read):
    broken = as_csv([]) + b"1,2,3\r\n" + as_csv([FINISHED], bom=False).splitlines()[1] + b",x\r\n"

    rows = read(broken + as_csv([ARCHIVED], bom=False).splitlines()[1])

    assert [row.fault for row in rows] == [
        "berisi 3 kolom, seharusnya 21",
        "berisi 22 kolom, seharusnya 21",
        None,
    ]


def test_a_cell_without_end_is_the_trouble_of_its_row_alone(read):
    endless = FINISHED | {file.FIRST_TEXT: "x" * 200_000}

    assert [len(row.cells[file.FIRST_TEXT]) for row in read(as_csv([endless, ARCHIVED]))] == [
        200_000,
        len(ARCHIVED[file.FIRST_TEXT]),
    ]


def test_what_cannot_be_stored_or_printed_is_left_out(read):
    (row,) = read(as_csv([FINISHED | {file.TITLE: " Lampu\0 \x1b[31mtaman\r\n "}]))

    assert row.cells[file.TITLE] == "Lampu [31mtaman"


LATIN = as_csv([FINISHED | {file.TITLE: "Café"}], bom=False).decode().encode("latin-1")
UNCLOSED = as_csv([FINISHED], bom=False) + b'7000009,"4 Mar 2025,\r\n' + as_csv([ARCHIVED])
NO_TEXT = [name for name in file.COLUMNS if name != file.LAST_TEXT]
TWICE = [*file.COLUMNS, file.STATUS]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "kosong"),
        (b"\xef\xbb\xbf\r\n\r\n", "kosong"),
        (as_csv([]), "tidak berisi laporan"),
        (as_xlsx([]), "tidak berisi laporan"),
        (as_csv([FINISHED]).decode("utf-8-sig").encode("utf-16"), "UTF-8"),
        (as_csv([FINISHED], bom=False).decode().encode("utf-16-le"), "UTF-8"),
        (LATIN, "UTF-8"),
        (UNCLOSED, "baris 3"),
        (as_csv([FINISHED], columns=NO_TEXT), f"Kolom tidak ada: {file.LAST_TEXT}."),
        (as_xlsx([FINISHED], columns=NO_TEXT), f"Kolom tidak ada: {file.LAST_TEXT}."),
        (as_csv([FINISHED], columns=TWICE), f"lebih dari satu: {file.STATUS}."),
        (as_xlsx([FINISHED])[:3000], "rusak"),
        (packed(hello="world"), "rusak"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "kata sandi"),
    ],
)
def test_what_is_no_export_gets_one_sentence(read, content, says):
    with pytest.raises(UnreadableExport, match=says.replace(".", r"\.")):
        read(content)


def test_a_zip_bomb_is_not_opened(read, monkeypatch):
    monkeypatch.setattr(file, "LARGEST_UNPACKED", 1000)

    with pytest.raises(UnreadableExport, match="terlalu besar"):
        read(as_xlsx([FINISHED]))


def test_a_file_beyond_all_sense_is_not_read(read, monkeypatch):
    monkeypatch.setattr(file, "LARGEST_FILE", 1000)

    with pytest.raises(UnreadableExport, match="lebih besar"):
        read(as_csv([FINISHED] * 9))


@pytest.mark.parametrize("name", ["tidak-ada.csv", ".", "a\0b"])
def test_a_file_that_cannot_be_opened(tmp_path, name):
    with pytest.raises(UnreadableExport, match=r"ditemukan|dibuka"):
        read_export(tmp_path / name)
