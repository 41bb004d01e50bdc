"""The coordination view: what it says is what the service says, and every number opens."""

import datetime as dt

import pytest
from browser import page_of

from lapor_web.services.verification import PutOnHold

YEAR = "/koordinasi?tahun=2026"
SPAN = "dari=2026-01-01&sampai=2026-12-31"


def letter(answer):
    """The six numbers, by their words."""
    tiles = page_of(answer).select("dl.figures > div")
    return {tile.dt.get_text(strip=True): tile.dd.get_text(strip=True) for tile in tiles}


def test_the_six_numbers_of_the_letter(busy_city, browser):
    answer = browser.sign_in(busy_city.users["coordinator"]).get(YEAR)

    assert letter(answer) == {
        "diterima": "4",
        "selesai": "1",
        "proses": "2",
        "belum ditindaklanjuti": "1",
        "penyelesaian": "25,00%",
        "hari kerja rata-rata laju tindak lanjut": "2,0",
    }
    assert "1 belum terverifikasi" in page_of(answer).main.get_text(" ")


def test_without_reports_nothing_is_known_and_nothing_is_zero_percent(city, browser):
    answer = browser.sign_in(city.users["coordinator"]).get(YEAR)

    numbers = letter(answer)
    assert numbers["diterima"] == "0"
    assert numbers["penyelesaian"].startswith("–")


def test_a_table_line_for_each_office_that_adds_up(busy_city, browser):
    answer = browser.sign_in(busy_city.users["leader"]).get(YEAR)
    rows = page_of(answer).select_one("#perangkat-daerah ~ .scroll").select("tbody tr")
    cells = {
        row.th.get_text(strip=True): [
            cell.get_text(strip=True) for cell in row.select("td.numeric")
        ]
        for row in rows
    }

    assert cells["Works"][:6] == ["2", "0", "1", "1", "0,00%", "2,0"]
    for column in range(4):
        parts = sum(int(line[column]) for name, line in cells.items() if name != "Kota")
        assert int(cells["Kota"][column]) == parts


def test_every_number_opens_to_as_many_reports_as_it_says(busy_city, browser):
    browser.sign_in(busy_city.users["coordinator"])
    links = page_of(browser.get(YEAR)).select("#recap table td.numeric a, #recap dl a")
    assert len(links) > 40

    for link in links:
        opened = page_of(browser.get(link["href"]))
        said = link.get_text(strip=True)
        listed = len(opened.select("tbody tr"))
        assert f": {listed} laporan" in opened.h1.get_text(" ")
        if said.isdigit():
            assert listed == int(said), link["href"]
        else:  # a percentage or a mean: the list says how it was made
            assert said.partition(" (n")[0] in opened.main.get_text(" "), link["href"]
            assert listed or said == "0,00%", link["href"]


def test_a_pace_with_those_that_wait_opens_to_both(busy_city, browser):
    browser.sign_in(busy_city.users["coordinator"])
    line = next(
        row
        for row in page_of(browser.get(YEAR)).select("#recap tbody tr")
        if row.th.get_text(strip=True).startswith("Termasuk yang belum")
    )

    opened = page_of(browser.get(line.a["href"]))

    text = " ".join(opened.main.get_text(" ").split())
    assert "Laju termasuk yang belum: 4 laporan" in text
    assert "n 4 = 3 laju tindak lanjut diketahui + 1 menunggu tindak lanjut pertama" in text
    waits = opened.find("a", string="1 menunggu tindak lanjut pertama")
    assert ": 1 laporan" in page_of(browser.get(waits["href"])).h1.get_text(" ")


def test_a_percentage_opens_to_what_was_divided_by_what(busy_city, browser):
    browser.sign_in(busy_city.users["coordinator"])
    tile = page_of(browser.get(YEAR)).select("dl.figures > div")[4]

    opened = page_of(browser.get(tile.a["href"]))

    text = " ".join(opened.main.get_text(" ").split())
    assert "Penyelesaian = selesai ÷ diterima. 1 ÷ 4 diterima = 25,00%." in text
    whole = page_of(browser.get(opened.find("a", string="4 diterima")["href"]))
    assert ": 4 laporan" in whole.h1.get_text(" ")


