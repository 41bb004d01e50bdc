"""`/lampiran/<id>`: to whoever may read what it came with, and never more than was drawn."""

import datetime as dt
import re

import picture_files
import pytest
from browser import Browser
from small_city import NOW, SmallCity
from sqlalchemy import text

from lapor_web import city as served_city
from lapor_web import clock
from lapor_web.models import Attachment, Outcome, Report
from lapor_web.services import approval, attachment_rights
from lapor_web.services.attachment_work import prepare
from lapor_web.services.attachments import Owner, Upload, accept, erase_of_reporter
from lapor_web.services.follow_up import FollowUp, Note, Propose
from lapor_web.services.storage import StorageAway
from lapor_web.services.submission import Entry

CODE = "AAAA-BBBB-CCCC-DDDD"
PHOTO, PAPER = picture_files.talkative_jpeg(), picture_files.pdf()


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def city(db) -> SmallCity:
    return SmallCity(db.session())


@pytest.fixture
def give(app, city):
    """Attaches a file to a report, as far as the worker would bring it."""

    def give(report: Report, data=PHOTO, *, sequence=None, by_reporter=True, ready=True) -> str:
        keys, storage = served_city.keys(), served_city.storage()
        owner = Owner(report.id, sequence, by_reporter=by_reporter)
        upload = Upload("KTP Budi.jpg", data)
        row = accept(city.session, city.agency, upload, owner, keys=keys, storage=storage, now=NOW)
        if ready:
            prepare(city.session, row.id, keys=keys, storage=storage)
        return f"/lampiran/{row.id}"

    return give


@pytest.fixture
def reporter(browser, app, city):
    """The browser of whoever sent the report: it has opened it with its code."""

    def open_it(report: Report) -> Browser:
        report.receipt_hash = served_city.keys().hash_of_receipt(CODE)
        answer = browser.post("/lacak", {"number": report.number, "code": CODE})
        assert answer.status_code == 303
        return browser

    return open_it


@pytest.fixture
def officer(app, city):
    return lambda name: Browser(app).sign_in(city.users[name])


@pytest.fixture
def stranger(app, db) -> Browser:
    return Browser(app)


def show(city, report: Report, deed, who="works") -> int:
    """The deed's place in the history, under which its files will stand."""
    city.show_evidence(report)
    return city.do(who, report, deed).sequence


def follow_up(city, report: Report, who="works") -> int:
    return show(city, report, FollowUp(text="Sudah ditambal."), who)


# ---- who may ----


def test_the_reporter_sees_what_they_sent(city, give, reporter):
    report = city.send(confidential=True)
    answer = reporter(report).get(give(report))

    assert answer.status_code == 200
    assert answer.content_type == "image/jpeg"


def test_nobody_else_does_by_the_next_number(city, give, reporter, stranger):
    """S-29."""
    mine, others = city.send(), city.send()
    addresses = [give(mine), give(others)]

    assert [reporter(mine).get(address).status_code for address in addresses] == [200, 404]
    assert [stranger.get(address).status_code for address in addresses] == [404, 404]


def test_what_one_may_not_see_and_what_there_never_was_look_alike(city, give, stranger):
    hidden, never = stranger.get(give(city.send())), stranger.get(f"/lampiran/{2**63 - 1}")

    def told(answer) -> tuple[int, str]:
        return answer.status_code, re.sub(r'nonce="[^"]*"', "", answer.text)

    assert told(hidden) == told(never)


@pytest.mark.parametrize(
    "address",
    [
        f"/lampiran/{2**63}",
        "/lampiran/-1",
        "/lampiran/abc",
        "/lampiran/",
        "/lampiran/1/../2",
        "/lampiran/%2e%2e%2fetc",
        "/lampiran/%252e%252e%252f",
        "/lampiran/1.jpg",
    ],
)
def test_no_other_address_leads_to_one(stranger, address):
    assert stranger.get(address).status_code == 404


