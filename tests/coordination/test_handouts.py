"""Handouts: the screen's own figures on paper and in files, and nothing that is not for the room."""

import csv
import datetime as dt
import io
import json
from argparse import Namespace

import docx
import openpyxl
import pypdf
import pytest
from browser import Browser, page_of
from counted_city import CountedCity
from small_city import SmallCity
from sqlalchemy import select

from lapor_web import clock, long_jobs_view, long_work
from lapor_web.commands import recap as recap_command
from lapor_web.handouts import pdf
from lapor_web.handouts.work import make_handout
from lapor_web.models import LongJob, LongJobState, Role, Status, User
from lapor_web.services import commitments, rakor
from lapor_web.services.follow_up import FollowUp
from lapor_web.services.periods import Period

YEAR = "dari=2026-01-01&sampai=2026-12-31"
FORMULA = '=HYPERLINK("http://x.test";"Lihat")'
SECRET = "Rahasia sekali"
LETTER = (
    "92 diterima 49 selesai 33 proses 10 belum ditindaklanjuti 53,26% penyelesaian 26,1 hari kerja"
)

needs_pango = pytest.mark.skipif(
    not pdf.is_possible(), reason="needs Pango (Debian: libpangoft2-1.0-0 libharfbuzz-subset0)"
)


@pytest.fixture
def city(db, monkeypatch):
    """WORKS has one report in process and two that wait, one of them rahasia; ROADS one that is
    done; DISTRICT one whose title looks like a formula; and one about conduct is nobody's to read."""
    city = SmallCity(db.session())
    monkeypatch.setattr(clock, "now", lambda: city.now)
    city.done = named(city, "ROADS", "Jembatan patah")
    city.wait(days=2)
    city.do("roads", city.done, FollowUp("Sudah kami kerjakan."))
    city.worked_on = named(city, "WORKS", "Got meluap")
    city.do("works", city.worked_on, FollowUp("Kami jadwalkan."))
    city.waiting = named(city, "WORKS", "Lampu mati")
    city.hidden = named(city, "WORKS", SECRET, confidential=True)
    city.formula = named(city, "DISTRICT", FORMULA)
    city.conduct = city.sent_to("AUDIT", about_conduct=True)
    city.wait(days=30)
    return city


def named(city, opd, title, **fields):
    report = city.send(**fields)
    city.verify(report, opd, title=title)
    return report


@pytest.fixture
def meeting(city):
    plan = rakor.Plan(
        name="Rakor",
        place="Ruang Mangkupelas",
        held_on=dt.date(2026, 12, 11),
        period=Period.of_year(2026),
        chair="Sekretaris Daerah",
    )
    user = city.users["coordinator"]
    meeting = rakor.plan(city.session, city.agency, plan, user=user, now=city.now)
    for report in (city.waiting, city.hidden):
        commitments.record(
            city.session,
            meeting,
            report,
            promised_on=dt.date(2026, 12, 15),
            responsible="Kabid Jalan",
            user=user,
            version=report.version,
            now=city.now,
        )
    return meeting


@pytest.fixture
def browser(app, city):
    return Browser(app).sign_in(city.users["coordinator"])


def fetched(browser, address: str) -> bytes:
    """What an address gives, once the worker has done its part."""
    answer = browser.get(address)
    assert answer.status_code == 303, answer.text
    number = int(answer.location.rsplit("/", 1)[1])
    long_work.do(make_handout, number, is_last_try=True)
    answer = browser.get(f"{answer.location}/berkas")
    assert answer.status_code == 200
    return answer.data


