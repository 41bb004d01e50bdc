"""The wall: let in by a code, steered from elsewhere, and telling a hall nothing it should not know."""

import datetime as dt
import re

import pytest
from browser import Browser, page_of
from sqlalchemy import select

from lapor_web.coordination.wall_size import DIGIT_OF_TYPE, Size
from lapor_web.models import Meeting, Outcome, Wall
from lapor_web.resources import resource
from lapor_web.services import wall as walls
from lapor_web.services.conversation import Confirm
from lapor_web.services.follow_up import FollowUp, Propose
from lapor_web.services.verification import Edit, Flags, Reassign

RAKOR = "/koordinasi/rakor"
PLAN = {
    "name": "Rakor Percobaan",
    "place": "Aula",
    "held_on": "2026-11-24",
    "dari": "2026-01-01",
    "sampai": "2026-12-31",
}


@pytest.fixture
def city(city, named):
    city.late = named(city, "WORKS", "Jembatan patah")
    city.hidden = named(city, "WORKS", "Judul rahasia", confidential=True)
    city.done = named(city, "DISTRICT", "Lampu padam")
    city.do("district", city.done, Propose("Sudah.", Outcome.EXPLAINED))
    city.do("reporter", city.done, Confirm())
    city.wait(days=15)
    return city


@pytest.fixture
def meeting(city, coordinator) -> Meeting:
    coordinator.post(RAKOR, PLAN)
    meeting = city.session.scalars(select(Meeting).order_by(Meeting.id.desc())).first()
    coordinator.post(f"{RAKOR}/{meeting.id}/buka")
    return meeting


@pytest.fixture
def television(app, city):
    return Browser(app)


def code_of(television) -> str:
    return television.get("/layar").location.split("/layar/")[1].split("?")[0]


def let_in(coordinator, meeting, code):
    answer = coordinator.post(f"{RAKOR}/{meeting.id}/layar", {"kode": code})
    assert answer.status_code == 303, answer.text


@pytest.fixture
def bound(television, coordinator, meeting) -> str:
    code = code_of(television)
    let_in(coordinator, meeting, code)
    return code


def steer(coordinator, meeting, command, **fields):
    answer = coordinator.post(f"{RAKOR}/{meeting.id}/kendali/{command}", fields)
    assert answer.status_code == 303, answer.text


def screen(television, code, query=""):
    answer = television.get(f"/layar/{code}{query}")
    assert answer.status_code == 200
    return page_of(answer).select_one("#screen")


def words(element) -> str:
    return " ".join(element.get_text(" ").split())


# ---- the code ----


def test_a_screen_shows_its_code_until_somebody_enters_it(television, coordinator, meeting):
    code = code_of(television)
    assert re.fullmatch(r"\d{6}", code)
    shown = screen(television, code)
    assert "".join(re.findall(r"\d", shown.select_one(".code").get_text())) == code

    let_in(coordinator, meeting, f"{code[:3]} {code[3:]}")

    assert "Rakor Percobaan, Aula" in words(screen(television, code))


def test_a_screen_switched_off_and_on_comes_back_to_its_code(app, television, bound):
    assert television.get("/layar?inci=55").location == f"/layar/{bound}?inci=55"
    assert code_of(Browser(app)) != bound


def test_a_code_that_is_nobodys_is_refused_and_says_so(television, coordinator, meeting, bound):
    wrong = "000000" if bound != "000000" else "000001"
    answer = coordinator.post(f"{RAKOR}/{meeting.id}/layar", {"kode": wrong})

    assert answer.status_code == 422
    assert f"Tidak ada layar dengan kode {wrong}" in answer.text
    gone = television.get(f"/layar/{wrong}")
    assert gone.status_code == 404
    assert "Minta kode baru" in gone.text


def test_a_wall_of_another_meeting_is_not_taken_over(city, coordinator, meeting, bound):
    coordinator.post(RAKOR, PLAN)
    other = city.session.scalars(select(Meeting).order_by(Meeting.id.desc())).first()

    answer = coordinator.post(f"{RAKOR}/{other.id}/layar", {"kode": bound})

    assert answer.status_code == 422