def test_officers_see_those_of_their_own_reports(city, give, officer):
    address = give(city.sent_to("WORKS"))
    seen = {
        name: officer(name).get(address).status_code
        for name in ("coordinator", "works", "works-boss", "roads", "evaluator")
    }

    assert seen == {
        "coordinator": 200,
        "works": 200,
        "works-boss": 200,
        "roads": 404,
        "evaluator": 404,
    }


def test_the_scan_of_a_letter_is_for_those_who_may_know_its_writer(city, give, officer):
    """A letter bears a name, whatever box was ticked."""
    entry = Entry(city.users["intake"], "letter", city.now)
    report = city.sent_to("WORKS", anonymous=True, entry=entry)
    scan = give(report, by_reporter=True)

    for who, status in (("works", 404), ("works-boss", 404), ("leader", 404), ("coordinator", 200)):
        assert officer(who).get(scan).status_code == status


def test_of_a_hidden_report_an_overseer_sees_nothing(city, give, officer):
    ordinary, hidden = city.sent_to("WORKS"), city.sent_to("WORKS", confidential=True)
    leader = officer("leader")

    assert leader.get(give(ordinary)).status_code == 200
    assert leader.get(give(hidden)).status_code == 404


def test_the_public_sees_what_the_office_shows_in_a_published_report(city, give, stranger):
    report = city.sent_to("WORKS")
    sequence = follow_up(city, report)
    shown, sent = give(report, sequence=sequence, by_reporter=False), give(report)

    assert stranger.get(shown).status_code == 200
    assert stranger.get(sent).status_code == 404


@pytest.mark.parametrize("fields", [{"confidential": True}, {"about_conduct": True}])
def test_of_a_report_that_is_not_published_it_sees_nothing(city, give, stranger, fields):
    report = city.sent_to("AUDIT", **fields)
    sequence = follow_up(city, report, who="inspector")

    assert stranger.get(give(report, sequence=sequence, by_reporter=False)).status_code == 404


def test_what_waits_for_the_supervisor_is_not_shown_yet(city, give, stranger, reporter):
    report = city.sent_to("WORKS")
    deed = Propose(text="Sudah ditambal.", outcome=Outcome.FULLY_HANDLED)
    sequence = show(city, report, deed)
    address = give(report, sequence=sequence, by_reporter=False)
    before = [browser.get(address).status_code for browser in (stranger, reporter(report))]
    city.do("works-boss", report, approval.Approve())
    after = [browser.get(address).status_code for browser in (stranger, reporter(report))]

    assert (before, after) == ([404, 404], [200, 200])


def test_the_evidence_of_a_proposal_is_shown_with_its_approval(city, give):
    report = city.sent_to("WORKS")
    give(report)
    deed = Propose(text="Sudah ditambal.", outcome=Outcome.FULLY_HANDLED)
    give(report, sequence=show(city, report, deed), by_reporter=False)
    approved = city.do("works-boss", report, approval.Approve()).sequence
    city.session.expire_all()
    shown = attachment_rights.shown_by_event(
        city.session, report, attachment_rights.for_reporter([report.id]), history=report.history
    )

    assert {place: len(files) for place, files in shown.items()} == {None: 1, approved: 1}


def test_what_officers_show_one_another_stays_among_them(city, give, stranger, reporter, officer):
    report = city.sent_to("WORKS")
    sequence = city.do("works", report, Note(text="Lihat foto.")).sequence
    address = give(report, sequence=sequence, by_reporter=False)

    assert stranger.get(address).status_code == 404
    assert reporter(report).get(address).status_code == 404
    assert officer("works").get(address).status_code == 200


def test_what_was_taken_back_is_gone(city, give, stranger):
    report = city.sent_to("WORKS")
    sequence = follow_up(city, report)
    address = give(report, sequence=sequence, by_reporter=False)
    report.history[-1].undone = True

    assert stranger.get(address).status_code == 404


def test_a_paper_may_name_an_anonymous_reporter_so_few_get_it(city, give, officer):
    named, unnamed = city.sent_to("WORKS"), city.sent_to("WORKS", anonymous=True)
    paper, photo = give(unnamed, PAPER), give(unnamed)

    assert officer("works").get(give(named, PAPER)).status_code == 200
    assert officer("works").get(photo).status_code == 200
    assert officer("works").get(paper).status_code == 404
    assert officer("coordinator").get(paper).status_code == 200


