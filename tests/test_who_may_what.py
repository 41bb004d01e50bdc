"""Promise 11: every address, for every kind of person, about every kind of report.

Made from the URL map: an address that is not listed here fails. What one may not see is 404, what
one sees and may not do is 403, what the report's state does not allow is 409.
"""

import io

import pytest
from browser import Browser
from PIL import Image
from small_city import SmallCity
from sqlalchemy import func, select

from lapor_web import city as this_city
from lapor_web import clock
from lapor_web.inbox.registry import VERBS
from lapor_web.models import (
    Action,
    ArchiveReason,
    Meeting,
    NotAllowedForRole,
    NotFromThisStatus,
    Outcome,
    Role,
    find_transition,
)
from lapor_web.services import attachment_work
from lapor_web.services.attachments import Owner, Upload, accept
from lapor_web.services.closing import Archive
from lapor_web.services.conversation import Confirm
from lapor_web.services.follow_up import Propose
from lapor_web.services.keys import Keys
from lapor_web.services.submission import Entry
from lapor_web.services.verification import Flags

STRANGER, REPORTER, OTHER_REPORTER = "stranger", "reporter", "other reporter"
CITIZENS = (STRANGER, REPORTER, OTHER_REPORTER)
WORKS = {"works", "works2", "works-boss"}
OVERSEERS = {"leader", "ombudsman"}
OFFICERS = (
    *("coordinator", "works", "works-boss", "roads", "roads-boss", "district", "inspector"),
    *("intake", "leader", "ombudsman", "evaluator"),
)
PEOPLE = (*CITIZENS, *OFFICERS)
NO_INBOX = {"evaluator"}
SEEKERS = {"coordinator", "works", "roads", "district", "inspector"}
COORDINATION = {"coordinator", "leader", "evaluator"}
KEEP_CANNED = {
    *("coordinator", "works", "works-boss", "roads", "roads-boss", "district", "inspector"),
}
RAKOR = {"coordinator", "leader"}
KEEP_ACCOUNTS = {"coordinator", "inspector"}


# ---- the reports -------------------------------------------------------------------------------


def own(city):
    return city.sent_to("WORKS")


def other(city):
    return city.sent_to("ROADS")


def unverified(city):
    return city.send()


def typed_in(city):
    return city.send(entry=Entry(city.users["intake"], "phone", city.now))


def anonymous(city):
    return city.sent_to("WORKS", anonymous=True)


def confidential(city):
    return city.sent_to("WORKS", confidential=True)


def about_conduct(city):
    report = city.send(about_conduct=True)
    accused = Flags(True, True, about_conduct=True, accused=city.opds["WORKS"])
    city.verify(report, "AUDIT", flags=accused, classification="supervisory")
    return report


def about_service(city):
    return city.send(about_service=True)


def awaiting_approval(city):
    report = city.sent_to("WORKS")
    city.do("works", report, Propose(text="Sudah.", outcome=Outcome.EXPLAINED))
    return report


def finished(city):
    report = city.sent_to("DISTRICT")
    city.do("district", report, Propose(text="Sudah.", outcome=Outcome.EXPLAINED))
    city.do("reporter", report, Confirm())
    return report


def archived(city):
    report = city.sent_to("WORKS")
    city.do("coordinator", report, Archive(archive_reason=ArchiveReason.UNCLEAR))
    return report


SEEN_BY_OFFICERS = {
    own: {"coordinator"} | WORKS | OVERSEERS,
    other: {"coordinator", "roads", "roads-boss"} | OVERSEERS,
    unverified: {"coordinator"} | OVERSEERS,
    typed_in: {"coordinator", "intake"} | OVERSEERS,
    anonymous: {"coordinator"} | WORKS | OVERSEERS,
    confidential: {"coordinator"} | WORKS,
    about_conduct: {"coordinator", "inspector"},
    about_service: {"inspector"},
    awaiting_approval: {"coordinator"} | WORKS | OVERSEERS,
    finished: {"coordinator", "district"} | OVERSEERS,
    archived: {"coordinator"} | WORKS | OVERSEERS,
}
PUBLISHED = {own, other, anonymous, awaiting_approval, finished, archived}
HOLDERS = {
    own: "WORKS",
    other: "ROADS",
    anonymous: "WORKS",
    confidential: "WORKS",
    about_conduct: "AUDIT",
    about_service: "AUDIT",
    awaiting_approval: "WORKS",
    finished: "DISTRICT",
    archived: "WORKS",
}


