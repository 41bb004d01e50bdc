"""A meeting: planned from what is late, led office by office, and what was promised in it."""

import datetime as dt

import pytest
from browser import Browser, page_of
from factories import make_agency
from sqlalchemy import select

from lapor_web import live
from lapor_web.models import Commitment, Meeting, Report, Steering, WallMode
from lapor_web.services import sessions
from lapor_web.services.follow_up import FollowUp

RAKOR = "/koordinasi/rakor"
FRIDAY = dt.date(2026, 11, 27)


@pytest.fixture
def city(city, named):
    """WORKS is late with two reports, ROADS with one, and nobody may hear of those about conduct."""
    city.late = [named(city, "ROADS", "Jembatan patah")]
    city.wait(days=1)
    city.late += [named(city, "WORKS", title) for title in ("Lampu mati", "Got meluap")]
    city.hidden = named(city, "WORKS", "Rahasia sekali", confidential=True)
    city.wait(days=14)
    named(city, "DISTRICT", "Baru kemarin")
    return city


@pytest.fixture
def meeting(city, coordinator) -> Meeting:
    plan(city, coordinator)
    return city.session.scalars(select(Meeting).order_by(Meeting.id.desc())).first()


def plan(city, coordinator, **fields):
    usual = {
        "name": "Rakor",
        "place": "Ruang Mangkupelas",
        "held_on": "2026-11-24",
        "dari": "2026-01-01",
        "sampai": "2026-12-31",
    }
    answer = coordinator.post(RAKOR, usual | fields)
    assert answer.status_code == 303, answer.text
    return answer.location


def do(browser, meeting, command, **fields):
    return browser.post(f"{RAKOR}/{meeting.id}/kendali/{command}", fields)


def start(browser, meeting):
    assert browser.post(f"{RAKOR}/{meeting.id}/buka").status_code == 303
    assert do(browser, meeting, "opd-berikutnya").status_code == 303


def remote(browser, meeting):
    return page_of(browser.get(f"{RAKOR}/{meeting.id}/kendali")).select_one("#remote")


def commit(browser, meeting, *, due="2026-11-27", responsible="Kabid Jalan", htmx=False, **fields):
    form = remote(browser, meeting).select_one("form[action$=catat]")
    hidden = {one["name"]: one["value"] for one in form.select("input[type=hidden]")}
    hidden.pop("csrf_token")
    sent = hidden | {"due": due, "responsible": responsible} | fields
    return browser.post(f"{RAKOR}/{meeting.id}/kendali/catat", sent, htmx=htmx)


def test_the_agenda_begins_with_whoever_is_late_longest(city, coordinator, meeting):
    page = page_of(coordinator.get(f"{RAKOR}/{meeting.id}"))
    rows = [
        [cell.get_text(strip=True) for cell in row.select("th,td")][1:4]
        for row in page.select("#agenda tbody tr")
    ]

    # Five working days to answer, one day off in between.
    assert rows == [["Roads", "1", "5"], ["Works", "3", "4"]]


def test_a_screen_is_let_in_from_the_phone_that_leads(app, city, coordinator, meeting):
    """A slip is mended where it was made."""
    code = Browser(app).get("/layar").location.split("/layar/")[1]
    wrong = "000000" if code != "000000" else "000001"
    start(coordinator, meeting)
    assert remote(coordinator, meeting).select_one(".masthead a")["href"] == "#layar"

    slip = do(coordinator, meeting, "layar", kode=wrong)

    assert slip.status_code == 422
    section = page_of(slip).select_one("#remote #layar")
    assert f"Tidak ada layar dengan kode {wrong}" in section.get_text()
    assert section.select_one("#kode")["aria-describedby"] == "kode-error"
    assert do(coordinator, meeting, "layar", kode=f"{code[:3]} {code[3:]}").status_code == 303
    assert f"Layar {code} tersambung" in remote(coordinator, meeting).get_text()


