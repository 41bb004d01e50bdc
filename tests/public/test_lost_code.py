"""The code is lost: one answer for everybody, and a new link for whom it belongs to."""

import json

import pytest
from browser import Browser, page_of
from citizens import errors_of
from small_city import NOW
from sqlalchemy import select, text

from lapor_web.models import MessageKind, OutboxMessage, ReporterIdentity
from lapor_web.services import lost_code
from lapor_web.services.identity import Identity, seal
from lapor_web.services.numbers import check_digit

CONTACT = Identity("Budi", "081234567890", "budi@contoh.id")
ABSENT = f"KTA-260999-{check_digit('260999')}"


@pytest.fixture
def report(city, app_keys, db):
    report = city.sent_to("WORKS")
    db.session.merge(seal(report.id, CONTACT, keys=app_keys))
    return report


@pytest.fixture
def ask(browser):
    def post(number, contact):
        return browser.post("/lacak/lupa-kode", {"number": number, "contact": contact})

    return post


def waiting(db) -> list[dict]:
    found = db.session.execute(
        text("SELECT args FROM procrastinate_jobs WHERE task_name = 'send_link' ORDER BY id")
    )
    return [row.args for row in found]


def links_sent(db, app_keys) -> list[int]:
    """What the worker makes of what was asked for."""
    for asked in waiting(db):
        lost_code.send_link(db.session(), **asked, keys=app_keys, now=NOW)
    db.session.flush()
    return list(
        db.session.scalars(
            select(OutboxMessage.report_id).where(OutboxMessage.kind == MessageKind.LINK)
        )
    )


@pytest.mark.parametrize(
    "contact",
    ["081234567890", "+62 812-3456-7890", "812 3456 7890", "budi@contoh.id", " Budi@Contoh.ID "],
)
def test_number_and_contact_send_one_new_link(ask, report, db, app_keys, contact):
    answer = ask(report.number, contact)

    assert (answer.status_code, answer.location) == (303, "/lacak/lupa-kode?terkirim=1")
    assert links_sent(db, app_keys) == [report.id]


@pytest.mark.parametrize(
    ("number", "contact"),
    [
        (None, "081234567891"),
        (None, "lain@contoh.id"),
        (ABSENT, "081234567890"),
        (None, "Budi@contoh.co.id"),
    ],
)
def test_what_does_not_fit_sends_nothing(ask, report, db, app_keys, number, contact):
    ask(number or report.number, contact)

    assert len(waiting(db)) == 1
    assert links_sent(db, app_keys) == []


def test_the_answer_tells_nothing(app, report, db):
    answers, pages = [], []
    for number, contact in (
        (report.number, "081234567890"),
        (report.number, "089999999999"),
        (ABSENT, "081234567890"),
    ):
        browser = Browser(app)
        answers.append(browser.post("/lacak/lupa-kode", {"number": number, "contact": contact}))
        pages.append(browser.get(answers[-1].location))

    assert len({(one.status_code, one.location, len(one.data)) for one in answers}) == 1
    assert len({len(one.data) for one in pages}) == 1
    assert page_of(pages[0]).h1.text == "Periksa pesan di HP atau surel Anda"


@pytest.mark.parametrize("flag", ["confidential", "about_conduct", "about_service"])
def test_who_merely_holds_the_phone_gets_no_link_to_what_is_hidden(ask, report, db, app_keys, flag):
    setattr(report, flag, True)
    ask(report.number, "081234567890")

    assert links_sent(db, app_keys) == []


def test_a_contact_that_an_officer_typed_in_gets_no_link(ask, report, db, app_keys):
    db.session.get(ReporterIdentity, report.id).contact_by_officer = True
    ask(report.number, "081234567890")

    assert links_sent(db, app_keys) == []


def test_a_report_without_contact_or_erased_gets_no_link(city, ask, db, app_keys):
    bare = city.sent_to("WORKS")
    db.session.merge(seal(bare.id, Identity("Budi"), keys=app_keys))
    ask(bare.number, "081234567890")

    assert links_sent(db, app_keys) == []


def test_a_job_that_runs_twice_sends_one(ask, report, db, app_keys):
    ask(report.number, "081234567890")

    links_sent(db, app_keys)
    assert links_sent(db, app_keys) == [report.id]


def test_what_waits_names_nobody_and_joins_no_two_reports(city, ask, report, db, app_keys):
    other = city.sent_to("WORKS")
    db.session.merge(seal(other.id, CONTACT, keys=app_keys))
    ask(report.number, "081234567890")
    ask(other.number, "081234567890")
    first, second = waiting(db)

    assert "8123456" not in json.dumps([first, second])
    assert first["proofs"][0][1] != second["proofs"][0][1]


@pytest.mark.parametrize(
    ("number", "contact", "error"),
    [
        ("", "081234567890", "Tulis nomor laporan Anda"),
        (ABSENT, "", "Tulis nomor HP atau surel yang Anda beri saat melapor"),
        (ABSENT, "0812", "Tulis nomor HP 10 sampai 13 angka, atau alamat surel lengkap"),
        (ABSENT[:-1] + "x", "081234567890", "Tulis nomor seperti KTA-260482-9"),
        ("9165816", "081234567890", "Ini Tracking ID SP4N-LAPOR!."),
    ],
)
def test_what_is_written_wrongly_is_said(city, ask, db, number, contact, error):
    answer = ask(number, contact)

    assert answer.status_code == 422
    assert errors_of(answer)[0].startswith(error)
    assert waiting(db) == []


def test_nobody_is_flooded_and_its_reporter_is_not_kept_out(app, report, db):
    def ask(contact):
        fields = {"number": report.number, "contact": contact}
        return Browser(app).post("/lacak/lupa-kode", fields).status_code

    assert [ask("081234567890") for _ in range(4)] == [303, 303, 303, 429]
    assert [ask("089999999999") for _ in range(4)] == [303, 303, 303, 429]
    assert ask("budi@contoh.id") == 303


def test_where_it_stands(browser, report):
    assert page_of(browser.get("/lacak")).select_one("a[href^='/lacak/lupa-kode']") is not None
    page = page_of(browser.get(f"/lacak/lupa-kode?number={report.number}"))
    assert page.select_one("#number")["value"] == report.number
