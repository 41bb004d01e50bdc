"""The open recap, to read and as a file."""

import csv
import io

import pytest
from browser import page_of

from lapor_web.public.statistics import harmless
from lapor_web.services import follow_up


def rows_of(answer) -> list[list[str]]:
    text = answer.data.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


def test_a_city_without_reports_has_no_percentage(city, browser):
    page = page_of(browser.get("/statistik"))

    assert page.h1.text == "Statistik 2026"
    figures = {one.dt.text: " ".join(one.dd.text.split()) for one in page.select(".figures div")}
    assert figures["diterima"] == "0"
    assert figures["penyelesaian"].startswith("–")
    assert rows_of(browser.get("/statistik.csv"))[1][5:] == ["", "", ""]


def test_received_is_finished_and_in_process_and_not_acted_on(city, browser):
    city.sent_to("WORKS")
    city.do("works", city.sent_to("WORKS"), follow_up.FollowUp(text="Kami cek."))
    page = page_of(browser.get("/statistik"))
    head, whole, works = rows_of(browser.get("/statistik.csv"))

    assert [one.text.strip() for one in page.select("tbody tr")[0](["th", "td"])][:5] == [
        "Works",
        "2",
        "0",
        "1",
        "1",
    ]
    assert head[0] == "Perangkat daerah"
    assert whole == ["Seluruh kota", "2", "0", "1", "1", "0,00", "0,0", "100,00"]
    assert works[0] == "Dinas Works"


def test_a_year_is_chosen(city, browser):
    city.sent_to("WORKS", entry=None)

    assert browser.get("/statistik?tahun=2026").status_code == 200
    for year in ("2025", "x", "-1", "99999", "%00"):
        assert browser.get(f"/statistik?tahun={year}").status_code == 404
        assert browser.get(f"/statistik.csv?tahun={year}").status_code == 404


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start):
    assert harmless(f"{start}cmd()") == f"'{start}cmd()"


def test_the_file_is_named_by_its_year(city, browser):
    answer = browser.get("/statistik.csv")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="statistik-2026.csv"'
    assert answer.mimetype == "text/csv"


def test_the_first_page_counts_what_came_in_since_it_was_last_seen(city, browser):
    assert "0 belum ditindaklanjuti" in " ".join(page_of(browser.get("/")).text.split())
    city.sent_to("WORKS")
    assert "1 belum ditindaklanjuti" in " ".join(page_of(browser.get("/")).text.split())


def test_a_hidden_report_is_in_no_figure_of_page_and_file(city, browser):
    city.sent_to("WORKS")
    city.sent_to("ROADS", confidential=True)
    page = page_of(browser.get("/statistik"))
    _, whole, *offices = rows_of(browser.get("/statistik.csv"))

    assert whole[1:5] == ["1", "0", "0", "1"]
    assert [row[0] for row in offices] == ["Dinas Works"]
    figures = {one.dt.text: " ".join(one.dd.text.split()) for one in page.select(".figures div")}
    assert figures["diterima"] == "1"
    assert "1 belum ditindaklanjuti" in " ".join(page_of(browser.get("/")).text.split())


def test_hidden_reports_of_several_offices_stand_together(city, browser):
    for office in ("WORKS", "ROADS"):
        for _ in range(3):
            city.sent_to(office, confidential=True)
    last = rows_of(browser.get("/statistik.csv"))[-1]

    assert last[:5] == ["Dirahasiakan, dinas tidak disebut", "6", "0", "0", "6"]
    assert "Dirahasiakan, dinas tidak disebut" in page_of(browser.get("/statistik")).table.text
