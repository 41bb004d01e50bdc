"""Attacks on the desk of officers, by the numbers of the threat list: search for "S-47".

| S-43 to S-48, S-51 to S-55 | what one may see and do | S-56 to S-63 | forms, frames, names, headers |
| S-66 | what is logged | S-76 | a storm of searches | S-77 | two decisions at once |

S-37 to S-39 are in account/test_second_factor, S-49 and S-50 in public/test_hidden_everywhere, S-64 and
S-65 in test_export; over the whole URL map: test_who_may_what (S-43 to S-47), test_csrf (S-56 to S-58);
on the way in: account/test_attacks_on_accounts (S-31 to S-42). S-73 to S-76 are `python -m tests.faults`, S-78 in
services/test_deadlines and test_working_days, S-79 in public/test_reporter_deeds.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from browser import OWN, Browser, page_of
from small_city import NOW, SmallCity
from sqlalchemy.orm import Session

from lapor_web import city as this_city
from lapor_web.inbox import few_searches
from lapor_web.inbox.registry import VERBS
from lapor_web.models import Action, Outcome, Report, Role, Status, Substitution
from lapor_web.services.approval import Approve, Reject
from lapor_web.services.conversation import Confirm
from lapor_web.services.deeds import Doer, Overtaken, perform
from lapor_web.services.follow_up import Propose
from lapor_web.services.identity import Identity, seal

SLUGS = sorted({verb.slug for verb in VERBS})
both_ways = pytest.mark.parametrize("htmx", [False, True])


def deed(browser, report, slug, *, htmx=False, **fields):
    data = {"version": report.version, **fields}
    return browser.post(f"/kotak-masuk/{report.number}/{slug}", data, htmx=htmx)


# ---- S-43, S-44: another office's report does not exist, whole or in pieces ----


@both_ways
def test_s43_s44_of_another_office_no_page_and_no_piece_exists(city, officer, htmx):
    theirs = city.sent_to("ROADS", story="Lubang besar di Jalan Melati.")
    works = officer("works")
    pieces = ("/gabungan", "/lapangan", "/serupa", "/berkas-ombudsman", "?formulir=tindak-lanjut")
    for address in ("", *pieces, "?tampilan=semua"):
        answer = works.get(f"/kotak-masuk/{theirs.number}{address}", htmx=htmx)
        assert (answer.status_code, "Jalan Melati" in answer.text) == (404, False), address
    for address in ("hadir", "daftar-periksa", "berkas-ombudsman"):
        answer = works.post(f"/kotak-masuk/{theirs.number}/{address}", {"step": "x"}, htmx=htmx)
        assert answer.status_code == 404, address
    for slug in SLUGS:
        assert deed(works, theirs, slug, htmx=htmx).status_code in {403, 404}, slug
    for address in ("/kotak-masuk?tampilan=semua", f"/kotak-masuk?cari={theirs.number}"):
        assert "Jalan Melati" not in works.get(address, htmx=htmx).text
    assert len(theirs.history) == 2


# ---- S-45: who only watches ----


@pytest.mark.parametrize("who", ["ombudsman", "leader", "evaluator"])
def test_s45_who_watches_writes_nothing(app, city, officer, who):
    report, browser = city.sent_to("WORKS"), officer(who)
    may = {"catatan"} if who == "leader" else set()
    for slug in set(SLUGS) - may:
        assert deed(browser, report, slug).status_code == 403, slug
    for address in ("/kotak-masuk/massal", "/kotak-masuk/baru", "/kotak-masuk/belum-disalin"):
        assert browser.post(address, {"deed": "arsipkan"}).status_code == 403, address
    assert report.version == 2


# ---- S-46, S-47: moves that the table does not have ----


@pytest.mark.parametrize(
    ("who", "status", "slug", "wanted"),
    [
        ("works", Status.FORWARDED, "setujui", 403),
        ("works", Status.FORWARDED, "alihkan", 403),
        ("works", Status.FORWARDED, "ubah", 403),
        ("works", Status.FORWARDED, "arsipkan", 403),
        ("works", Status.FORWARDED, "buka-identitas", 403),
        ("works", Status.FORWARDED, "tindak-lanjut", 422),
        ("works", Status.FORWARDED, "ajukan-selesai", 422),
        ("works", Status.AWAITING_APPROVAL, "ajukan-selesai", 409),
        ("works-boss", Status.FORWARDED, "setujui", 409),
        ("works-boss", Status.FORWARDED, "tolak", 409),
        ("works-boss", Status.AWAITING_APPROVAL, "tolak", 422),
        ("works", Status.FINISHED, "tindak-lanjut", 409),
        ("works", Status.FINISHED, "kembalikan", 409),
        ("works", Status.FINISHED, "buka-kembali", 403),
        ("works-boss", Status.FINISHED, "tolak", 409),
        ("coordinator", Status.FINISHED, "verifikasi", 409),
        ("coordinator", Status.FORWARDED, "verifikasi", 409),
        ("coordinator", Status.FORWARDED, "buka-kembali", 409),
        ("coordinator", Status.FORWARDED, "setujui", 403),
        ("coordinator", Status.FORWARDED, "tindak-lanjut", 403),
    ],
)
def test_s46_s47_nobody_jumps_a_state(city, officer, who, status, slug, wanted):
    report = city.sent_to("WORKS")
    if status is not Status.FORWARDED:
        city.do("works", report, Propose(text="Sudah.", outcome=Outcome.EXPLAINED))
    if status is Status.FINISHED:
        city.do("works-boss", report, Approve())
        city.do("reporter", report, Confirm())
    before = report.version

    answer = deed(officer(who), report, slug, status="finished", confidential="")

    assert answer.status_code == wanted
    assert (report.status, report.version) == (status, before)


def test_s47_history_has_no_address_that_removes_it(city, officer):
    report = city.sent_to("WORKS")
    for method in ("DELETE", "PUT", "PATCH"):
        for address in ("", "/catatan"):
            answer = officer("coordinator").open(
                f"/kotak-masuk/{report.number}{address}", method=method, headers=OWN
            )
            assert answer.status_code == 405
    assert len(report.history) == 2


# ---- S-48: fields that no form of one's own has ----


def test_s48_nobody_raises_themselves(city, officer):
    works, user = officer("works"), city.users["works"]
    city.users["roads"].password_hash = theirs = "whatever it was"
    wanted = {"role": "coordinator", "opd": "ROADS", "opd_id": city.opds["ROADS"].id, "id": 1}
    wanted |= {"password": "kursi hijau di teras", "repeated": "kursi hijau di teras"}
    for address in ("pintasan", "kabar", "sandi", "pengganti", "meja", "kode"):
        works.post(f"/pengaturan/{address}", {**wanted, "user_id": city.users["roads"].id})
        works = officer("works")

    assert (user.role, user.opd.code) == (Role.LIAISON, "WORKS")
    assert city.users["roads"].password_hash == theirs
    assert officer("works").get("/koordinasi").status_code == 403


# ---- S-51, S-52: whose name it is ----


def test_s51_the_name_of_an_anonymous_reporter_is_in_no_answer_of_an_office(app, city, officer):
    report = city.sent_to("WORKS", anonymous=True)
    with app.app_context():
        identity = Identity("Siti Rahma", "081255500001", "siti@contoh.id")
        city.session.add(seal(report.id, identity, keys=this_city.keys()))
    for who in ("works", "works-boss", "leader"):
        browser = officer(who)
        for address in (
            *("", "?tampilan=semua", f"/{report.number}"),
            *(f"/{report.number}/lapangan", f"/{report.number}/gabungan"),
        ):
            page = browser.get(f"/kotak-masuk{address}").text
            assert not any(word in page for word in ("Rahma", "0812555", "siti@")), address
        for words in ("Siti", "Rahma", "081255500001", "siti@contoh.id"):
            found = page_of(browser.get("/kotak-masuk", query_string={"cari": words}))
            assert found.select(".row") == [], words


def test_s52_who_minds_the_machine_reads_no_report_there(city, officer):
    city.sent_to("WORKS", story="Kata rahasia sekali di sini.", confidential=True)
    for address in (
        "/koordinasi/sistem",
        "/kotak-masuk/pesan-tertahan",
        "/koordinasi/pengaturan/petugas",
    ):
        answer = officer("coordinator").get(address)
        assert (answer.status_code, "Kata rahasia" in answer.text) == (200, False), address


# ---- S-53 to S-55 ----


def test_s53_of_many_only_ones_own_are_touched_and_the_others_named(city, officer):
    ours, theirs = city.sent_to("WORKS"), city.sent_to("ROADS")
    works = officer("works")

    picked = [f"{one.number}:{one.version}" for one in (ours, theirs)]
    works.post("/kotak-masuk/massal", {"deed": "terima", "picked": picked})
    said = works.get("/kotak-masuk").text

    assert (ours.assignee_id, theirs.assignee_id) == (city.users["works"].id, None)
    assert f"{theirs.number}" in said
    assert "tidak ada di kotak masuk Anda" in said


def test_s55_what_changes_something_is_not_asked_for_by_get(app, city, officer):
    report, browser = city.sent_to("WORKS"), officer("coordinator")
    before = report.version
    for slug in SLUGS:
        address = f"/kotak-masuk/{report.number}/{slug}"
        for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE"):
            assert browser.open(address, method=method, headers=OWN).status_code == 405, slug
        pretended = OWN | {"X-HTTP-Method-Override": "POST"}
        assert browser.open(address, headers=pretended).status_code == 405
        assert "csrf_token" not in browser.open(address, method="OPTIONS", headers=OWN).text
    assert report.version == before


# ---- S-56 to S-58: forged forms ----


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"HX-Request": "true"},
    ],
)
@pytest.mark.parametrize("address", ["/masuk", "/keluar", "/masuk/kode", "/pengaturan/meja"])
def test_s56_to_s58_a_form_from_elsewhere_is_refused(city, officer, address, headers):
    browser = officer("works")

    answer = browser.open(f"{address}?csrf_token={browser.token()}", method="POST", headers=headers)

    assert answer.status_code == 403
    assert browser.get("/pengaturan").status_code == 200


# ---- S-59 to S-63: frames, addresses, names, headers ----


def test_s59_no_page_of_ours_stands_in_a_frame(city, officer):
    browser = officer("coordinator")
    for address in ("/kotak-masuk", "/tidak-ada", "/layar", "/masuk", "/pengaturan/kode"):
        headers = browser.get(address).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], address
        assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.test",
        "/\\evil.test",
        "https:evil.test",
        "javascript:alert(1)",
        "/%0d%0aX: 1",
        "\r\nX: 1",
    ],
)
def test_s60_s62_one_stays_on_this_site(city, officer, wanted):
    answer = officer("works").get("/masuk", query_string={"lanjut": wanted})

    assert answer.location.startswith("/")
    assert "evil" not in answer.location
    assert "X" not in answer.headers


def test_s61_another_name_is_refused_and_none_is_taken_from_a_header(
    app, city, officer, monkeypatch
):
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["localhost"])
    browser = officer("works")

    assert browser.get("/kotak-masuk", base_url="http://evil.test").status_code == 400
    page = browser.open("/kotak-masuk", headers={"X-Forwarded-Host": "evil.test"})
    assert (page.status_code, "evil.test" in page.text) == (200, False)


@pytest.mark.parametrize("line", ["\r\nSet-Cookie: a=1", "\nX-Evil: 1", "%0d%0aX-Evil: 1"])
def test_s62_a_line_end_makes_no_header(city, officer, line):
    browser = officer("coordinator")
    for answer in (
        browser.get("/kotak-masuk", query_string={"cari": line, "tampilan": line}),
        browser.get(f"/kotak-masuk/{'%0d%0aX-Evil: 1'}"),
        browser.post("/pengaturan/kabar", {"email": f"a@b.id{line}"}),
    ):
        assert answer.status_code < 500
        assert "X-Evil" not in answer.headers
        assert "a=1" not in "".join(answer.headers.getlist("Set-Cookie"))


def test_s63_an_address_that_a_stranger_claims_counts_for_nothing(app, city, monkeypatch):
    monkeypatch.setattr("lapor_web.services.passwords.matches", lambda typed, stored: False)

    def guess(number: int) -> int:
        browser = Browser(app)
        data = {"csrf_token": browser.token(), "username": f"x{number}", "password": "y"}
        claimed = OWN | {"X-Forwarded-For": f"10.0.0.{number}"}
        return browser.open("/masuk", method="POST", data=data, headers=claimed).status_code

    assert [guess(number) for number in range(61)] == [422] * 60 + [429]


# ---- S-66 ----


def test_s66_what_is_typed_makes_no_line_of_the_log(app, city, officer, log):
    forged = 'x\n2026-11-09 {"event": "masuk", "user": "coordinator"}'
    theirs = city.sent_to("ROADS")
    works = officer("works")
    works.open(f"/kotak-masuk?cari={quote(forged)}", headers={"User-Agent": "x 2026-11-09"})
    works.get(f"/kotak-masuk/{quote(forged)}")
    works.get(f"/kotak-masuk/{theirs.number}")
    Browser(app).post("/masuk", {"username": forged, "password": forged})

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    requests = [(one["endpoint"], one["status"]) for one in lines if one["event"] == "request"]
    assert requests == [
        ("inbox.list_reports", 200),
        ("inbox.read_report", 404),
        ("inbox.read_report", 404),
        ("account.open_session", 422),
    ]
    # Who looked for another office's report is told, and not for which (S-43).
    me = f"officer {city.users['works'].id} asked for a report that is not theirs"
    assert [one["event"] for one in lines].count(me) == 2
    assert "2026-11-09" not in log.getvalue()


def test_s66_who_looks_for_nothing_is_not_told_of(city, officer, log):
    """A page left open on what went elsewhere, a desk that is not the open one, what is misspelt."""
    taken, covered, own = city.sent_to("ROADS"), city.sent_to("DISTRICT"), city.sent_to("WORKS")
    absent, stands_in = city.users["district"], city.users["works"]
    days = {"starts_on": city.now.date(), "ends_on": city.now.date()}
    whom = {"absent_id": absent.id, "substitute_id": stands_in.id, "set_by_id": absent.id}
    city.session.add(Substitution(agency_id=city.agency.id, **whom, **days))
    works = officer("works")

    answers = (
        works.post(f"/kotak-masuk/{taken.number}/hadir", {"version": 1}),
        works.get(f"/kotak-masuk/{covered.number}"),
        works.post(f"/kotak-masuk/{own.number}/salah-ketik"),
        works.post(f"/kotak-masuk/{own.number}/daftar-periksa", {"step": "99", "done": "1"}),
        officer("intake").get(f"/kotak-masuk/baru/{own.number}"),
    )

    assert {one.status_code for one in answers} == {404}
    assert "not theirs" not in log.getvalue()


# ---- S-76 ----


def test_s76_one_browser_has_few_searches_under_way(city, officer, monkeypatch):
    report, works = city.sent_to("WORKS"), officer("works")
    for address in ("", f"/{report.number}"):
        assert works.get(f"/kotak-masuk{address}?cari=lampu").status_code == 200
    assert not few_searches._under_way

    monkeypatch.setattr(few_searches, "MOST_AT_ONCE", 0)
    answer = works.get("/kotak-masuk?cari=lampu")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert works.get("/kotak-masuk").status_code == 200
    deed_of_a_search = f"/kotak-masuk/{report.number}/tindak-lanjut?cari=lampu"
    fields = {"version": report.version, "text": "Kami periksa."}
    assert works.post(deed_of_a_search, fields).status_code == 303


# ---- S-77 ----


def test_s77_of_approval_and_rejection_at_once_one_wins(engine):
    with Session(engine) as session:
        city = SmallCity(session)
        report = city.sent_to("WORKS")
        city.do("works", report, Propose(text="Sudah.", outcome=Outcome.EXPLAINED))
        boss = city.users["works-boss"].id
        session.commit()
        report_id, version = report.id, report.version

    def decide(decision) -> str:
        with Session(engine) as session:
            doer = Doer.officer(session.get_one(type(city.users["works-boss"]), boss))
            try:
                perform(session, report_id, decision, doer=doer, version=version, now=NOW)
                session.commit()
            except Overtaken:
                return "overtaken"
            return "done"

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(decide, [Approve(), Reject(reason="Belum rapi.")]))

    with Session(engine) as session:
        after = session.get_one(Report, report_id)
        assert sorted(said) == ["done", "overtaken"]
        assert after.version == version + 1
        assert after.history[-1].action in {Action.APPROVE, Action.REJECT}


def test_s77_whoever_comes_second_is_told_and_keeps_the_reason(city, officer):
    report = city.sent_to("WORKS")
    city.do("works", report, Propose(text="Sudah.", outcome=Outcome.EXPLAINED))
    first, second = officer("works-boss"), officer("works-boss")
    read = report.version

    approved = deed(first, report, "setujui")
    refused = deed(second, report, "tolak", version=read, reason="Foto sesudahnya belum ada.")

    assert (approved.status_code, refused.status_code) == (303, 409)
    assert "Foto sesudahnya belum ada." in refused.text