def test_whoever_came_for_the_office_is_proposed_to_answer_for_it(city, coordinator, meeting):
    roads = city.opds["ROADS"].id
    came = {"hadir": [roads], f"nama-{roads}": "Rina, Sekretaris"}
    coordinator.post(f"{RAKOR}/{meeting.id}/hadir", came)
    start(coordinator, meeting)

    assert remote(coordinator, meeting).select_one("#responsible")["value"] == "Rina, Sekretaris"
    commit(coordinator, meeting, responsible="Kabid Jalan")
    do(coordinator, meeting, "opd-sebelumnya")
    proposed = remote(coordinator, meeting).select("#suggestions option")
    assert [one["value"] for one in proposed] == ["Kabid Jalan", "Rina, Sekretaris"]


@pytest.mark.parametrize(
    ("part", "fields", "told"),
    [
        ("hadir", {"tamu": "Ombudsman"}, "Daftar hadir tersimpan."),
        ("notulen", {"minutes": "Dibuka."}, "Notulen tersimpan."),
    ],
)
def test_what_was_saved_is_said_where_one_looks(city, coordinator, meeting, part, fields, told):
    location = coordinator.post(f"{RAKOR}/{meeting.id}/{part}", fields).location
    page = page_of(coordinator.get(location.partition("#")[0]))

    assert page.select_one(f"#{part} [role=status]").get_text(strip=True) == told


def test_the_agenda_is_put_in_order_without_a_mouse(city, coordinator, meeting):
    first, second = meeting.agenda
    address = f"{RAKOR}/{meeting.id}/agenda"

    coordinator.post(address, {"langkah": "turun", "item": first.id})
    coordinator.post(address, {"langkah": "naik", "item": first.id})
    coordinator.post(address, {"langkah": "naik", "item": second.id})
    coordinator.post(address, {"langkah": "tambah", "opd": city.opds["DISTRICT"].id})
    coordinator.post(address, {"langkah": "hapus", "item": first.id})
    coordinator.post(address, {"langkah": "naik", "item": second.id})  # at the edge it stays

    city.session.refresh(meeting)
    assert [item.opd.code for item in meeting.agenda] == ["WORKS", "DISTRICT"]


def test_two_taps_record_a_commitment_and_lead_on(city, coordinator, meeting):
    start(coordinator, meeting)
    assert "Jembatan patah" in remote(coordinator, meeting).h1.get_text()

    assert commit(coordinator, meeting).status_code == 303

    report = city.late[0]
    made = city.session.scalars(select(Commitment)).one()
    assert (made.report_id, made.due_on, made.opd.code) == (report.id, FRIDAY, "ROADS")
    assert made.responsible == "Kabid Jalan"
    assert report.promised_on == FRIDAY
    # It was the only one of its office: the meeting is with the next one.
    assert "Works" in remote(coordinator, meeting).get_text()


def test_the_office_finds_it_in_its_inbox_with_its_own_day(app, city, coordinator, meeting):
    start(coordinator, meeting)
    commit(coordinator, meeting)
    office = Browser(app).sign_in(city.users["roads"])

    view = page_of(office.get("/kotak-masuk?tampilan=komitmen-rakor"))
    assert [row["data-number"] for row in view.select(".row")] == [city.late[0].number]
    assert view.select_one(".row .due").get_text(" ").split() == ["3", "hari", "lagi"]
    here = view.select_one("#views [aria-current] .count")
    assert here.get_text() == "1"
    told = office.get(f"/kotak-masuk/{city.late[0].number}").text
    assert "Komitmen Rakor: selesai Jumat, 27 November, Kabid Jalan" in told
    others = Browser(app).sign_in(city.users["works"])
    assert not page_of(others.get("/kotak-masuk?tampilan=komitmen-rakor")).select(".row")