# ---- the people --------------------------------------------------------------------------------

CODE = "AAAA-BBBB-CCCC-DDDD"


class World:
    """One report of a kind, with a photo of its reporter and one of an office, and who asks."""

    def __init__(self, app, session, kind):
        self.app, self.kind, self.city = app, kind, SmallCity(session)
        self.keys = Keys.from_secret(app.config["SECRET_KEY"])
        self.others = self.city.send()
        self.report = kind(self.city)
        for report in (self.report, self.others):
            report.receipt_hash = self.keys.hash_of_receipt(CODE)
        self.browsers: dict[str, Browser] = {}
        self.photo_of_reporter = self.show(by_reporter=True)
        self.photo_of_office = self.show(by_reporter=False, history_sequence=1)
        session.flush()

    def show(self, **owner) -> int:
        out = io.BytesIO()
        Image.new("RGB", (8, 8), "teal").save(out, "JPEG")
        tools = {"keys": self.keys, "storage": self.storage()}
        row = accept(
            self.city.session,
            self.city.agency,
            Upload("foto.jpg", out.getvalue()),
            Owner(self.report.id, **owner),
            now=self.city.now,
            **tools,
        )
        attachment_work.prepare(self.city.session, row.id, **tools)
        return row.id

    def storage(self):
        with self.app.app_context():
            return this_city.storage()

    def browser_of(self, person: str) -> Browser:
        if person not in self.browsers:
            self.browsers[person] = self.new_browser(person)
        return self.browsers[person]

    def new_browser(self, person: str) -> Browser:
        browser = Browser(self.app)
        if person in self.city.users:
            return browser.sign_in(self.city.users[person])
        held = {REPORTER: self.report, OTHER_REPORTER: self.others}.get(person)
        if held is not None:
            answer = browser.post("/lacak", {"number": held.number, "code": CODE})
            assert answer.status_code == 303
        return browser

    def role_of(self, person: str) -> Role | None:
        return self.city.users[person].role if person in self.city.users else None

    def ask(self, browser: Browser, method: str, address: str) -> int:
        """The status; what a deed changed is taken back."""
        with self.city.session.connection().begin_nested() as attempt:
            if method == "GET":
                status = browser.get(address).status_code
            else:
                status = browser.post(address, {"version": str(self.report.version)}).status_code
            attempt.rollback()
        self.city.session.expire_all()
        return status


@pytest.fixture
def world(app, db, request, monkeypatch) -> World:
    world = World(app, db.session(), request.param)
    monkeypatch.setattr(clock, "now", lambda: world.city.now)
    return world


# ---- what is expected --------------------------------------------------------------------------

ANYBODY = {
    "account.forgotten_password": ("GET", "/lupa-sandi"),
    "account.sign_in": ("GET", "/masuk"),
    "public.accessibility": ("GET", "/aksesibilitas"),
    "public.ask": ("GET", "/lapor"),
    "public.ask_for_code": ("GET", "/lacak"),
    "public.ask_for_link": ("GET", "/lacak/lupa-kode"),
    "public.ask_to_stop": ("GET", "/l/tebakan/berhenti"),
    "public.feed": ("GET", "/laporan.atom"),
    "public.help_page": ("GET", "/bantuan"),
    "public.home": ("GET", "/"),
    "public.list_reports": ("GET", "/laporan"),
    "public.map_points": ("GET", "/laporan/peta.json?kotak=117,-1,118,0"),
    "public.privacy": ("GET", "/privasi"),
    "public.robots": ("GET", "/robots.txt"),
    "public.sitemap": ("GET", "/sitemap.xml"),
    "public.show_statistics": ("GET", "/statistik"),
    "public.download_statistics": ("GET", "/statistik.csv"),
}
"""200 for everybody, whoever they are."""

