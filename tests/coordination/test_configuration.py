"""What the coordinator changes of the city on screen, and the row that each change leaves."""

import datetime as dt
import io
import json

import pytest
from browser import Browser, page_of
from factories import PASSWORD
from small_city import SmallCity
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from lapor_web import clock
from lapor_web.models import (
    Area,
    AreaKind,
    CalendarVersion,
    Category,
    ConfigurationChange,
    HolidayKind,
    Limit,
    Opd,
    Role,
    Subject,
    User,
)
from lapor_web.palette import contrast
from lapor_web.services import accounts, calendar_versions, second_factor
from lapor_web.services.keys import Keys
from lapor_web.services.known_holidays import proposed
from lapor_web.services.verification import PutOnHold

HERE = "/koordinasi/pengaturan"


@pytest.fixture
def city(db, monkeypatch) -> SmallCity:
    city = SmallCity(db.session())
    monkeypatch.setattr(clock, "now", lambda: city.now)
    city.users["coordinator"].password_hash = "set"
    return city


@pytest.fixture
def coordinator(app, city) -> Browser:
    return Browser(app).sign_in(city.users["coordinator"])


def change(browser, address, *, htmx=False, **fields):
    """As somebody who opens the form, types, and sends all of it."""
    page = page_of(browser.get(f"{HERE}/{address}"))
    form = page.select_one(f"form[action='{HERE}/{address}'][method=post]")
    sent = {}
    for field in form.select("input[name],select[name],textarea[name]"):
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            sent[field["name"]] = chosen["value"]
        elif field.get("type") not in {"checkbox", "radio"} or field.has_attr("checked"):
            sent[field["name"]] = field.get("value", "y")
    sent.pop("csrf_token")
    sent |= fields
    return browser.post(
        f"{HERE}/{address}", {key: value for key, value in sent.items() if value is not None}
    )


def notes(city, subject):
    rows = select(ConfigurationChange).where(ConfigurationChange.subject == subject)
    return city.session.scalars(rows.order_by(ConfigurationChange.id)).all()


def error_of(answer) -> str:
    assert answer.status_code == 422, answer.text
    return page_of(answer).select_one("#problem").get_text(" ", strip=True)


# ---- the history ----


def test_a_change_is_read_with_what_stood_there_before(city, coordinator):
    assert change(coordinator, "opd/WORKS", name="Dinas Karya").status_code == 303

    note = notes(city, Subject.OPD)[0]
    assert (note.before, note.after) == ({"name": "Dinas Works"}, {"name": "Dinas Karya"})
    assert (note.user_id, note.doer_name) == (city.users["coordinator"].id, "Nama coordinator")
    page = page_of(coordinator.get(f"{HERE}/riwayat?bagian=opd&kunci=WORKS"))
    row = page.select_one("tbody tr").get_text(" ", strip=True)
    assert "Nama coordinator" in row
    assert "Dinas Works menjadi Dinas Karya" in row


@pytest.mark.parametrize(
    "rewrite", ["UPDATE configuration_change SET name = 'x'", "DELETE FROM configuration_change"]
)
def test_the_database_rewrites_no_change(city, coordinator, rewrite):
    change(coordinator, "opd/WORKS", name="Dinas Karya")

    with pytest.raises(DBAPIError, match="never rewritten"), city.session.begin_nested():
        city.session.execute(text(rewrite))


def test_who_comes_second_is_told_and_keeps_the_words(app, city, coordinator):
    other = Browser(app).sign_in(city.add_user("coordinator2", Role.COORDINATOR, None))
    read = page_of(other.get(f"{HERE}/opd/WORKS")).select_one("#versi")["value"]
    change(coordinator, "opd/WORKS", name="Dinas Karya")

    late = change(other, "opd/WORKS", name="Dinas Kerja", versi=read)

    assert late.status_code == 409
    page = page_of(late)
    assert "Nama coordinator mengubah ini" in page.select_one(".conflict").get_text()
    assert page.select_one("#name")["value"] == "Dinas Kerja"
    assert city.opds["WORKS"].name == "Dinas Karya"


# ---- officers ----