def test_days_that_are_one_tap_away_are_working_days(city, coordinator, meeting):
    city.now = dt.datetime(2026, 11, 26, 16, 30, tzinfo=dt.UTC)  # Friday 00.30 WITA
    coordinator.sign_in(city.users["coordinator"])
    start(coordinator, meeting)
    chips = [
        (one.input["value"], one.span.get_text(strip=True))
        for one in remote(coordinator, meeting).select(".chips label")[:3]
    ]

    assert chips == [
        ("2026-11-30", "Senin, 30 Nov"),
        ("2026-12-02", "Rabu, 2 Des"),
        ("2026-12-04", "Jumat, 4 Des"),
    ]


def test_who_answered_for_the_office_before_is_proposed(city, coordinator, meeting):
    start(coordinator, meeting)
    do(coordinator, meeting, "opd-berikutnya")
    commit(coordinator, meeting, responsible="Kabid Penerangan")

    field = remote(coordinator, meeting).select_one("#responsible")
    assert field["value"] == "Kabid Penerangan"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"due": ""}, "Pilih tanggalnya"),
        ({"due": "besok"}, "Pilih tanggalnya"),
        ({"due": "lain", "other_day": "31/12/2026"}, "Pilih tanggalnya"),
        ({"due": "2026-11-20"}, "Pilih tanggal hari ini"),
        ({"responsible": " "}, "Tulis siapa penanggung jawabnya"),
    ],
)
def test_what_is_missing_is_asked_for_and_what_was_typed_stays(
    city, coordinator, meeting, fields, sentence
):
    start(coordinator, meeting)
    answer = commit(coordinator, meeting, **fields)

    assert answer.status_code == 422
    assert sentence in answer.text
    if "responsible" not in fields:
        assert page_of(answer).select_one("#responsible")["value"] == "Kabid Jalan"
    assert city.session.scalar(select(Commitment.id)) is None


def test_any_other_day_may_be_typed(city, coordinator, meeting):
    start(coordinator, meeting)
    commit(coordinator, meeting, due="lain", other_day="2026-12-31")

    assert city.session.scalars(select(Commitment)).one().due_on == dt.date(2026, 12, 31)


def test_who_is_overtaken_by_the_office_keeps_what_was_typed(city, coordinator, meeting):
    start(coordinator, meeting)
    read = remote(coordinator, meeting).select_one("[name=version]")["value"]
    city.do("roads", city.late[0], FollowUp("Sudah kami kerjakan."))

    answer = commit(coordinator, meeting, version=read)

    assert answer.status_code == 409
    assert "Nama roads lebih dulu mengubah laporan ini" in answer.text
    assert page_of(answer).select_one("#responsible")["value"] == "Kabid Jalan"
    assert commit(coordinator, meeting).status_code == 303


def test_a_commitment_taken_back_never_was(app, city, coordinator, meeting):
    start(coordinator, meeting)
    commit(coordinator, meeting)
    assert remote(coordinator, meeting).select_one("form[action$=urungkan]")

    assert do(coordinator, meeting, "urungkan").status_code == 303

    assert city.late[0].promised_on is None
    page = page_of(coordinator.get(f"{RAKOR}/{meeting.id}"))
    assert "Belum ada komitmen" in page.get_text()
    office = Browser(app).sign_in(city.users["roads"])
    assert not page_of(office.get("/kotak-masuk?tampilan=komitmen-rakor")).select(".row")


def test_said_again_in_the_same_meeting_the_newer_day_counts(city, coordinator, meeting):
    start(coordinator, meeting)
    commit(coordinator, meeting)
    do(coordinator, meeting, "opd-sebelumnya")
    commit(coordinator, meeting, due="2026-12-01")

    page = page_of(coordinator.get(f"{RAKOR}/{meeting.id}"))
    listed = page.find("h2", string="Komitmen rapat ini").find_next("tbody").select("tr")
    assert [row.select("td")[2].get_text(strip=True) for row in listed] == ["Selasa, 1 Desember"]


