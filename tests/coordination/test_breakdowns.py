"""The figures by month, by what a report is about and where, and quality beside speed."""

import pytest
from browser import page_of

from lapor_web.models import Area, AreaKind, Category, Channel
from lapor_web.services.follow_up import FollowUp, Return
from lapor_web.services.submission import Entry
from lapor_web.services.undo import Undo
from lapor_web.services.verification import Reassign

SPAN = "dari=2026-01-01&sampai=2026-12-31"


@pytest.fixture
def placed_city(busy_city):
    """Reports of two kelurahan of a kecamatan, of a category and a part of it, by phone."""
    city, session = busy_city, busy_city.session

    def add(table, **fields):
        row = table(agency_id=city.agency.id, **fields)
        session.add(row)
        session.flush()
        return row

    whole = add(Area, code="64.72", name="Kota", kind=AreaKind.CITY)
    palaran = add(Area, code="64.72.01", name="Palaran", kind=AreaKind.KECAMATAN, parent=whole)
    parts = [
        add(Area, code=f"64.72.01.100{n}", name=name, kind=AreaKind.KELURAHAN, parent=palaran)
        for n, name in enumerate(("Bukuan", "Bantuas"))
    ]
    roads = add(Category, code="JALAN", name="Jalan")
    holes = add(Category, code="LUBANG", name="Lubang", parent=roads)
    entry = Entry(city.users["intake"], Channel.PHONE, city.now)
    for area, category in ((palaran, roads), (parts[0], holes), (parts[1], holes)):
        report = city.sent_to("WORKS", area_id=area.id, entry=entry)
        report.category_id = category.id
    session.flush()
    return city


def lines_of(page):
    return {
        row.th.get_text(strip=True): [
            cell.get_text(strip=True) for cell in row.select("td.numeric")
        ]
        for row in page.select("#breakdown tbody tr")
    }


@pytest.mark.parametrize(
    ("trait", "expected"),
    [
        (
            "wilayah",
            {"Palaran": "3", "Bukuan": "1", "Bantuas": "1", "Wilayah tidak diketahui": "5"},
        ),
        ("kategori", {"Jalan": "3", "Lubang": "2", "Belum berkategori": "5"}),
        ("kanal", {"Telepon": "3", "Web": "5"}),
        ("klasifikasi", {"Pengaduan tidak berkadar pengawasan": "7", "Belum diklasifikasi": "1"}),
    ],
)
def test_lines_that_add_up_and_open_to_what_they_count(placed_city, browser, trait, expected):
    browser.sign_in(placed_city.users["coordinator"])

    page = page_of(browser.get(f"/koordinasi/per-{trait}?{SPAN}"))

    lines = lines_of(page)
    assert {name: cells[0] for name, cells in lines.items() if name != "Kota"} == expected
    assert lines["Kota"][:2] == ["8", "7"]
    for link in page.select("#breakdown td.numeric a"):
        opened, said = page_of(browser.get(link["href"])), link.get_text()
        if said.isdigit():
            assert len(opened.select("tbody tr")) == int(said), link["href"]
        else:
            assert f"= {said}" in " ".join(opened.main.get_text(" ").split()), link["href"]


def test_months_with_last_years_beside_them_and_a_chart(placed_city, browser):
    browser.sign_in(placed_city.users["leader"])

    page = page_of(browser.get("/koordinasi/per-bulan?dari=2026-10-15&sampai=2026-11-20"))

    lines = lines_of(page)
    assert list(lines) == ["Oktober 2026", "November 2026"]
    assert lines["November 2026"][:6] == ["8", "7", "1", "2", "4", "14,29%"]
    assert lines["November 2026"][6] == "2,0(n 3)"
    chart = page.select_one("figure.chart svg")
    assert len(chart.select("rect[fill^='url(#weave']")) == 3
    assert chart["role"] == "img"
    assert page.select_one("p.definition")