def words_of(content: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def says(text: str, words: str) -> bool:
    """Where there is a space on paper depends on the font that a machine has."""
    return "".join(words.split()) in "".join(text.split())


def book_of(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def lines_of(sheet) -> dict[str, list]:
    return {row[0]: list(row[1:]) for row in sheet.iter_rows(values_only=True)}


def table_of(text: bytes) -> dict[str, list[str]]:
    rows = csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";")
    return {row[0]: row[1:] for row in rows}


@pytest.fixture
def letter_year(db):
    """2022 as the ministry's letter has it."""
    city = CountedCity(db.session())
    paces = [26] * 74 + [27] * 8
    for status, many in ((Status.FINISHED, 49), (Status.IN_PROCESS, 33)):
        for _ in range(many):
            city.report(status, holder_opd_id=city.works.id, pace_days=paces.pop())
    for _ in range(10):
        city.report(Status.FORWARDED, holder_opd_id=city.health.id)
    user = User(agency_id=city.agency.id, username="eva", name="Eva", role=Role.EVALUATOR)
    city.session.add(user)
    city.session.flush()
    return city, user


def wall_of_the_year(app, city):
    """What a wall shows that was let into a meeting about 2022."""
    user = User(agency_id=city.agency.id, username="ko", name="Ko", role=Role.COORDINATOR)
    city.session.add(user)
    city.session.flush()
    plan = rakor.Plan(
        name="Rakor", place="Aula", held_on=dt.date(2023, 7, 20), period=Period.of_year(2022)
    )
    meeting = rakor.plan(city.session, city.agency, plan, user=user, now=clock.now())
    coordinator, television = Browser(app).sign_in(user), Browser(app)
    here = f"/koordinasi/rakor/{meeting.id}"
    code = television.get("/layar").location.rsplit("/", 1)[1]
    for step, fields in (("buka", {}), ("layar", {"kode": code})):
        assert coordinator.post(f"{here}/{step}", fields).status_code == 303
    return page_of(television.get(f"/layar/{code}")).select_one("#screen")


@needs_pango
def test_screen_wall_pdf_xlsx_csv_and_json_say_the_same(app, letter_year, capsys):
    browser, span = Browser(app).sign_in(letter_year[1]), "dari=2022-01-01&sampai=2022-12-31"
    wall = wall_of_the_year(app, letter_year[0])
    of_wall = [tile.dd.get_text(strip=True) for tile in wall.select("dl.figures > div")]
    rows_of_wall = {
        row.th.get_text(strip=True): [cell.get_text(strip=True) for cell in row.select("td")[1:]]
        for row in wall.select("table.offices tbody tr")
    }
    recap_command.run(app, Namespace(year=2022, start=None, end=None, json=True))
    said = json.loads(capsys.readouterr().out)
    counts = [said[name] for name in ("received", "finished", "in_process", "not_acted_on")]
    tiles = page_of(browser.get(f"/koordinasi/rekap?{span}")).select("dl.figures > div")
    screen = [tile.dd.get_text(strip=True) for tile in tiles]
    paper = words_of(fetched(browser, f"/koordinasi/rekap.pdf?{span}"))
    book = book_of(fetched(browser, f"/koordinasi/rekap.xlsx?{span}"))
    plain = table_of(browser.get(f"/koordinasi/rekap.csv?{span}").data)

    assert [*counts, said["finished_percent"], said["pace_working_days"]["mean"]] == [
        *(92, 49, 33, 10, 53.26, 26.1)
    ]
    assert screen == of_wall == ["92", "49", "33", "10", "53,26%", "26,1"]
    assert says(paper, LETTER)
    assert says(paper, "Kota 92 49 33 10 53,26% 26,1")
    assert says(paper, "Diterima 92 0 Selesai 49 0 Masih dalam proses 33 0")
    assert lines_of(book["Per perangkat daerah"])["Kota"][:6] == [92, 49, 33, 10, 0.5326, 26.1]
    assert lines_of(book["Rekap"])["Persentase penyelesaian"] == [0.5326, None]
    assert plain["Kota"][:6] == ["92", "49", "33", "10", "53,26", "26,1"]
    offices = {one["code"]: one for one in said["per_opd"] if one["code"]}
    for code, office in offices.items():
        expected = [office[name] for name in ("received", "finished", "in_process", "not_acted_on")]
        assert lines_of(book["Per perangkat daerah"])[code][:4] == expected
        assert plain[code][:4] == [str(one) for one in expected]
        assert rows_of_wall[code][:3] == plain[code][1:4]
        assert says(paper, f"{code} {' '.join(map(str, expected))}")


def test_of_imports_alone_nobody_knows_what_was_returned(app, db):
    city = CountedCity(db.session())
    user = User(agency_id=city.agency.id, username="eva", name="Eva", role=Role.EVALUATOR)
    city.session.add(user)
    city.report(Status.FINISHED, holder_opd_id=city.works.id, imported=True)
    browser, span = Browser(app).sign_in(user), "dari=2022-01-01&sampai=2022-12-31"

    office = table_of(browser.get(f"/koordinasi/rekap.csv?{span}").data)[city.works.short_name]
    screen = page_of(browser.get(f"/koordinasi/rekap?{span}"))
    row = next(
        one
        for one in screen.select("tbody tr")
        if one.th.get_text(strip=True) == city.works.short_name
    )

    assert (office[0], office[7]) == ("1", "")
    assert row.select("td")[8].get_text(strip=True) == "–"


def test_an_evaluator_has_figures_and_no_report_or_meeting(app, letter_year):
    browser = Browser(app).sign_in(letter_year[1])
    book = book_of(fetched(browser, f"/koordinasi/rekap.xlsx?{YEAR}"))

    assert book.sheetnames == ["Rekap", "Per perangkat daerah", "Keterangan"]
    for address in ("rakor/1.pdf", "kunjungan", "kunjungan/WORKS.pdf", "surat-jawaban/2022.docx"):
        assert browser.get(f"/koordinasi/{address}").status_code == 403, address


@needs_pango
def test_a_meetings_paper_has_what_is_for_the_room_and_a_foot(city, browser, meeting):
    paper = words_of(fetched(browser, f"/koordinasi/rakor/{meeting.id}.pdf"))
    screen = browser.get(f"/koordinasi/rakor/{meeting.id}/cetak").text

    assert says(paper, "Data per 11 Desember 2026, 09.00 WITA · halaman 1 dari")
    assert says(paper, "Sekretaris Daerah")
    assert says(paper, f"{city.hidden.number} Laporan rahasia Works Kabid Jalan 15 Desember 2026")
    for text in (paper, screen):
        assert says(text, "Lampu mati")
        assert not says(text, SECRET)
        assert not says(text, city.conduct.number)


def test_a_workbook_has_real_dates_frozen_heads_filters_and_no_formulas(city, browser, meeting):
    address = f"/koordinasi/rakor/{meeting.id}.xlsx"
    book = book_of(fetched(browser, address))
    job = city.session.scalars(select(LongJob).order_by(LongJob.id.desc())).first()
    waiting = book["Belum ditindaklanjuti"]
    lines = lines_of(waiting)

    assert job.file_name == "rakor-2026-12-11-rekap.xlsx"
    *tables, notes = book
    assert [sheet.title for sheet in tables] == [
        *("Rekap", "Per perangkat daerah", "Belum ditindaklanjuti", "Komitmen")
    ]
    assert all(sheet.freeze_panes and sheet.auto_filter.ref for sheet in tables)
    foot = "Data per 11 Desember 2026, 09.00 WITA"
    assert {sheet.oddFooter.left.text for sheet in book} == {f"{foot} · halaman &P dari &N"}
    said = list(lines_of(notes))
    assert said[0].endswith(f"laporan yang diterima tahun 2026. {foot}.")
    assert "Penyelesaian = selesai ÷ diterima." in said
    assert "Laporan rahasia hanya disebut nomornya" in said[-2]
    assert book["Per perangkat daerah"]["F2"].number_format == "0.00%"
    assert isinstance(lines[city.waiting.number][4], dt.datetime)
    assert lines[city.hidden.number][0] == "Laporan rahasia"
    assert lines["1 laporan tidak ditampilkan."]
    assert SECRET not in str(lines)
    assert city.conduct.number not in lines
    (cell,) = (row[1] for row in waiting.iter_rows() if row[1].value == FORMULA)
    assert cell.data_type == "s"
    assert lines_of(book["Komitmen"])[city.waiting.number][3].date() == dt.date(2026, 12, 15)


def test_an_office_named_like_a_formula_is_text_in_a_csv(city, browser):
    city.opds["WORKS"].short_name = "=1+1"
    answer = browser.get(f"/koordinasi/rekap.csv?{YEAR}")

    assert answer.data.startswith("\ufeffPerangkat daerah;".encode())
    assert "'=1+1" in table_of(answer.data)
    assert "filename=rekap-2026.csv" in answer.headers["Content-Disposition"]


@needs_pango
def test_a_visit_sheet_lists_what_is_late_in_one_office(city, browser):
    assert "Dinas Works" in browser.get("/koordinasi/kunjungan").text
    screen = browser.get("/koordinasi/kunjungan/WORKS").text
    paper = words_of(fetched(browser, "/koordinasi/kunjungan/WORKS.pdf"))

    for text in (paper, screen):
        assert says(text, "Lampu mati")
        assert says(text, city.hidden.number)
        assert not says(text, SECRET)
        assert not says(text, "Jembatan patah")
    assert browser.get("/koordinasi/kunjungan/NOBODY").status_code == 404


@needs_pango
def test_a_year_has_its_months_and_traits(city, browser):
    paper = words_of(fetched(browser, "/koordinasi/laporan-tahunan/2026.pdf"))

    assert says(paper, "6 diterima 0 selesai 2 proses 4 belum ditindaklanjuti")
    assert says(paper, "November 2026 6 0 2 4 0,00%")
    assert says(paper, "Web 6 0 2 4 0,00%")
    # Under the offices, the months, and each of four traits.
    assert "".join(paper.split()).count("Penyelesaian=selesai÷diterima.") == 6
    assert says(paper, "Pengaduan tidak berkadar pengawasan 6 0 2 4")
    screen = browser.get("/koordinasi/laporan-tahunan/2026")
    assert "laporan-tahunan/2026.pdf" in screen.text
    regions = [one["aria-label"] for one in page_of(screen).select("[role=region]")]
    assert len(set(regions)) == len(regions)


def test_the_draft_of_the_letter_has_the_numbers_in_it(app, letter_year):
    city, user = letter_year
    user.role = Role.LEADER
    city.works.short_name = "<b>Pekerjaan & Umum</b>"
    browser = Browser(app).sign_in(user)
    letter = docx.Document(io.BytesIO(fetched(browser, "/koordinasi/surat-jawaban/2022.docx")))
    rows = {row.cells[0].text: [cell.text for cell in row.cells] for row in letter.tables[0].rows}
    offices = [[cell.text for cell in row.cells] for row in letter.tables[1].rows]
    text = " ".join(one.text for one in letter.paragraphs)

    assert rows["Pengaduan diterima"][1:] == ["92", "0"]
    assert rows["Persentase penyelesaian"][1:] == ["53,26%", "–"]
    assert rows["Rata-rata laju tindak lanjut (hari kerja)"][1] == "26,1"
    assert offices[1][:2] == ["<b>Pekerjaan & Umum</b>", "82"]
    assert not says(text, "{")
    assert city.agency.name in text
    assert letter.core_properties.created.date() == clock.now().date()
    # Over the page its heads come again, and each page has its number.
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in letter.tables)
    assert "NUMPAGES" in letter.sections[0].footer._element.xml