def test_guessing_at_codes_ends_soon_and_locks_no_wall_out(app, television, bound):
    guesser = Browser(app)
    guesses = [f"{(int(bound) + step) % 10**6:06}" for step in range(1, 12)]

    statuses = [guesser.get(f"/layar/{guess}").status_code for guess in guesses]

    assert statuses == [404] * 10 + [429]
    assert guesser.get(f"/layar/{bound}").status_code == 429  # a right one too
    assert television.get(f"/layar/{bound}").status_code == 200


def test_codes_are_not_handed_out_without_end(app, city, monkeypatch):
    monkeypatch.setattr(walls, "NEW_CODES", walls.Limit(tries=3, first_delay=dt.timedelta(0)))
    statuses = [Browser(app).get("/layar").status_code for _ in range(4)]

    assert statuses == [303, 303, 303, 429]


def test_a_code_that_nobody_enters_is_forgotten(app, city, television):
    code = code_of(television)
    city.wait(hours=3)
    code_of(Browser(app))

    assert city.session.scalar(select(Wall.id).where(Wall.code == code)) is None


def test_taken_back_a_code_opens_nothing(city, television, coordinator, meeting, bound):
    wall_id = city.session.scalar(select(Wall.id).where(Wall.code == bound))
    coordinator.post(f"{RAKOR}/{meeting.id}/layar/{wall_id}/lepas")

    assert television.get(f"/layar/{bound}").status_code == 404
    assert code_of(television) != bound


def test_with_its_meeting_a_wall_is_let_go(television, coordinator, meeting, bound):
    coordinator.post(f"{RAKOR}/{meeting.id}/tutup")

    assert television.get(f"/layar/{bound}").status_code == 404


def test_a_code_opens_nothing_else(app, television, bound):
    """Over the URL map: with the code in every place that takes one, a wall is a stranger."""
    stranger = Browser(app)
    # Its own guesses are counted apart; this is about what an address gives.
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("wall.") or "GET" not in (rule.methods or ()):
            continue
        with app.test_request_context():
            values = dict.fromkeys(rule.arguments, bound)
            try:
                address = app.url_map.bind("localhost").build(rule.endpoint, values)
            except ValueError:
                continue
        of_wall, of_stranger = television.get(address), stranger.get(address)
        assert of_wall.status_code == of_stranger.status_code, address
        assert not (of_wall.status_code == 200 and "koordinasi" in address), address
        of_wall.close(), of_stranger.close()


# ---- what it shows ----


def test_the_figures_are_those_of_every_other_page(city, television, coordinator, meeting, bound):
    """To the last digit, in the overview, for one office, and in the recap."""
    page = page_of(coordinator.get("/koordinasi?tahun=2026"))
    of_page = [tile.dd.get_text(strip=True) for tile in page.select("#recap dl.figures > div")]
    shown = screen(television, bound)
    of_wall = [tile.dd.get_text(strip=True) for tile in shown.select("dl.figures > div")]
    assert of_wall == of_page
    lines = {
        row.th.get_text(strip=True): [cell.get_text(strip=True) for cell in row.select("td")]
        for row in page.select_one("#perangkat-daerah ~ .scroll").select("tbody tr")
    }
    for row in shown.select("table.offices tbody tr"):
        finished, in_process, not_acted_on, pace = [
            cell.get_text(strip=True) for cell in row.select("td")[1:]
        ]
        of_table = lines[row.th.get_text(strip=True)]
        assert of_table[2:5] == [finished, in_process, not_acted_on]
        assert of_table[6] == pace

    steer(coordinator, meeting, "opd-berikutnya")
    subject = screen(television, bound).select_one(".subject")
    assert [one.get_text(strip=True) for one in subject.select("dd")] == [
        lines["Works"][5],
        lines["Works"][6],
    ]
    steer(coordinator, meeting, "mode", mode="rekap")
    tiles = screen(television, bound).select("dl.figures > div")
    assert [tile.dd.get_text(strip=True) for tile in tiles] == of_page


def test_an_offices_late_reports_one_by_one(city, television, coordinator, meeting, bound):
    steer(coordinator, meeting, "opd-berikutnya")
    shown = screen(television, bound)

    assert "Agenda 1 dari 1" in words(shown)
    current = shown.select_one(".cases .current")
    assert "Jembatan patah" in words(current)
    assert words(current.select_one(".days")).startswith("5")
    assert words(current.select_one(".commitment")) == "menunggu komitmen"
    coordinator.post(f"{RAKOR}/{meeting.id}/kendali/konsep", {"due": "2026-11-27"})
    draft = screen(television, bound).select_one(".current .commitment")
    assert words(draft) == "Jumat, 27 November sedang dicatat notulis"