ASKED_FOR_MORE = {
    "account.accept_invitation": ("POST", "/undangan", {404, 422}),
    "account.invitation": ("GET", "/undangan", {404}),
    "account.ask_for_new_password": ("POST", "/lupa-sandi", {404}),
    "account.open_session": ("POST", "/masuk", {422}),
    "account.ask_for_code": ("GET", "/masuk/kode", {303}),
    "account.check_code": ("POST", "/masuk/kode", {303}),
    "account.take_invitation": ("GET", "/undangan/tebakan", {303, 404}),
    "public.check": ("POST", "/lapor", {422}),
    "public.leave": ("POST", "/lacak/keluar", {303}),
    "public.map_outlines": ("GET", "/laporan/wilayah.json", {404}),
    "public.show_map": ("GET", "/laporan/peta", {404}),
    "public.enter": ("POST", "/l/tebakan", {404}),
    "public.open_report": ("POST", "/lacak", {422}),
    "public.send": ("POST", "/lapor/kirim", {422}),
    "public.send_link": ("POST", "/lacak/lupa-kode", {422}),
    "public.stop_news": ("POST", "/l/tebakan/berhenti", {404}),
    "public.take_link": ("GET", "/l/tebakan", {404}),
}
"""Open to everybody, and nothing is given for an empty form or a guess."""

OF_AN_INBOX = {
    "inbox.settle_unread": ("POST", "/kotak-masuk/pesan-tertahan/masuk/1", {403, 404}),
    "inbox.stream": ("GET", "/kotak-masuk/arus", {406}),  # it wants to be asked for events
    "inbox.save_view": ("POST", "/kotak-masuk/tampilan", {422}),
    "inbox.delete_view": ("POST", "/kotak-masuk/tampilan/1/hapus", {404}),
}
"""Of every officer who has one, and nothing is done for an empty form or a guess."""