def test_a_leader_is_told_how_many_are_not_shown(busy_city, browser):
    answer = browser.sign_in(busy_city.users["leader"]).get(
        f"/koordinasi/laporan?angka=proses&{SPAN}"
    )

    page = page_of(answer)
    assert ": 2 laporan" in page.h1.get_text(" ")
    assert len(page.select("tbody tr")) == 1
    assert "1 laporan tidak ditampilkan" in page.get_text()


def test_an_evaluator_sees_counts_and_no_way_to_a_report(busy_city, browser):
    browser.sign_in(busy_city.users["evaluator"])

    answer = browser.get(YEAR)
    assert letter(answer)["diterima"] == "4"
    assert not page_of(answer).select("#recap table a, #recap dl a")
    assert not page_of(answer).select("a[href^='/kotak-masuk'], form[role=search]:not([hidden])")
    assert browser.get(f"/koordinasi/laporan?angka=proses&{SPAN}").status_code == 403


@pytest.mark.parametrize("who", ["works", "works-boss", "inspector", "intake"])
def test_it_is_not_for_offices(city, browser, who):
    assert browser.sign_in(city.users[who]).get("/koordinasi").status_code == 403


def test_what_was_kept_is_drawn_anew_after_a_deed(busy_city, browser):
    browser.sign_in(busy_city.users["coordinator"])
    before = letter(browser.get(YEAR))
    busy_city.sent_to("ROADS")

    after = letter(browser.get(YEAR))

    assert (before["diterima"], after["diterima"]) == ("4", "5")


def test_a_period_of_any_days(busy_city, browser):
    browser.sign_in(busy_city.users["coordinator"])

    inside = browser.get("/koordinasi/rekap?dari=2026-11-09&sampai=2026-11-09")
    outside = browser.get("/koordinasi/rekap?dari=2026-11-10&sampai=2026-11-30")

    assert letter(inside)["diterima"] == "4"
    assert letter(outside)["diterima"] == "0"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Isi tanggal"),
        ("dari=kemarin&sampai=2026-01-01", "Isi tanggal"),
        ("dari=2026-02-01&sampai=2026-01-01", "lebih awal"),
        ("dari=0001-01-01&sampai=2026-01-01", "Isi tanggal"),
        ("dari=9990-01-01&sampai=9999-12-31", "Isi tanggal"),
        ("dari=2001-01-01&sampai=2026-01-01", "20 tahun"),
    ],
)
def test_a_period_that_is_none_says_what_to_do(city, browser, query, sentence):
    answer = browser.sign_in(city.users["coordinator"]).get(f"/koordinasi/rekap?{query}")

    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.mark.parametrize(
    "query", [f"angka=segalanya&{SPAN}", f"angka=proses&{SPAN}&halaman=9", "angka=proses"]
)
def test_a_number_that_is_none_is_not_found(city, browser, query):
    answer = browser.sign_in(city.users["coordinator"]).get(f"/koordinasi/laporan?{query}")

    assert answer.status_code == 404


def test_htmx_gets_the_figures_alone(city, browser):
    browser.sign_in(city.users["coordinator"])
    answer = browser.get(YEAR, htmx=True)

    assert answer.text.lstrip().startswith('<div id="recap">')
    assert "<html" not in answer.text


def test_a_stranger_is_sent_to_sign_in(browser):
    answer = browser.get("/koordinasi?tahun=2025")

    assert answer.status_code == 303
    assert answer.location == "/masuk?lanjut=%2Fkoordinasi%3Ftahun%3D2025"


def test_this_year_unless_another_is_named(city, browser):
    city.now = dt.datetime(2027, 2, 1, tzinfo=dt.UTC)
    browser.sign_in(city.users["coordinator"])

    chosen = page_of(browser.get("/koordinasi")).select("nav[aria-label=Masa] [aria-current]")

    assert [one.get_text() for one in chosen] == ["2027"]


def offered(browser, address):
    links = page_of(browser.get(address)).select("nav[aria-label=Masa] a")
    return {one.get_text(strip=True): one["href"] for one in links}


@pytest.mark.parametrize("page", ["/koordinasi", "/koordinasi/per-kanal"])
def test_the_spans_of_today_are_one_tap_away(busy_city, browser, page):
    busy_city.now = dt.datetime(2027, 5, 31, 1, tzinfo=dt.UTC)
    browser.sign_in(busy_city.users["coordinator"])

    links = offered(browser, page)

    assert list(links)[:4] == ["Hari ini", "Bulan ini", "Triwulan ini", "2027"]
    for words, days in (
        ("Hari ini", "dari=2027-05-31&sampai=2027-05-31"),
        ("Bulan ini", "dari=2027-05-01&sampai=2027-05-31"),
        ("Triwulan ini", "dari=2027-04-01&sampai=2027-06-30"),
    ):
        assert links[words].endswith(days)
        chosen = page_of(browser.get(links[words])).select("nav[aria-label=Masa] [aria-current]")
        assert [one.get_text() for one in chosen] == [words]