def test_the_next_meeting_asks_whether_it_was_kept(city, coordinator, meeting):
    start(coordinator, meeting)
    commit(coordinator, meeting)
    commit(coordinator, meeting)
    coordinator.post(f"{RAKOR}/{meeting.id}/tutup")
    city.wait(days=3)
    works = city.late[1]
    hand_in(city, "works", works)
    city.wait(days=5)
    coordinator.sign_in(city.users["coordinator"])

    location = plan(city, coordinator, held_on="2026-12-02")
    page = page_of(coordinator.get(location))

    assert "Ditepati 1 dari 2." in page.get_text()
    coordinator.post(f"{location}/buka")
    newest = city.session.scalars(select(Meeting).order_by(Meeting.id.desc())).first()
    do(coordinator, newest, "ke", item=newest.agenda[0].id)
    commit(coordinator, newest, due="2026-12-31")
    coordinator.post(f"{location}/tutup")
    third = coordinator.get(plan(city, coordinator, held_on="2026-12-03"))
    assert "Ditepati 0 dari 1, 1 belum jatuh tempo." in " ".join(
        page_of(third).get_text(" ").split()
    )
    table = page.find("h2", string=lambda words: words and "sebelumnya" in words).find_next("tbody")
    standing = {
        row.th.a.get_text(strip=True): row.select("td")[3].get_text(" ", strip=True)
        for row in table.select("tr")
    }
    assert standing["Lampu mati"].startswith("ditepati, Jumat, 27 November")
    assert standing["Jembatan patah"] == "tidak ditepati, lewat 3 hari kerja"


def hand_in(city, who, report):
    from lapor_web.models import Outcome
    from lapor_web.services.approval import Approve
    from lapor_web.services.follow_up import Propose

    city.do(who, report, Propose("Sudah.", Outcome.EXPLAINED))
    city.do(f"{who}-boss", report, Approve())


def test_the_list_of_an_office_stands_still_while_it_is_talked_about(city, coordinator, meeting):
    start(coordinator, meeting)
    do(coordinator, meeting, "opd-berikutnya")
    city.do("works", city.late[1], FollowUp("Sudah kami kerjakan."))

    words = remote(coordinator, meeting).select_one(".number").get_text(" ", strip=True)
    assert words.endswith("laporan 1 dari 3")


def test_steps_stay_at_either_end(city, coordinator, meeting):
    start(coordinator, meeting)
    for step in ("opd-sebelumnya", "laporan-sebelumnya"):
        do(coordinator, meeting, step)
    assert "Agenda 1 dari 2, laporan 1 dari 1" in words_of(coordinator, meeting)
    for _ in range(9):
        do(coordinator, meeting, "lewati")
    assert "Agenda 2 dari 2, laporan 3 dari 3" in words_of(coordinator, meeting)


def words_of(browser, meeting):
    return " ".join(remote(browser, meeting).get_text(" ").split())


def test_two_who_lead_see_each_other(app, city, coordinator, meeting):
    city.add_user("sari", city.users["coordinator"].role, None)
    other = Browser(app).sign_in(city.users["sari"])
    start(coordinator, meeting)

    assert "Dikendalikan juga oleh Nama coordinator" in words_of(other, meeting)
    assert "Dikendalikan juga" not in words_of(coordinator, meeting)
    do(other, meeting, "lewati")
    assert "Dikendalikan juga oleh Nama sari" in words_of(coordinator, meeting)
    city.wait(minutes=3)
    assert "Dikendalikan juga" not in words_of(coordinator, meeting)


def test_a_step_of_htmx_answers_with_the_remote_alone(city, coordinator, meeting):
    start(coordinator, meeting)
    answer = coordinator.post(f"{RAKOR}/{meeting.id}/kendali/lewati", htmx=True)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert page_of(answer).select_one("#seen")["data-version"]