MODES = ("ikhtisar", "agenda", "belum", "komitmen", "rekap", "jeda")


@pytest.mark.parametrize("mode", MODES)
def test_no_mode_tells_of_a_reporter_or_of_what_is_hidden(
    city, television, coordinator, meeting, bound, mode
):
    steer(coordinator, meeting, "opd-berikutnya")
    steer(coordinator, meeting, "mode", mode=mode)
    shown = str(screen(television, bound))

    for secret in ("Judul rahasia", "Lampu jalan mati.", "Jalan Mawar", "href"):
        assert secret not in shown
    if mode in {"agenda", "belum"}:
        assert "Laporan rahasia" in shown
        assert city.hidden.number in shown


def test_what_waits_oldest_first(city, television, coordinator, meeting, bound, named):
    named(city, "ROADS", "Baru saja")
    steer(coordinator, meeting, "mode", mode="belum")
    rows = screen(television, bound).select("table.lines tbody tr")

    assert [words(row.select_one("td")) for row in rows] == ["5", "5", "0"]
    assert "Baru saja" in words(rows[-1])


def test_numbers_at_opening_and_now(city, television, coordinator, meeting, bound):
    city.do("works", city.late, FollowUp("Kami kerjakan."))
    steer(coordinator, meeting, "mode", mode="rekap")
    shown = screen(television, bound)

    assert "Selama rapat: +1 ditindaklanjuti" in words(shown)
    rows = {
        row.th.get_text(strip=True): [cell.get_text(strip=True) for cell in row.select("td")]
        for row in shown.select("table.change tbody tr")
    }
    assert rows["belum ditindaklanjuti"] == ["2", "1", "−1", "0"]
    assert rows["proses"] == ["0", "1", "+1", "0"]
    assert rows["penyelesaian"] == ["33,33%", "33,33%", "", "–"]


def test_the_first_meeting_has_no_promises_to_go_through(television, coordinator, meeting, bound):
    steer(coordinator, meeting, "mode", mode="komitmen")

    assert "Belum ada rapat sebelumnya" in words(screen(television, bound))


def test_blank_is_blank_until_the_next_step(television, coordinator, meeting, bound):
    steer(coordinator, meeting, "kosong")
    assert words(screen(television, bound)) == ""
    steer(coordinator, meeting, "mode", mode="ikhtisar")
    assert "diterima" in words(screen(television, bound))


def test_what_waits_for_the_next_look_is_said(television, coordinator, meeting, bound):
    steer(coordinator, meeting, "jeda")

    assert "Pembaruan dijeda" in words(screen(television, bound))


def test_more_offices_than_fit_are_turned_over(
    city, television, coordinator, meeting, bound, named
):
    for number in range(7):
        code = f"UNIT{number}"
        city.add_opd(code, "dinas", None, False)
        named(city, code, "Satu lagi")
    first = screen(television, bound)
    assert len(first.select("table.offices tbody tr")) == 6
    assert "Halaman 1 dari 2" in words(first)
    steer(coordinator, meeting, "halaman", arah="maju")
    assert len(screen(television, bound).select("table.offices tbody tr")) == 3
    for _ in range(3):
        steer(coordinator, meeting, "halaman", arah="maju")
    assert "Halaman 2 dari 2" in words(screen(television, bound))


# ---- its size ----


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", 6),
        ("?inci=65&jarak=8", 6),
        ("?inci=55&jarak=8", 5),
        ("?inci=55,5&jarak=9", 4),
        ("?inci=besar&jarak=nan", 6),
        ("?inci=1e999&jarak=-4", 6),
    ],
)
def test_fewer_rows_for_those_who_sit_far_away(television, bound, query, rows):
    assert rows_on(television, bound, query) == rows


def rows_on(television, code, query=""):
    """For how many rows it is written, of `.rows-6`."""
    (sized,) = screen(television, code, query).select("[class*=rows-]")
    return int(sized["class"][-1].removeprefix("rows-"))