OFFICERS_OWN = {
    "account.stay_signed_in": ("POST", "/tetap-masuk", {303}),
    # Somebody else's, or none: whose it is decides test_long_jobs.
    "long_jobs.download": ("GET", "/pekerjaan/1/berkas", {404}),
    "long_jobs.show": ("GET", "/pekerjaan/1", {404}),
    "account.change_notices": ("POST", "/pengaturan/kabar", {422}),
    "account.change_password": ("POST", "/pengaturan/sandi", {422}),
    "account.change_shortcuts": ("POST", "/pengaturan/pintasan", {303}),
    "account.settings": ("GET", "/pengaturan", {200}),
    "account.show_codes": ("GET", "/pengaturan/kode", {200}),
    "account.turn_codes_on": ("POST", "/pengaturan/kode", {422}),
    "account.renew_recovery_codes": ("POST", "/pengaturan/kode/pemulihan", {422}),
    "account.turn_codes_off": ("POST", "/pengaturan/kode/lepas", {422}),
    "account.show_substitutes": ("GET", "/pengaturan/pengganti", {200}),
    # Leaders and those who count have nobody to stand in for them.
    "account.set_substitute": ("POST", "/pengaturan/pengganti", {422, 403}),
    "account.end_substitute": ("POST", "/pengaturan/pengganti/1/akhiri", {404}),
    "account.open_desk": ("POST", "/pengaturan/meja", {303}),
    "account.sign_out_everywhere": ("POST", "/pengaturan/keluar-semua", {303}),
    "account.sign_out": ("POST", "/keluar", {303}),
}
BY_ROLE = {
    "coordination.overview": ("GET", "/koordinasi", COORDINATION),
    "coordination.recap": (
        "GET",
        "/koordinasi/rekap?dari=2026-01-01&sampai=2026-12-31",
        COORDINATION,
    ),
    "coordination.reports": (
        "GET",
        "/koordinasi/laporan?angka=masuk&dari=2026-01-01&sampai=2026-12-31",
        COORDINATION - {"evaluator"},
    ),
    "coordination.waiting": (
        "GET",
        "/koordinasi/menunggu/verifikasi",
        COORDINATION - {"evaluator"},
    ),
    "breakdowns.months": ("GET", "/koordinasi/per-bulan", COORDINATION),
    "breakdowns.quality": ("GET", "/koordinasi/mutu", COORDINATION),
    "breakdowns.show_trait": ("GET", "/koordinasi/per-kanal", COORDINATION),
    "foreign_recaps.ask": ("GET", "/koordinasi/periksa-rekap", COORDINATION),
    "foreign_recaps.check": ("POST", "/koordinasi/periksa-rekap", COORDINATION),
    "handouts.recap_file": (
        "GET",
        "/koordinasi/rekap.csv?dari=2026-01-01&sampai=2026-12-31",
        COORDINATION,
    ),
    "handouts.print_recap": (
        "GET",
        "/koordinasi/rekap/cetak?dari=2026-01-01&sampai=2026-12-31",
        COORDINATION,
    ),
    "handouts.list_visits": ("GET", "/koordinasi/kunjungan", RAKOR),
    "handouts.print_visit": ("GET", "/koordinasi/kunjungan/WORKS", RAKOR),
    "handouts.visit_file": ("GET", "/koordinasi/kunjungan/WORKS.pdf", RAKOR),
    "handouts.print_year": ("GET", "/koordinasi/laporan-tahunan/2026", COORDINATION),
    "handouts.year_file": ("GET", "/koordinasi/laporan-tahunan/2026.pdf", COORDINATION),
    "handouts.letter_file": ("GET", "/koordinasi/surat-jawaban/2026.docx", RAKOR),
    "system.show": ("GET", "/koordinasi/sistem", {"coordinator"}),
    "system.try_again": ("POST", "/koordinasi/sistem/coba-lagi", {"coordinator"}),
    **{
        f"configuration.{name}": ("GET", f"/koordinasi/pengaturan{path}", {"coordinator"})
        for name, path in {
            "offices": "/opd",
            "office": "/opd/WORKS",
            "merging": "/opd/WORKS/gabung?into=ROADS",
            "categories": "/kategori",
            "areas": "/wilayah",
            "calendar": "/kalender",
            "calendar_year": "/kalender/2026",
            "limits": "/batas",
            "reasons": "/alasan-arsip",
            "this_city": "/kota",
        }.items()
    },
    **{
        f"configuration.{name}": ("GET", f"/koordinasi/pengaturan{path}", KEEP_ACCOUNTS)
        for name, path in {"index": "", "officers": "/petugas", "history": "/riwayat"}.items()
    },
    "rakor.list_meetings": ("GET", "/koordinasi/rakor", RAKOR),
    "inbox.list_parked": ("GET", "/kotak-masuk/pesan-tertahan", {"coordinator", "inspector"}),
    "inbox.seek_reporter": ("GET", "/kotak-masuk/pelapor", SEEKERS),
    "inbox.find_reporter": ("POST", "/kotak-masuk/pelapor", SEEKERS),
    "inbox.list_recent": ("GET", "/kotak-masuk/riwayat", set(OFFICERS) - NO_INBOX),
    "inbox.manage_views": ("GET", "/kotak-masuk/tampilan", set(OFFICERS) - NO_INBOX),
    "inbox.list_reports": ("GET", "/kotak-masuk", set(OFFICERS) - NO_INBOX),
    "inbox.list_canned": ("GET", "/kotak-masuk/balasan-siap-pakai", KEEP_CANNED),
    "inbox.change_canned": ("POST", "/kotak-masuk/balasan-siap-pakai", KEEP_CANNED),
    "inbox.list_reveals": ("GET", "/kotak-masuk/pembukaan-identitas", {"inspector"}),
    "inbox.new_report": ("GET", "/kotak-masuk/baru", {"coordinator", "intake"}),
    "inbox.list_not_copied": ("GET", "/kotak-masuk/belum-disalin", {"coordinator"}),
    "inbox.note_copies": ("POST", "/kotak-masuk/belum-disalin", {"coordinator"}),
}
ABOUT_A_REPORT = {
    "attachments.show",
    "inbox.act",
    "inbox.act_on_many",
    "inbox.change_checklist",
    "inbox.list_duplicates",
    "inbox.enter_report",
    "inbox.export_list",
    "inbox.list_merged",
    "inbox.make_bundle",
    "inbox.read_report",
    "inbox.settle",
    "inbox.show_bundle",
    "inbox.show_field_copy",
    "inbox.show_receipt",
    "inbox.tell_presence",
    "public.act",
    "public.begin_upload",
    "public.follow",
    "public.read_report",
    "public.send_piece",
    "public.sent",
    "public.tell_abilities",
    "public.tell_offset",
}
OF_A_MEETING = {
    "rakor.show_meeting": ("GET", "", RAKOR),
    "rakor.print_meeting": ("GET", "/cetak", RAKOR),
    "handouts.meeting_file": ("GET", ".csv", RAKOR),
    "rakor.control": ("GET", "/kendali", {"coordinator"}),
    "rakor.stream": ("GET", "/kendali/arus", {"coordinator"}),
    "rakor.command": ("POST", "/kendali/kosong", {"coordinator"}),
    "rakor.change_meeting": ("POST", "/ubah", {"coordinator"}),
    "rakor.change_agenda": ("POST", "/agenda", {"coordinator"}),
    "rakor.open_meeting": ("POST", "/buka", {"coordinator"}),
    "rakor.close_meeting": ("POST", "/tutup", {"coordinator"}),
    "rakor.note_attendance": ("POST", "/hadir", {"coordinator"}),
    "rakor.write_minutes": ("POST", "/notulen", {"coordinator"}),
    "rakor.bind_wall": ("POST", "/layar", {"coordinator"}),
    "rakor.revoke_wall": ("POST", "/layar/1/lepas", {"coordinator"}),
    "rakor.plan_meeting": ("POST", None, {"coordinator"}),
}
"""An address behind /koordinasi/rakor/<id>, or, where it is None, /koordinasi/rakor itself."""
ACCOUNTS = {
    "configuration.invite": ("POST", "/petugas"),
    "configuration.officer": ("GET", "/petugas/works"),
    "configuration.change_officer": ("POST", "/petugas/works"),
    "configuration.invite_again": ("POST", "/petugas/works/undang"),
    "configuration.drop_code": ("POST", "/petugas/works/matikan-kode"),
}
"""The Inspektorat keeps its own, and of others there are none for it:
`coordination/test_inspectorate_accounts.py`."""
CONFIGURATION = {
    "configuration.add_office": "/opd",
    "configuration.change_office": "/opd/WORKS",
    "configuration.merge": "/opd/WORKS/gabung",
    "configuration.add_category": "/kategori",
    "configuration.change_category": "/kategori/NONE",
    "configuration.load_outlines": "/wilayah",
    "configuration.rename_area": "/wilayah/NONE",
    "configuration.change_calendar": "/kalender/2026",
    "configuration.add_limit": "/batas",
    "configuration.withdraw_limit": "/batas/0/batal",
    "configuration.change_reasons": "/alasan-arsip",
    "configuration.change_city": "/kota",
}
"""What a coordinator posts, behind /koordinasi/pengaturan."""
CONFIGURED = {"configuration.category", "configuration.area"}
"""Of one thing that this city does not have: `coordination/test_configuration.py`."""
WALLS = {"wall.begin", "wall.show", "wall.stream"}
"""Opened by a code and by nobody's name: `coordination/test_wall.py`."""
OF_PROGRAMS = {"webhooks.confirm", "webhooks.receive"}
"""They show a signature, and no session of anybody: `test_webhooks.py`."""
TESTED_ELSEWHERE = {"health.health", "metrics.show", "static"}
LISTED = {
    *ACCOUNTS,
    *CONFIGURATION,
    *CONFIGURED,
    *OF_A_MEETING,
    *WALLS,
    *OF_PROGRAMS,
    *TESTED_ELSEWHERE,
    *ANYBODY,
    *ASKED_FOR_MORE,
    *OFFICERS_OWN,
    *OF_AN_INBOX,
    *BY_ROLE,
    *ABOUT_A_REPORT,
}