def test_a_day_that_was_tapped_is_noted_but_not_promised(city, coordinator, meeting):
    start(coordinator, meeting)
    coordinator.post(f"{RAKOR}/{meeting.id}/kendali/konsep", {"due": "2026-11-27"}, htmx=True)

    assert city.session.get_one(Steering, meeting.id).draft_on == FRIDAY
    assert city.session.scalar(select(Commitment.id)) is None
    do(coordinator, meeting, "lewati")
    assert city.session.get_one(Steering, meeting.id).draft_on is None


def test_a_meeting_opens_once_closes_once_and_is_not_led_outside(city, coordinator, meeting):
    assert do(coordinator, meeting, "lewati").status_code == 409
    for step, wanted in (("tutup", 409), ("buka", 303), ("buka", 409), ("tutup", 303)):
        answer = coordinator.post(f"{RAKOR}/{meeting.id}/{step}")
        assert answer.status_code == wanted, step
    assert do(coordinator, meeting, "mode", mode="rekap").status_code == 409


def test_its_figures_are_kept_at_opening_and_closing(city, coordinator, meeting):
    start(coordinator, meeting)
    city.do("roads", city.late[0], FollowUp("Sudah kami kerjakan."))
    coordinator.post(f"{RAKOR}/{meeting.id}/tutup")

    city.session.refresh(meeting)
    before, after = meeting.figures_at_opening, meeting.figures_at_closing
    assert (before["not_acted_on"], after["not_acted_on"]) == (5, 4)
    assert (before["in_process"], after["in_process"]) == (0, 1)


def test_who_came_and_what_was_written_down(city, coordinator, meeting):
    works, roads = city.opds["WORKS"].id, city.opds["ROADS"].id
    coordinator.post(
        f"{RAKOR}/{meeting.id}/hadir",
        {
            "hadir": [works, 2**40, "x"],
            f"nama-{works}": "Rina, Sekretaris",
            f"nama-{roads}": "tidak datang",
            "tamu": "Kepala Perwakilan Ombudsman\n\n  ",
        },
    )
    coordinator.post(
        f"{RAKOR}/{meeting.id}/notulen", {"minutes": "Dibuka pukul 9.\r\n<b>Selesai</b>"}
    )

    printed = coordinator.get(f"{RAKOR}/{meeting.id}/cetak")
    page = page_of(printed)
    came = [
        one.get_text(strip=True)
        for one in page.find("h2", string="Hadir").find_next("ul").select("li")
    ]
    assert came == ["Dinas Works, Rina, Sekretaris", "Kepala Perwakilan Ombudsman"]
    assert "&lt;b&gt;Selesai" in printed.text
    # noted again, the list is what was sent last
    coordinator.post(f"{RAKOR}/{meeting.id}/hadir", {"hadir": [roads]})
    assert "Rina" not in coordinator.get(f"{RAKOR}/{meeting.id}/cetak").text


def test_a_leader_reads_and_changes_nothing(app, city, coordinator, meeting):
    start(coordinator, meeting)
    do(coordinator, meeting, "opd-berikutnya")
    do(coordinator, meeting, "lewati")
    do(coordinator, meeting, "lewati")
    assert "Rahasia sekali" in remote(coordinator, meeting).h1.get_text()
    commit(coordinator, meeting)
    leader = Browser(app).sign_in(city.users["leader"])

    page = leader.get(f"{RAKOR}/{meeting.id}")
    assert page.status_code == 200
    assert "Rahasia sekali" not in page.text
    assert f"Laporan rahasia {city.hidden.number}" in page.text
    assert leader.get(f"{RAKOR}/{meeting.id}/cetak").text.count("Rahasia sekali") == 0
    assert not page_of(page).select("main form")
    for path in ("", "/buka", "/agenda", "/hadir", "/notulen", "/layar", "/kendali/lewati"):
        base = RAKOR if path == "" else f"{RAKOR}/{meeting.id}"
        assert leader.post(f"{base}{path}").status_code == 403, path
    assert leader.get(f"{RAKOR}/{meeting.id}/kendali").status_code == 403