def test_whoever_leads_has_it_written_larger(television, coordinator, meeting, bound):
    seen = []
    for way in ("kecil", "besar", "besar", "besar", "kecil"):
        steer(coordinator, meeting, "ukuran", arah=way)
        seen.append((rows_on(television, bound), rows_on(television, bound, "?inci=55&jarak=8")))

    assert seen == [(6, 5), (5, 4), (4, 4), (4, 4), (5, 4)]


def test_a_screen_that_is_too_small_for_its_hall_says_so(television, bound):
    page = page_of(television.get(f"/layar/{bound}?inci=32&jarak=12"))

    assert "Untuk 12 meter perlu layar 65 inci" in words(page.footer)


def test_the_sizes_are_those_of_the_stylesheet():
    css = resource("static").joinpath("lapor.css").read_text(encoding="utf-8")
    rem = float(re.search(r"html\.hall\{font-size:([\d.]+)vh", css)[1]) / 100
    for rows, selector in ((6, r"\.wall td"), (5, r"\.rows-5 td"), (4, r"\.rows-4 td")):
        declared = float(re.search(selector + r"\{[^}]*font-size:([\d.]+)rem", css)[1]) * rem
        height = 1000 * 9 / 337**0.5 * 25.4 * 0.065  # of 65 inches, in millimetres
        reads_to = declared * DIGIT_OF_TYPE * height * 200 / 1000
        assert Size(65, reads_to - 0.02).rows == rows


def test_dark_where_the_room_is_dark(television, bound):
    assert "dark" in page_of(television.get(f"/layar/{bound}?latar=gelap")).body["class"]
    assert "dark" not in page_of(television.get(f"/layar/{bound}")).body["class"]


def test_the_script_is_small_and_old_enough_for_televisions():
    script = resource("static").joinpath("wall.js").read_text(encoding="utf-8")
    code = re.sub(r"//.*", "", script)

    assert len(re.sub(r"\s+", " ", code)) < 2200
    assert not re.search(r"=>|\b(let|const|class|async)\b|`|\?\?|\?\.", code)


def test_without_the_script_it_loads_itself_anew(television, bound):
    page = page_of(television.get(f"/layar/{bound}"))

    assert page.select_one("noscript meta[http-equiv=refresh]")["content"] == "30"
    assert not page.select("[style], script:not([src])")


# ---- its stream ----


def first_event(browser, code) -> bytes:
    """What a stream begins with; it is closed then."""
    headers = {"Accept": "text/event-stream"}
    answer = browser.client.get(f"/layar/{code}/arus", headers=headers, buffered=False)
    chunks = answer.iter_encoded()
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert next(chunks).startswith(b"retry")
    event = next(chunks)
    answer.close()
    return event


def test_a_stream_needs_a_code_that_is_good(app, city, television, coordinator, meeting, bound):
    assert "Rakor Percobaan" in first_event(television, bound).decode()
    coordinator.post(f"{RAKOR}/{meeting.id}/tutup")

    assert first_event(television, bound) == b"event: end\ndata: \n\n"


def test_a_case_that_turns_out_to_be_about_conduct_leaves_the_wall(
    city, television, coordinator, meeting, bound
):
    coordinator.post(f"{RAKOR}/{meeting.id}/agenda", {"langkah": "usulan"})
    steer(coordinator, meeting, "opd-berikutnya")
    assert city.late.number in words(screen(television, bound))

    city.do("coordinator", city.late, Reassign(city.opds["AUDIT"], "Soal perilaku petugas."))
    flags = Flags(anonymous=False, confidential=False, about_conduct=True)
    city.do("coordinator", city.late, Edit(flags=flags))
    city.wait(minutes=2)

    shown = words(screen(television, bound))
    assert city.late.number not in shown
    assert "Jembatan patah" not in shown


def test_a_wall_loads_little_at_first(television, bound):
    """Bytes on the wire (B13): the script 1.5 KB, with page and stylesheet 10 KB."""

    def size(address):
        answer = television.client.get(address, headers={"Accept-Encoding": "br"}, buffered=True)
        assert answer.headers["Content-Encoding"] == "br"
        return len(answer.data)

    address = f"/layar/{bound}"
    page = page_of(television.get(address))
    script = size(page.select_one("script")["src"])
    sheet = size(page.select_one("link[rel=stylesheet]")["href"])

    assert script <= 1500
    assert size(address) + sheet + script <= 10 * 1024