def test_an_evaluator_gets_lines_without_links(placed_city, browser):
    browser.sign_in(placed_city.users["evaluator"])

    for address in ("per-bulan", "per-wilayah", "mutu"):
        page = page_of(browser.get(f"/koordinasi/{address}"))
        assert lines_of(page)
        assert not page.select("#breakdown table a")


def test_no_such_trait_line_or_day(placed_city, browser):
    browser.sign_in(placed_city.users["coordinator"])

    assert browser.get("/koordinasi/per-warna").status_code == 404
    assert browser.get("/koordinasi/per-kanal?dari=kemarin&sampai=lusa").status_code == 422
    for line in (
        "menurut=warna&nilai=merah",
        "menurut=kanal&nilai=merpati",
        "menurut=wilayah&nilai=9",
    ):
        assert browser.get(f"/koordinasi/laporan?angka=masuk&{SPAN}&{line}").status_code == 404


def test_each_holder_is_measured_by_its_own_time_and_its_own_answer(city, browser):
    moved = city.sent_to("WORKS")
    city.wait(days=7)
    city.do("works", moved, FollowUp("Terima kasih, akan kami tindak lanjuti."))
    city.do("coordinator", moved, Reassign(opd=city.opds["ROADS"], reason="Jalan kota"))
    city.wait(days=1)
    city.do("roads", moved, FollowUp("Lampu diganti petugas listrik."))
    returned = city.sent_to("WORKS")
    city.do("works", returned, Return("Bukan kami"))
    browser.sign_in(city.users["coordinator"])

    page = page_of(browser.get(f"/koordinasi/mutu?{SPAN}"))

    lines = lines_of(page)
    assert (lines["Works"][1], lines["Roads"][1], lines["Kota"][1]) == ("5,0", "1,0", "5,0")
    answers = {name: cells[4] for name, cells in lines.items() if len(cells) > 5}
    assert (answers["Works"], answers["Roads"]) == ("100,00%", "0,00%")
    assert answers["Kota"] == "50,00%"
    assert (lines["Works"][-1], lines["Roads"][-1]) == ("2", "0")
    assert (lines["satu kali"], lines["dua kali"], lines["Pernah berpindah"]) == (
        ["2"],
        ["0"],
        ["2"],
    )
    once = page_of(browser.get(page.find("th", string="satu kali").find_next("a")["href"]))
    assert {row.a.get_text() for row in once.select("tbody tr")} == {moved.number, returned.number}
    empty = page_of(browser.get(f"/koordinasi/laporan?angka=jawaban-belum-berisi&opd=WORKS&{SPAN}"))
    assert [row.a.get_text() for row in empty.select("tbody tr")] == [moved.number]
    assert "kurang dari 2 kata lain" in page.get_text(" ")


def test_an_answer_that_was_taken_back_was_never_empty(city, browser):
    report = city.sent_to("WORKS")
    city.do("works", report, FollowUp("Terima kasih."))
    city.do("works", report, Undo())
    browser.sign_in(city.users["coordinator"])

    lines = lines_of(page_of(browser.get(f"/koordinasi/mutu?{SPAN}")))

    assert lines["Works"][4] == "–"


def test_a_city_says_how_many_words_an_answer_needs(city, browser):
    browser.sign_in(city.users["coordinator"])
    here = "/koordinasi/pengaturan/kota"
    inputs = page_of(browser.get(here)).select(f"form[action='{here}'] input[name]")
    typed = {one["name"]: one.get("value", "") for one in inputs if one["name"] != "csrf_token"}
    for words, sentence in (("x", "dengan angka"), ("0", "dari 1 sampai 20")):
        refused = browser.post(here, typed | {"answer_words": words})
        assert refused.status_code == 422
        assert sentence in refused.text
    assert browser.post(here, typed | {"answer_words": "4"}).status_code == 303
    report = city.sent_to("WORKS")
    city.do("works", report, FollowUp("Lampu sudah menyala."))

    assert report.responsible.says_nothing
    assert "kurang dari 4 kata lain" in browser.get("/koordinasi/mutu").text