def test_about_conduct_nothing_comes_into_a_meeting(city, coordinator, meeting):
    from lapor_web.models import Classification
    from lapor_web.services.verification import Flags

    accused = Flags(True, True, about_conduct=True, accused=city.opds["WORKS"])
    city.now -= dt.timedelta(days=13)
    report = city.send(about_conduct=True)
    city.verify(
        report, "AUDIT", title="Pungli", flags=accused, classification=Classification.SUPERVISORY
    )
    city.now += dt.timedelta(days=13)
    location = plan(city, coordinator)

    assert "Audit" not in page_of(coordinator.get(location)).select_one("#agenda table").get_text()
    newest = city.session.scalars(select(Meeting).order_by(Meeting.id.desc())).first()
    coordinator.post(
        f"{RAKOR}/{newest.id}/agenda", {"langkah": "tambah", "opd": city.opds["AUDIT"].id}
    )
    start(coordinator, newest)
    city.session.refresh(newest)
    do(coordinator, newest, "ke", item=newest.agenda[-1].id)
    assert "Tidak ada laporan yang lewat tenggat" in words_of(coordinator, newest)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Tulis nama rapat"),
        ({"held_on": "besok"}, "Tulis tanggal seperti"),
        ({"dari": "2026-02-01", "sampai": "2026-01-01"}, "lebih awal"),
        ({"sampai": "9999-12-31"}, "Isi tanggal"),
        ({"dari": "0001-01-01"}, "Isi tanggal"),
    ],
)
def test_a_plan_that_lacks_something_says_what(city, coordinator, fields, sentence):
    usual = {
        "name": "Rakor",
        "place": "Aula",
        "held_on": "2026-11-24",
        "dari": "2026-01-01",
        "sampai": "2026-12-31",
    }
    answer = coordinator.post(RAKOR, usual | fields)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_another_citys_meeting_is_not_there(city, coordinator, meeting):
    other = make_agency(code="LAIN", number_prefix="LAN")
    city.session.add(other)
    city.session.flush()
    meeting.agency_id = other.id
    city.session.flush()

    assert coordinator.get(f"{RAKOR}/{meeting.id}").status_code == 404
    assert coordinator.get(f"{RAKOR}/999999").status_code == 404


def test_a_mode_is_shown_from_its_first_page(city, coordinator, meeting):
    start(coordinator, meeting)
    do(coordinator, meeting, "mode", mode="belum")
    do(coordinator, meeting, "halaman", arah="maju")
    state = city.session.get_one(Steering, meeting.id)
    assert (state.mode, state.page) == (WallMode.NOT_ACTED_ON, 2)
    do(coordinator, meeting, "mode", mode="komitmen")
    assert city.session.get_one(Steering, meeting.id).page == 1
    assert do(coordinator, meeting, "mode", mode="semua").status_code == 404
    assert do(coordinator, meeting, "hapus-semua").status_code == 404


def test_the_report_itself_says_whose_day_it_is(city, coordinator, meeting):
    """The reporter reads the day; the person who answers for it is the officers' business."""
    start(coordinator, meeting)
    commit(coordinator, meeting)

    entry = city.session.get_one(Report, city.late[0].id).history[-1]
    assert entry.text == ""
    assert not entry.visible


def test_a_phones_stream_ends_with_its_session(app, city, coordinator, meeting, monkeypatch):
    """Promise 15: signed out everywhere, what was open is over at its next look."""
    monkeypatch.setattr(live, "SECONDS_BETWEEN_LOOKS", 0.01)
    answer = coordinator.client.get(
        f"{RAKOR}/{meeting.id}/kendali/arus",
        headers={"Accept": "text/event-stream"},
        buffered=False,
    )
    events = answer.iter_encoded()
    assert next(events).startswith(b"retry")
    assert next(events).startswith(b"id: ")
    assert next(events).startswith(b"event: beat")

    sessions.close_all_sessions(city.session, city.users["coordinator"])
    city.session.flush()

    assert next(events) == b"event: end\ndata: \n\n"
    answer.close()