def test_a_browser_that_was_away_for_half_a_day_has_to_give_the_code_again(
    city, give, reporter, monkeypatch
):
    report = city.send()
    address, browser = give(report), reporter(report)
    monkeypatch.setattr(clock, "now", lambda: NOW + dt.timedelta(hours=13))

    assert browser.get(address).status_code == 404


# ---- what is served ----


@pytest.mark.parametrize("size", ["", "?ukuran=kecil", "?ukuran=asli"])
def test_a_picture_is_served_redrawn_and_never_as_it_came(city, give, reporter, size):
    report = city.send()
    answer = reporter(report).get(give(report) + size)

    assert answer.data.startswith(b"\xff\xd8\xff")
    assert picture_files.SECRET.encode() not in answer.data
    assert "Exif" not in answer.data.decode("latin-1")


def test_the_small_copy_is_smaller(city, give, reporter):
    report = city.send()
    large = picture_files.jpeg(picture_files.drawing((1200, 900)))
    address, browser = give(report, large), reporter(report)

    assert len(browser.get(f"{address}?ukuran=kecil").data) < len(browser.get(address).data)


def test_a_picture_that_is_not_ready_is_not_served(city, give, reporter, officer):
    report = city.send()
    address = give(report, ready=False)

    assert reporter(report).get(address).status_code == 404
    assert officer("coordinator").get(address).status_code == 404


@pytest.mark.parametrize("data", [PHOTO, PAPER])
def test_what_was_refused_later_is_served_no_more(city, give, reporter, data):
    report = city.send()
    address, browser = give(report, data), reporter(report)
    city.session.execute(text("UPDATE attachment SET state = 'refused'"))
    city.session.expire_all()

    assert browser.get(address).status_code == 404


def test_a_picture_shows_in_a_page_under_a_name_of_ours(city, give, reporter):
    report = city.send()
    answer = reporter(report).get(give(report))

    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "Budi" not in str(answer.headers)
    assert answer.headers["Content-Security-Policy"].endswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("data", "media_type"), [(PAPER, "application/pdf"), (picture_files.mp4(), "video/mp4")]
)
def test_anything_else_is_only_ever_saved(city, give, reporter, data, media_type):
    report = city.send()
    address, browser = give(report, data), reporter(report)
    answer = browser.get(address)

    assert answer.data == data
    assert answer.content_type == media_type
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].endswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_only_what_everybody_may_read_may_be_kept(city, give, stranger, reporter):
    report = city.sent_to("WORKS")
    sequence = follow_up(city, report)
    shown = give(report, sequence=sequence, by_reporter=False)

    assert stranger.get(shown).headers["Cache-Control"] == "public, max-age=300"
    assert reporter(report).get(give(report)).headers["Cache-Control"] == "private, no-store"


def test_what_was_erased_is_gone(city, give, reporter):
    report = city.send()
    address, browser = give(report), reporter(report)
    erase_of_reporter(city.session, report.id)

    assert browser.get(address).status_code == 404


def test_bytes_that_are_gone_are_no_traceback(city, give, reporter):
    report = city.send()
    address, browser = give(report), reporter(report)
    city.session.execute(text("UPDATE attachment SET clean_blob = :name"), {"name": "0" * 32})
    city.session.expire_all()

    assert browser.get(address).status_code == 404


def test_a_storage_that_is_away_asks_to_come_back(city, give, reporter, monkeypatch):
    def away(name: str) -> bytes:
        raise StorageAway

    report = city.send()
    address, browser = give(report), reporter(report)
    monkeypatch.setattr(served_city.storage(), "get", away)
    answer = browser.get(address)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert "Coba lagi" in answer.text


def test_the_name_on_the_row_is_only_ever_text(city, give):
    give(city.send())

    assert city.session.query(Attachment).one().original_name == "KTP Budi.jpg"
