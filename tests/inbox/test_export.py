"""A whole list as a file (S-43, S-54, S-64, S-65): made by the worker, for its maker alone."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from browser import page_of
from sqlalchemy import select

from lapor_web import long_work
from lapor_web.inbox import export_work
from lapor_web.models import LongJob, LongJobState, Role
from lapor_web.services.follow_up import FollowUp, Return
from lapor_web.services.identity import Identity
from lapor_web.services.jobs import Job

HEAD = [
    *("Nomor", "Tracking ID", "Judul", "Isi", "Klasifikasi", "Kategori", "Disposisi ke"),
    *("Tanggal Masuk", "Tanggal Disposisi", "Tanggal Tindak Lanjut", "Batas Tindak Lanjut"),
    "Berkas",
]


@pytest.fixture
def export(city, storage):
    """Asks for it as that browser, does the worker's part, and gives the rows of the file."""

    def export(browser, query="", format="csv", name="tampilan"):
        answer = browser.post(f"/kotak-masuk/ekspor/{name}{query}", {"format": format})
        assert answer.status_code == 303
        row = newest(city)
        long_work.do(long_work.LONG_WORK[Job(row.job)], row.id, is_last_try=True)
        city.session.refresh(row)
        if row.state is LongJobState.FAILED:
            return row.reason
        return browser.get(f"{answer.location}/berkas").data

    return export


def newest(city) -> LongJob:
    return city.session.scalars(select(LongJob).order_by(LongJob.id.desc()).limit(1)).one()


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def numbers_of(content: bytes) -> set[str]:
    return {row[0] for row in rows_of(content)[1:]}


def test_a_row_says_what_the_side_register_says_and_names_nobody(city, officer, export):
    report = city.sent_to(
        "WORKS", story="Lampu mati.", identity=Identity("Siti Rahma", "081255500001", "")
    )
    city.wait(days=1)
    city.do("works", report, FollowUp(text="Kami cek."))
    report.tracking_id = "9165816"

    content = export(officer("works"), "?tampilan=semua")

    assert content.startswith(b"\xef\xbb\xbf")
    assert rows_of(content) == [
        HEAD,
        [
            *(report.number, "9165816", "Lampu mati", "Lampu mati."),
            *("Pengaduan tidak berkadar pengawasan", "", "Dinas Works"),
            *("2026-11-09", "2026-11-09", "2026-11-10", "2026-11-16", "0"),
        ],
    ]
    assert b"Siti" not in content


def test_in_excel_days_are_days_and_the_head_stays(city, officer, export):
    city.sent_to("WORKS")

    sheet = openpyxl.load_workbook(io.BytesIO(export(officer("works"), format="xlsx"))).active

    assert [cell.value for cell in sheet[1]] == HEAD
    assert sheet["H2"].value.date() == dt.date(2026, 11, 9)
    assert sheet["H2"].is_date
    assert sheet.freeze_panes is not None
    assert sheet.auto_filter.ref


def test_s43_it_holds_what_its_maker_may_see_when_it_is_made(city, officer, export):
    ours, moved, theirs = city.sent_to("WORKS"), city.sent_to("WORKS"), city.sent_to("ROADS")
    works = officer("works")
    answer = works.post("/kotak-masuk/ekspor/tampilan?tampilan=semua", {"format": "csv"})
    city.do("works", moved, Return(reason="Bukan jalan kami."))
    row = newest(city)
    long_work.do(export_work.make_export, row.id, is_last_try=True)

    assert numbers_of(works.get(f"{answer.location}/berkas").data) == {ours.number}
    assert theirs.number not in str(row.arguments)


def test_the_list_is_the_one_that_was_looked_at(city, officer, export):
    first = city.sent_to("WORKS", story="Lubang besar di aspal.")
    second = city.sent_to("WORKS", story="Pohon tumbang.")
    works = officer("works")

    assert numbers_of(export(works, "?tampilan=semua&cari=pohon")) == {second.number}
    assert "pohon" not in str(newest(city).arguments)
    assert numbers_of(export(works, "?tampilan=perlu-ditindak")) == {first.number, second.number}
    assert numbers_of(export(works, "?tampilan=lewat-tenggat")) == set()


def test_s54_its_link_is_of_its_maker_and_dies_after_a_day(city, officer, export):
    city.sent_to("WORKS")
    coordinator = officer("coordinator")
    export(coordinator)
    address = f"/pekerjaan/{newest(city).id}/berkas"

    assert [officer(who).get(address).status_code for who in ("works", "leader")] == [404, 404]
    assert coordinator.get(address).status_code == 200
    city.wait(hours=25)
    assert officer("coordinator").get(address).status_code == 404


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_s64_what_looks_like_a_formula_is_text(city, officer, export, start):
    report = city.sent_to("WORKS")
    report.title = f"{start}HYPERLINK(A1)"
    works = officer("works")

    [_, row] = rows_of(export(works, "?tampilan=semua"))
    cell = openpyxl.load_workbook(
        io.BytesIO(export(works, "?tampilan=semua", format="xlsx"))
    ).active["C2"]

    assert row[2].startswith(f"'{start}")
    assert cell.data_type in {"s", "inlineStr"}


def test_s65_line_ends_quotes_and_long_texts_break_no_row(city, officer, export):
    long = 'Baris satu; "kutip"\nbaris dua ' + "x" * 40_000
    city.sent_to("WORKS", story=long)

    [_, row] = rows_of(export(officer("works"), "?tampilan=semua"))

    assert row[3] == long[: len(row[3])]
    assert 32_000 < len(row[3]) < 32_767
    assert len(row) == len(HEAD)


def test_what_is_too_much_says_how_to_get_less(city, officer, export, monkeypatch):
    monkeypatch.setattr(export_work, "MOST_ROWS", 1)
    for _ in range(2):
        city.sent_to("WORKS")

    assert "Persempit dulu" in export(officer("works"), "?tampilan=semua")


def test_whoever_lost_the_right_gets_no_file(city, officer, export):
    city.sent_to("WORKS")
    works = officer("works")
    works.post("/kotak-masuk/ekspor/tampilan", {"format": "csv"})
    city.users["works"].role = Role.EVALUATOR
    city.session.flush()

    row = newest(city)
    long_work.do(export_work.make_export, row.id, is_last_try=True)

    assert row.state is LongJobState.FAILED
    assert "tidak lagi untuk peran Anda" in row.reason


def test_what_sp4n_lacks_is_a_list_of_the_coordinator(city, officer, export):
    report = city.sent_to("WORKS")
    city.sent_to("ROADS").tracking_id = "77"

    assert numbers_of(export(officer("coordinator"), name="belum-disalin")) == {report.number}
    for who, name, status in (
        ("works", "belum-disalin", 403),
        ("works", "apa-saja", 404),
        ("intake", "tampilan", 303),
    ):
        answer = officer(who).post(f"/kotak-masuk/ekspor/{name}", {"format": "csv"})
        assert answer.status_code == status


def test_a_page_of_the_inbox_offers_both(city, officer):
    city.sent_to("WORKS")

    form = page_of(officer("works").get("/kotak-masuk")).select_one("form.export")

    assert [one["value"] for one in form.select("[name=format]")] == ["xlsx", "csv"]