def test_the_annex_of_the_letter_gives_names_room(app, letter_year):
    """Programs follow the grid of a table, whatever its cells say: with even columns each name
    broke into five lines, and the letter had seven pages."""
    _, user = letter_year
    user.role = Role.LEADER
    browser = Browser(app).sign_in(user)
    letter = docx.Document(io.BytesIO(fetched(browser, "/koordinasi/surat-jawaban/2022.docx")))
    annex = letter.tables[-1]
    grid = [column.width for column in annex.columns]

    assert grid[0] == max(grid)
    assert grid[0] > 2 * min(grid)
    assert all([cell.width for cell in row.cells] == grid for row in annex.rows)


def test_without_pango_it_says_what_to_install_and_the_rest_works(city, browser, monkeypatch):
    def missing():
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(pdf, "_weasyprint", missing)
    waiting = browser.get(f"/koordinasi/rekap.pdf?{YEAR}").location
    long_work.do(make_handout, int(waiting.rsplit("/", 1)[1]), is_last_try=True)

    assert "libpangoft2-1.0-0" in browser.get(waiting).text
    assert browser.get(f"/koordinasi/rekap.csv?{YEAR}").status_code == 200


def test_what_was_asked_for_is_asked_again_when_it_is_made(city, browser, meeting):
    waiting = browser.get(f"/koordinasi/rakor/{meeting.id}.xlsx").location
    city.users["coordinator"].role = Role.EVALUATOR
    number = int(waiting.rsplit("/", 1)[1])
    long_work.do(make_handout, number, is_last_try=True)

    assert city.session.get(LongJob, number).state is LongJobState.FAILED


def test_what_is_made_meanwhile_is_given_at_once(city, browser, monkeypatch):
    def worker(row):
        long_work.do(make_handout, row.id, is_last_try=True)

    waiting = browser.get(f"/koordinasi/rekap.xlsx?{YEAR}", htmx=True)
    assert page_of(waiting).select_one("#progress")["hx-trigger"] == "every 1s"
    monkeypatch.setattr(long_jobs_view, "wait_a_little", worker)
    answer = browser.get(f"/koordinasi/rekap.xlsx?{YEAR}")

    assert "filename=rekap-2026.xlsx" in answer.headers["Content-Disposition"]
    assert book_of(answer.data).sheetnames[0] == "Rekap"