def test_an_officer_is_invited_by_a_link_that_is_shown_once(app, city, coordinator):
    answer = change(
        coordinator, "petugas", username="Rina", name="Rina", role="liaison", opd="ROADS"
    )
    assert answer.location.endswith("/petugas")

    link = page_of(coordinator.get(answer.location)).select_one("#link")["value"]
    assert page_of(coordinator.get(answer.location)).select_one("#link") is None
    rina = city.session.scalars(select(User).where(User.username == "rina")).one()
    assert (rina.role, rina.opd.code) == (Role.LIAISON, "ROADS")
    stranger = Browser(app)
    stranger.get(link.removeprefix("http://localhost"))
    assert stranger.post("/undangan", {"password": PASSWORD, "again": PASSWORD}).status_code == 303
    assert link not in str([note.after for note in notes(city, Subject.USER)])


def test_an_old_link_dies_with_the_new_one(city, coordinator):
    old = accounts.invite(
        city.session, city.users["works"], lifetime=dt.timedelta(hours=1), now=city.now
    )
    assert coordinator.post(f"{HERE}/petugas/works/undang").status_code == 303

    hashed = accounts.hash_of_token(old)
    assert accounts.find_invited(city.session, hashed, city.now) is None


def test_a_lost_code_is_taken_off_by_another_and_stands_in_the_history(app, city, coordinator):
    keys = Keys.from_secret(app.config["SECRET_KEY"])
    for name in ("works", "coordinator"):
        user = city.users[name]
        second_factor.turn_on(city.session, user, "A" * 32, 0, keys=keys, now=city.now)
    coordinator.sign_in(city.users["coordinator"])
    works = Browser(app).sign_in(city.users["works"])
    page = f"{HERE}/petugas/works"
    assert "Matikan kode masuk" in coordinator.get(page).text

    assert coordinator.post(f"{page}/matikan-kode").status_code == 303

    assert not second_factor.is_on(city.session, city.users["works"])
    assert works.get("/kotak-masuk").location.startswith("/masuk")
    assert "Matikan kode masuk" not in coordinator.get(page).text
    kept = coordinator.get(f"{HERE}/riwayat?bagian=user&kunci=works").text
    assert "terpasang" in kept
    assert "dimatikan" in kept
    own = f"{HERE}/petugas/coordinator"
    assert "Matikan kode masuk" not in coordinator.get(own).text
    assert coordinator.post(f"{own}/matikan-kode").status_code == 403
    assert second_factor.is_on(city.session, city.users["coordinator"])


def test_another_role_ends_the_sessions(app, city, coordinator):
    works = Browser(app).sign_in(city.users["works"])
    assert works.get("/kotak-masuk").status_code == 200

    assert change(coordinator, "petugas/works", role="supervisor").status_code == 303
    assert works.get("/kotak-masuk").status_code == 303
    assert change(coordinator, "petugas/works2", active=None).status_code == 303
    assert city.users["works2"].active is False


def test_nobody_locks_the_city_out(app, city, coordinator):
    """One who was only invited cannot let anybody in."""
    second = city.add_user("coordinator2", Role.COORDINATOR, None)
    other = Browser(app).sign_in(second)

    refused = change(other, "petugas/coordinator", role="leader")
    assert "koordinator terakhir" in error_of(refused)
    second.password_hash = "set"
    other.sign_in(second)
    assert change(other, "petugas/coordinator", role="leader").status_code == 303


def test_nobody_gives_themselves_other_rights(city, coordinator):
    city.add_user("coordinator2", Role.COORDINATOR, None).password_hash = "set"

    refused = change(coordinator, "petugas/coordinator", role="inspector", opd="AUDIT")

    assert "rekan lain" in error_of(refused)
    assert city.users["coordinator"].role is Role.COORDINATOR


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"username": "works"}, "sudah dipakai"),
        ({"username": "a b"}, "huruf kecil"),
        ({"role": "liaison", "opd": ""}, "Pilih OPD-nya"),
        ({"role": "system"}, "Pilih peran"),
        ({"email": "bukan"}, "surel lengkap"),
    ],
)
def test_what_is_wrong_with_an_invitation(city, coordinator, fields, says):
    usual = {"username": "baru", "name": "Baru", "role": "leader", "opd": "", "email": ""}

    assert says in error_of(change(coordinator, "petugas", **usual | fields))


# ---- offices ----


def test_a_new_name_changes_no_past(city, coordinator):
    report = city.sent_to("WORKS")
    change(coordinator, "opd/WORKS", name="Dinas Karya", short_name="Karya")

    entry = next(one for one in report.history if one.opd_name)
    assert entry.opd_name == "Dinas Works"
    assert "Karya" in page_of(coordinator.get("/koordinasi?tahun=2026")).get_text()