def test_another_period_is_counted_and_ordered_as_this_one(busy_city, browser):
    browser.sign_in(busy_city.users["coordinator"])
    here = f"/koordinasi/rekap?{SPAN}&hitungan=luas&urut=laju"

    page = page_of(browser.get(here))
    links = offered(browser, here)

    for words in ("Bulan ini", "2025"):
        other = page_of(browser.get(links[words]))
        chosen = [one.get_text() for one in other.select("#recap b[aria-current]")]
        assert chosen == ["Termasuk ditunda dan diarsipkan", "laju"], words
    sent = {one["name"]: one["value"] for one in page.select("#period input")}
    assert (sent["hitungan"], sent["urut"]) == ("luas", "laju")
    back = page_of(browser.get(page.select_one("#recap dl a")["href"])).find(
        "a", string="Kembali ke rekap"
    )
    assert "hitungan=luas" in back["href"]


def line_of(page, heading):
    """The cells of the line under that heading."""
    row = next(one for one in page.select("tbody tr") if one.th.get_text(strip=True) == heading)
    return [cell.get_text(strip=True) for cell in row.select("td.numeric")]


def test_what_waits_now_is_told_first_whatever_the_period(busy_city, browser):
    busy_city.wait(days=20)
    browser.sign_in(busy_city.users["coordinator"])

    page = page_of(browser.get("/koordinasi?tahun=2024"))

    assert page.select("#recap h2")[0].get_text() == "Yang menunggu sekarang"
    assert line_of(page, "Verifikasi") == ["1", "1", "12"]
    assert line_of(page, "Tindak lanjut pertama")[:2] == ["1", "1"]
    assert line_of(page, "Persetujuan atasan") == ["0", "0", "–"]
    late = page_of(browser.get("/koordinasi/menunggu/verifikasi?lewat=1"))
    assert ": 1 laporan" in late.h1.get_text()
    assert len(late.select("tbody tr")) == 1


def test_the_other_usage_says_what_it_counts_and_why_it_differs(busy_city, browser):
    busy_city.do("coordinator", busy_city.send(), PutOnHold("Di mana?"))
    browser.sign_in(busy_city.users["coordinator"])

    page = page_of(browser.get(f"/koordinasi/rekap?{SPAN}"))
    wide = browser.get(f"/koordinasi/rekap?{SPAN}&hitungan=luas")

    assert "20,00%" in page.get_text(" ")
    assert (letter(wide)["diterima"], letter(wide)["penyelesaian"]) == ("5", "20,00%")
    opened = page_of(browser.get(page_of(wide).select_one("#recap dl a")["href"]))
    assert ": 5 laporan" in opened.h1.get_text()
    assert browser.get(f"/koordinasi/rekap?{SPAN}&hitungan=lain").status_code == 404


def test_nobody_with_few_reports_stands_in_an_order(busy_city, browser):
    for _ in range(4):
        busy_city.sent_to("WORKS")
    browser.sign_in(busy_city.users["coordinator"])

    page = page_of(browser.get(f"/koordinasi/rekap?{SPAN}&urut=penyelesaian"))

    rows = page.select_one("#perangkat-daerah ~ .scroll").select("tbody tr")
    names = [row.th.get_text(strip=True) for row in rows]
    apart = next(n for n, name in enumerate(names) if name.startswith("Tidak diurutkan"))
    assert names[:apart] == ["Works"]
    assert set(names[apart + 1 : -1]) == {"Roads", "District", "Belum dipegang"}


def test_an_opened_number_says_how_and_when_it_was_counted(busy_city, browser):
    browser.sign_in(busy_city.users["coordinator"])

    opened = page_of(browser.get(f"/koordinasi/laporan?angka=belum&{SPAN}")).main.get_text(" ")

    assert "Sudah didisposisi dan belum dijawab" in opened
    assert "Dihitung Rabu, 11 November, 09.00 WITA" in opened