def test_no_address_is_unlisted(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == LISTED


@pytest.mark.parametrize("world", [own], indirect=True)
@pytest.mark.parametrize("person", PEOPLE)
def test_addresses_that_are_about_no_report(world, person):
    browser = world.browser_of(person)
    stranger = person in CITIZENS
    wrong = {}

    def expect(endpoint: str, method: str, address: str, wanted: set[int]) -> None:
        status = world.ask(browser, method, address)
        if status not in wanted:
            wrong[endpoint] = (status, wanted)

    for endpoint, (method, address) in ANYBODY.items():
        expect(endpoint, method, address, {200, 303} if address == "/masuk" else {200})
    for endpoint, (method, address, wanted) in ASKED_FOR_MORE.items():
        expect(endpoint, method, address, wanted)
    for endpoint, (method, address, allowed) in BY_ROLE.items():
        turned_away = (303 if method == "GET" else 401) if stranger else 403
        # A form may say what is missing.
        given = {200, 303} if method == "GET" else {200, 303, 422}
        expect(endpoint, method, address, given if person in allowed else {turned_away})
    for endpoint, (method, address, wanted) in OF_AN_INBOX.items():
        turned_away = (303 if method == "GET" else 401) if stranger else 403
        has_none = stranger or person in NO_INBOX
        expect(endpoint, method, address, {turned_away} if has_none else wanted)
    for endpoint, (method, address, wanted) in OFFICERS_OWN.items():
        turned_away = {303} if method == "GET" or endpoint == "account.sign_out" else {401}
        expect(endpoint, method, address, turned_away if stranger else wanted)
    assert wrong == {}


@pytest.mark.parametrize("world", [own], indirect=True)
def test_addresses_of_a_meeting(world):
    world.browser_of("coordinator").post(
        "/koordinasi/rakor",
        {
            "name": "Rakor",
            "place": "Aula",
            "held_on": "2026-11-09",
            "dari": "2026-01-01",
            "sampai": "2026-12-31",
        },
    )
    meeting_id = world.city.session.scalar(select(func.max(Meeting.id)))
    wrong = {}
    for endpoint, (method, path, allowed) in OF_A_MEETING.items():
        rest = "" if path is None else f"/{meeting_id}{path}"
        for person, status in answers(world, method, f"/koordinasi/rakor{rest}").items():
            # A stream wants to be asked for events; a step and a form may say what is missing.
            wanted = {200, 303, 406, 409, 422} if person in allowed else {403}
            if person in CITIZENS:
                wanted = {303} if method == "GET" else {401}
            if status not in wanted:
                wrong[endpoint, person] = (status, wanted)
    assert wrong == {}


@pytest.mark.parametrize("world", [own], indirect=True)
def test_only_a_coordinator_configures(world):
    wrong = {}
    for endpoint, (method, path) in ACCOUNTS.items():
        for person, status in answers(world, method, f"/koordinasi/pengaturan{path}").items():
            wanted = {"coordinator": {200, 303, 422}, "inspector": {404, 422}}.get(person, {403})
            if person in CITIZENS:
                wanted = {303} if method == "GET" else {401}
            if status not in wanted:
                wrong[endpoint, person] = status
    for endpoint, path in CONFIGURATION.items():
        for person, status in answers(world, "POST", f"/koordinasi/pengaturan{path}").items():
            # An empty form is refused, and of nothing there is none.
            wanted = {200, 303, 404, 422} if person == "coordinator" else {403}
            if status not in ({401} if person in CITIZENS else wanted):
                wrong[endpoint, person] = status
    assert wrong == {}


KINDS = list(SEEN_BY_OFFICERS)
each_kind = pytest.mark.parametrize("world", KINDS, indirect=True, ids=lambda kind: kind.__name__)


@each_kind
def test_a_report_in_the_inbox(world):
    seen = SEEN_BY_OFFICERS[world.kind]
    wanted = {person: 200 if person in seen else 404 for person in OFFICERS}
    wanted |= dict.fromkeys(CITIZENS, 303) | dict.fromkeys(NO_INBOX, 403)

    for address in ("", "/gabungan", "/lapangan", "/serupa"):
        assert answers(world, "GET", f"/kotak-masuk/{world.report.number}{address}") == wanted
    present = answers(world, "POST", f"/kotak-masuk/{world.report.number}/hadir")
    assert present == wanted | dict.fromkeys(CITIZENS, 401)


@each_kind
def test_deeds_in_the_inbox(world):
    wrong = {}
    for slug in sorted({verb.slug for verb in VERBS}):
        found = answers(world, "POST", f"/kotak-masuk/{world.report.number}/{slug}")
        for person, status in found.items():
            if status not in (wanted := deed_wanted(world, person, slug)):
                wrong[slug, person] = (status, wanted)
    assert wrong == {}


def deed_wanted(world: World, person: str, slug: str) -> set[int]:
    if person in CITIZENS:
        return {401}
    if person in NO_INBOX:
        return {403}
    if person not in SEEN_BY_OFFICERS[world.kind]:
        return {404}
    status = allowed_by_table(world, person, slug)
    # The form is empty: a deed that asks for nothing is done, the others ask.
    return {303, 422} if status == 200 else {status}


def allowed_by_table(world: World, person: str, slug: str) -> int:
    """200, 403 or 409: what the transition table and the office that holds it say."""
    role = world.role_of(person)
    actions = [verb.action for verb in VERBS if verb.slug == slug]
    for action in actions:
        try:
            find_transition(action, world.report.status, role)
        except NotAllowedForRole:
            continue
        except NotFromThisStatus:
            return 409 if is_holder(world, person, role, action) else 403
        return 200 if is_holder(world, person, role, action) else 403
    return 403


def is_holder(world: World, person: str, role: Role, action: Action) -> bool:
    if role in {Role.LIAISON, Role.SUPERVISOR}:
        return person.startswith(HOLDERS.get(world.kind, "-").lower())
    if role is Role.OMBUDSMAN and action is Action.REVEAL_IDENTITY:
        return False  # nobody consented: inbox/test_overseers.py
    if role is Role.INSPECTOR and action not in {Action.NOTE, Action.REVEAL_IDENTITY, Action.UNDO}:
        return HOLDERS.get(world.kind) == "AUDIT"
    return True


@each_kind
def test_a_published_page(world):
    wanted = 200 if world.kind in PUBLISHED else 404

    assert answers(world, "GET", f"/laporan/{world.report.number}") == dict.fromkeys(PEOPLE, wanted)


@each_kind
def test_the_reporters_own_page(world):
    wanted = dict.fromkeys(PEOPLE, 404) | {REPORTER: 200}

    assert answers(world, "GET", f"/lacak/{world.report.number}") == wanted
    # The receipt is for the browser that sent it, and this one came with number and code.
    sent = answers(world, "GET", f"/lapor/terkirim/{world.report.number}")
    assert sent == dict.fromkeys(PEOPLE, 404)


@each_kind
def test_photos_in_pieces(world):
    """What one reporter is sending: test_uploads has the rest."""
    address = f"/lacak/{world.report.number}/foto"
    for where in (address, f"{address}/1"):
        found = answers(world, "POST", where)
        assert found.pop(REPORTER) == 412  # it says no version of the protocol
        assert set(found.values()) <= {404, 412}
        assert set(answers(world, "GET", where).values()) == {405}


@each_kind
def test_a_deed_of_the_reporter(world):
    for slug in ("balas", "tarik", "hapus-data", "nilai", "konfirmasi"):
        found = answers(world, "POST", f"/lacak/{world.report.number}/{slug}")
        assert found.pop(REPORTER) in {303, 409, 422}
        assert set(found.values()) == {404}


@each_kind
def test_photos(world):
    seen = SEEN_BY_OFFICERS[world.kind]
    # What came with a report that was typed in is a scan, and a letter bears a name.
    of_reporter = seen & {"coordinator", "inspector"} if world.kind is typed_in else seen
    for photo, wanted in (
        (world.photo_of_reporter, of_reporter | {REPORTER}),
        (world.photo_of_office, seen),
    ):
        expected = {person: 200 if person in wanted else 404 for person in PEOPLE}
        for size in ("", "?ukuran=kecil"):
            assert answers(world, "GET", f"/lampiran/{photo}{size}") == expected


@each_kind
def test_many_at_once_touches_only_what_one_may(world):
    found = answers(world, "POST", "/kotak-masuk/massal")

    assert {found[person] for person in CITIZENS} == {401}
    assert {found[person] for person in OFFICERS if person not in NO_INBOX} <= {303, 403, 422}


def answers(world: World, method: str, address: str) -> dict[str, int]:
    return {person: world.ask(world.browser_of(person), method, address) for person in PEOPLE}