@pytest.mark.parametrize(
    ("code", "fields", "says"),
    [
        ("DISTRICT", {"parent": "VILLAGE"}, "tidak berada di bawah"),
        ("DISTRICT", {"needs_approval": "y"}, "Atasan OPD"),
        ("AUDIT", {"active": None}, "Inspektorat"),
        ("WORKS", {"active": None}, "1 laporan terbuka"),
        ("ROADS", {"active": None}, "2 akun aktif"),
    ],
)
def test_what_an_office_cannot_be(city, coordinator, code, fields, says):
    city.sent_to("WORKS")

    assert says in error_of(change(coordinator, f"opd/{code}", **fields))


def test_a_new_office_and_a_closed_one(city, coordinator):
    answer = change(
        coordinator,
        "opd",
        code="dishub",
        name="Dinas Perhubungan",
        short_name="Dishub",
        kind="dinas",
    )
    assert answer.status_code == 303
    assert change(coordinator, "opd/DISHUB", active=None).status_code == 303

    office = city.session.scalars(select(Opd).where(Opd.code == "DISHUB")).one()
    assert not office.active
    again = change(coordinator, "opd", code="DISHUB", name="Lain", short_name="Lain", kind="dinas")
    assert "sudah dipakai" in error_of(again)


# ---- subjects and areas ----


def test_subjects_have_two_levels(city, coordinator):
    for name, parent in (("Jalan", ""), ("Lampu jalan", "JALAN"), ("Air", "")):
        assert change(coordinator, "kategori", name=name, parent=parent).status_code == 303

    twin = change(coordinator, "kategori", name="jalan", parent="")
    assert "sudah ada di sana" in error_of(twin)
    assert change(coordinator, "kategori", name="Jalan", parent="AIR").status_code == 303
    assert "punya subkategori" in error_of(change(coordinator, "kategori/JALAN", parent="AIR"))
    assert "Masih ada subkategori" in error_of(change(coordinator, "kategori/JALAN", active=None))
    assert change(coordinator, "kategori/LAMPU-JALAN", parent="AIR").status_code == 303
    assert change(coordinator, "kategori/JALAN", active=None).status_code == 303
    one = city.session.scalars(select(Category).where(Category.code == "LAMPU-JALAN")).one()
    assert one.parent.code == "AIR"


def test_outlines_of_a_file_are_loaded_whole_or_not_at_all(city, coordinator):
    area = Area(agency_id=city.agency.id, code="64.72.01", name="Palaran", kind=AreaKind.KECAMATAN)
    city.session.add(area)
    square = [[[117, -0.5], [117.1, -0.5], [117.1, -0.4], [117, -0.4], [117, -0.5]]]

    def load(code):
        feature = {
            "type": "Feature",
            "properties": {"kode": code},
            "geometry": {"type": "Polygon", "coordinates": square},
        }
        content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
        return coordinator.post(f"{HERE}/wilayah", {"file": (io.BytesIO(content), "w.geojson")})

    assert "Kode 99 bukan wilayah kota ini" in error_of(load("99"))
    assert notes(city, Subject.AREA) == []
    assert load("64.72.01").status_code == 303
    assert change(coordinator, "wilayah/64.72.01", name="Palaran Baru").status_code == 303
    assert [note.name for note in notes(city, Subject.AREA)] == ["Batas wilayah", "Palaran Baru"]


# ---- the calendar ----


def save_days(browser, year, **fields):
    """First the consequences, then the same days once more."""
    address = f"kalender/{year}"
    looked = change(browser, address, **fields)
    assert looked.status_code == 200, looked.text
    marks = {name: page_of(looked).select_one(f"#{name}")["value"] for name in ("checked", "versi")}
    return looked, change(browser, address, **fields | marks)


def test_a_year_is_proposed_and_saved_as_a_new_version(city, coordinator):
    looked, saved = save_days(coordinator, 2027)

    assert saved.status_code == 303
    session, agency_id = city.session, city.agency.id
    assert calendar_versions.days_of(session, agency_id, 2027) == proposed(2027)
    assert {day.kind for day in proposed(2027)} >= {
        HolidayKind.NATIONAL,
        HolidayKind.COLLECTIVE_LEAVE,
    }
    assert len(calendar_versions.list_versions(session, agency_id)) == 2
    assert len(calendar_versions.days_of(session, agency_id, 2026)) == 1
    assert "Menjadi libur" in page_of(looked).get_text()


def test_a_new_day_off_moves_open_deadlines_and_no_closed_ones(city, coordinator):
    """The day off that is there already is Wednesday the 18th."""
    waiting = city.sent_to("WORKS")  # five working days from Monday the 9th
    closed = city.sent_to("WORKS")
    closed.status, closed.archive_reason = "archived", "unclear"
    before = closed.due_on
    assert waiting.due_on == dt.date(2026, 11, 16)

    looked, saved = save_days(
        coordinator, 2026, **{"on-1": "y", "date-1": "2026-11-13", "name-1": "Libur daerah"}
    )
    assert saved.status_code == 303
    told = page_of(coordinator.get(f"{HERE}/riwayat?bagian=calendar")).get_text(" ", strip=True)
    assert "Jumat, 13 November 2026, Libur daerah" in told
    assert "paling banyak 1 laporan" in page_of(looked).get_text(" ", strip=True)
    calendar_versions.count_anew(city.session, city.agency.id, after=0)

    assert waiting.due_on == dt.date(2026, 11, 17)
    assert closed.due_on == before
    assert calendar_versions.count_anew(city.session, city.agency.id, after=0) == 0


def test_what_a_reporter_was_promised_does_not_come_sooner(city, coordinator):
    city.now = dt.datetime(2026, 11, 10, 1, 0, tzinfo=dt.UTC)
    held, worked = city.sent_to("WORKS"), city.sent_to("WORKS")
    coordinator.sign_in(city.users["coordinator"])
    city.do("coordinator", held, PutOnHold(reason="Di mana?"))
    promised, due = held.due_on, worked.due_on

    _, saved = save_days(coordinator, 2026, **{"on-0": None})
    assert saved.status_code == 303
    calendar_versions.count_anew(city.session, city.agency.id, after=0)

    assert held.due_on == promised
    assert worked.due_on <= due


def test_days_that_are_none(city, coordinator):
    refused = change(
        coordinator, "kalender/2026", **{"on-1": "y", "date-1": "2027-01-01", "name-1": "Baru"}
    )

    assert "Tulis tanggal di tahun 2026" in error_of(refused)
    assert city.session.scalar(select(CalendarVersion.id).offset(1)) is None


# ---- limits ----


def test_a_limit_begins_on_a_day_to_come(city, coordinator):
    usual = {"step": "first_follow_up", "days": "3", "source": "Rakor"}
    early = change(coordinator, "batas", **usual, valid_from="2026-11-09")
    assert "mulai besok" in error_of(early)

    late = change(coordinator, "batas", **usual, valid_from="9999-12-31")
    assert "sepuluh tahun" in error_of(late)

    looked = change(coordinator, "batas", **usual, valid_from="2026-12-01")
    said = page_of(looked).select_one(".notice").get_text(" ", strip=True)
    assert "jatuh tempo Jumat, 4 Desember" in said
    assert "bukan Selasa, 8 Desember" in said
    mark = page_of(looked).select_one("#checked")["value"]
    rows = select(Limit).where(Limit.valid_from == dt.date(2026, 12, 1))
    assert city.session.scalars(rows).all() == []
    saved = change(coordinator, "batas", **usual, valid_from="2026-12-01", checked=mark)
    assert saved.status_code == 303

    row = city.session.scalars(rows).one()
    assert city.sent_to("WORKS").follow_up_limit == 5
    city.now = dt.datetime(2026, 12, 1, 1, 0, tzinfo=dt.UTC)
    coordinator.sign_in(city.users["coordinator"])
    assert city.sent_to("WORKS").follow_up_limit == 3
    refused = coordinator.post(f"{HERE}/batas/{row.id}/batal")
    assert "sudah berlaku" in error_of(refused)


def test_a_limit_that_has_not_begun_is_withdrawn(city, coordinator):
    fields = {"step": "hold", "days": "7", "source": "Rakor", "valid_from": "2026-12-01"}
    looked = change(coordinator, "batas", **fields)
    mark = page_of(looked).select_one("#checked")["value"]
    change(coordinator, "batas", **fields, checked=mark)
    row = city.session.scalars(select(Limit).where(Limit.days == 7)).one()

    assert coordinator.post(f"{HERE}/batas/{row.id}/batal").status_code == 303
    assert city.session.scalars(select(Limit).where(Limit.days == 7)).all() == []
    assert [len(note.after) for note in notes(city, Subject.LIMIT)] == [3, 0]
    told = page_of(coordinator.get(f"{HERE}/riwayat?bagian=limit")).get_text(" ", strip=True)
    assert "Berlaku mulai: Selasa, 1 Desember" in told


# ---- reasons, name, colours, prefix ----


def test_who_comes_second_with_the_reasons_is_told_too(city, coordinator):
    change(coordinator, "alasan-arsip", **{"words-duplicate": "Sudah dilaporkan"})

    late = change(coordinator, "alasan-arsip", **{"words-duplicate": "Dobel", "versi": "0"})

    assert late.status_code == 409
    page = page_of(late)
    assert "Nama coordinator mengubah ini" in page.select_one(".conflict").get_text()
    assert page.select_one("[name=words-duplicate]")["value"] == "Dobel"


def test_the_citys_own_words_for_an_archived_report(app, city, coordinator):
    assert (
        change(
            coordinator,
            "alasan-arsip",
            **{"words-duplicate": "Sudah dilaporkan", "words-baru": "Sudah ditangani RT"},
        ).status_code
        == 303
    )
    report = city.sent_to("WORKS")
    answer = coordinator.post(
        f"/kotak-masuk/{report.number}/arsipkan",
        {"version": str(report.version), "archive_reason": "sudah_ditangani_rt"},
    )
    assert answer.status_code == 303
    assert "Ditutup: sudah ditangani RT" in Browser(app).get(f"/laporan/{report.number}").text
    assert {note.key for note in notes(city, Subject.ARCHIVE_REASON)} >= {
        "duplicate",
        "sudah_ditangani_rt",
    }

    # Said otherwise later, it was still said like that; and closed, it is offered no more.
    change(
        coordinator,
        "alasan-arsip",
        **{"words-sudah_ditangani_rt": "Lain", "active-sudah_ditangani_rt": None},
    )
    assert "Ditutup: sudah ditangani RT" in Browser(app).get(f"/laporan/{report.number}").text
    form = page_of(coordinator.get(f"/kotak-masuk/{city.send().number}"))
    assert "Sudah dilaporkan" in form.get_text()
    assert not form.select("input[value=sudah_ditangani_rt]")


def test_a_new_prefix_is_for_new_numbers_and_the_old_ones_are_found(app, city, coordinator):
    old = city.sent_to("WORKS")
    assert change(coordinator, "kota", number_prefix="abc").status_code == 303
    city.session.refresh(city.agency)
    new = city.sent_to("WORKS")

    assert (old.number[:4], new.number[:4]) == ("KTA-", "ABC-")
    for number in (old.number, new.number):
        assert Browser(app).get(f"/laporan/{number}").status_code == 200
        digits = "".join(filter(str.isdigit, number))
        found = page_of(coordinator.get(f"/kotak-masuk?cari={digits}&tampilan=semua"))
        assert number in found.get_text()


def test_colours_are_taken_where_words_stay_readable(app, city, coordinator):
    refused = change(coordinator, "kota", main="#d9a441", ribbon="#7c1730")
    assert "kurang gelap" in error_of(refused)
    usual = Browser(app).get("/lapor").text
    assert "#0a5a54" in usual

    assert change(coordinator, "kota", main="#1d3f8f", service_name="Lapor Kita").status_code == 303
    ours = Browser(app).get("/lapor").text
    assert "#1d3f8f" in ours
    assert ".button{" in ours
    assert "Lapor Kita" in ours
    note = notes(city, Subject.CITY)[-1]
    assert note.before == {"main": "#0a5a54", "service_name": "Lapor Kota", "city_name": ""}
    desk = page_of(coordinator.get(HERE + "/kota"))
    sheet = desk.select_one("link[rel=stylesheet]")["href"]
    served = coordinator.get(sheet)
    assert "immutable" in served.headers["Cache-Control"]
    assert "--teal:#1d3f8f" in served.text
    assert ".finished{color:#0a5a54}" in served.text  # what means something stays


def test_contrast_is_that_of_wcag():
    assert round(contrast("#ffffff", "#000000"), 1) == 21
    assert round(contrast("#16a75c", "#ffffff"), 2) == 3.13
