"""Attacks on what citizens type, by the numbers of the threat list: search for "S-05".

| S-01 – S-04 | words stay words, on every page that shows them |
| S-05 – S-08 | too much, no text, SQL and wildcards in every field and argument |
| S-09, S-11, S-12 | fields that are none, too many, and bodies of another kind |
| S-10 | `test_joining.py` |  S-12 without end | `test_bodies_without_end.py` |
| S-13 | `test_same_form_at_once.py` |  S-14 – S-16 | `test_floods.py`, `test_submit.py` |
| S-17 – S-28 | `test_attacks_by_file.py` |  S-27 | `test_body_size.py` |
| S-29 | `test_attachments_view.py` |
| S-30, S-67 – S-72 | `test_attacks_on_pages.py` |
"""

import gc
import io
import re
import unicodedata
from urllib.parse import quote, urlencode

import pytest
from browser import OWN, Browser, page_of
from citizens import check, errors_of, hidden_in, typed_into
from sqlalchemy import func, select

from lapor_web.models import HistoryEntry, Outcome, Report
from lapor_web.public.deeds import SLUGS
from lapor_web.services import approval, conversation, follow_up
from lapor_web.services.numbers import check_digit

CODE = "AAAA-BBBB-CCCC-DDDD"
ABSENT = f"KTA-260999-{check_digit('260999')}"

# ---- S-01 to S-04: words stay words ----

WORDS = {
    "S-01 script": "<script>alert(1)</script> lubang",
    "S-02 out of an attribute": '"><img src=x onerror=alert(1)> lubang',
    "S-02 out of a quoted one": "' onfocus=alert(1) autofocus=' lubang",
    "S-03 template": "{{7*7}} ${7*7} {% raw %} lubang",
    "S-04 address": "javascript:alert(1) data:text/html,lubang http://lubang.test",
}


@pytest.fixture
def told(city, app_keys):
    """A published report with a text in every field of its reporter and of its office, and the
    addresses that show it."""

    def tell(text: str) -> tuple[Report, list[str]]:
        report = city.send(story=text, place=text)
        report.receipt_hash = app_keys.hash_of_receipt(CODE)
        city.verify(report, title=text, public_text=text)
        city.do("reporter", report, conversation.Reply(text))
        city.do("works", report, follow_up.FollowUp(text=text))
        city.show_evidence(report)
        city.do("works", report, follow_up.Propose(text, Outcome.FULLY_HANDLED))
        city.do("works-boss", report, approval.Approve())
        city.do("reporter", report, conversation.Confirm())
        city.do("reporter", report, conversation.Rate(5, text))
        number = report.number
        return report, [
            *(f"/lacak/{number}", f"/lacak/{number}?pilihan=lain", f"/laporan/{number}"),
            *("/laporan", "/laporan?cari=lubang", f"/kotak-masuk/{number}"),
            *("/kotak-masuk?tampilan=semua", "/kotak-masuk?tampilan=semua&cari=lubang"),
        ]

    return tell


@pytest.mark.parametrize("text", WORDS.values(), ids=WORDS)
def test_words_stay_words_on_every_page(city, browser, opens, told, text):
    report, addresses = told(text)
    officer = Browser(browser.app).sign_in(city.users["coordinator"])
    citizen = opens(report)
    for address in addresses:
        reader = officer if address.startswith("/kotak-masuk") else citizen
        for htmx in (False, True):
            answer = reader.get(address, htmx=htmx)
            assert answer.status_code == 200, address
            assert_words_only(page_of(answer), text, (address, htmx))


OUR_LINKS = ("/", "#", "?", "tel:112")


def assert_words_only(page, text, where):
    assert not [one for one in page("script") if not one.get("src", "").startswith("/")], where
    assert not [one for one in page("img") if not one.get("src", "").startswith("/")], where
    assert not [
        (one.name, name) for one in page.find_all(True) for name in one.attrs if name[:2] == "on"
    ], where
    assert not [one for one in page("a") if not one["href"].startswith(OUR_LINKS)], where
    shown = " ".join([page.text, *(str(one.get("value")) for one in page("input"))])
    assert text in " ".join(shown.split()), where
    assert not re.search(r"\b49\b", page.text), where


# ---- S-05: too much ----

# What is refused halfway leaves the parser's and the test client's own files to the collector.
left_to_the_collector = pytest.mark.filterwarnings(
    "ignore:Unclosed file", "ignore::pytest.PytestUnraisableExceptionWarning"
)

BODIES = {
    "1 MB in one line": {"place": "a" * 1_000_000},
    "10 MB of story": {"story": "a" * 10_000_000},
    "200,000 emoji": {"story": "🚧" * 200_000},
}
TEXTS = {
    "5,000 combining marks": {"story": "Lubang di jalan" + "\u0332" * 5_000},
    "4,001 letters": {"story": "a" * 4_001},
    "one line of 501": {"place": "a" * 501},
}


@left_to_the_collector
@pytest.mark.parametrize("typed", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_s05_a_body_over_the_limit_is_413_in_words(city, browser, typed, kind):
    answer = browser.post("/lapor", typed_into(browser, **typed), content_type=kind)

    gc.collect()
    assert answer.status_code == 413
    assert page_of(answer).h1.text == "Kiriman terlalu besar"


@pytest.mark.parametrize("typed", TEXTS.values(), ids=TEXTS)
def test_s05_a_text_over_the_limit_is_422_and_kept(city, browser, typed):
    answer = check(browser, **typed)
    page = page_of(answer)
    ((name, text),) = typed.items()
    field = page.select_one(f"[name={name}]")

    assert answer.status_code == 422
    assert "terlalu panjang. Kurangi" in errors_of(answer)[0]
    assert (field.get("value") or field.text.strip()) == unicodedata.normalize("NFC", text)


# ---- S-06, S-07, S-08: no text, SQL, wildcards; in every argument and field ----

STRANGE = {
    "S-06 NUL": "\x00",
    "S-06 terminal": "\x1b[2J",
    "S-06 right to left": "\u202emoc.live",
    "S-06 lone surrogate": "\ud800",
    "S-06 decomposed": "e\u0301" * 5,
    "S-07 drop": "'; DROP TABLE report;--",
    "S-07 or": "1 OR 1=1",
    "S-07 union": "%' UNION SELECT 1,2,3 --",
    "S-08 wildcards": "%____%" * 200,
}
AS_SENT = ("utf-8", "surrogatepass")
FORMS = {
    "/lapor": ("place", "name", "phone", "email", "happened_on", "opened", "key"),
    "/lacak": ("number", "code"),
    "/lacak/lupa-kode": ("number", "contact"),
}
ARGUMENTS = {
    "/laporan": ("cari", "kecamatan", "status", "halaman", "kategori", "opd", "urut", "q"),
    "/statistik": ("tahun", "dari"),
    "/statistik.csv": ("tahun",),
    "/lacak": ("number", "code"),
    "/lacak/lupa-kode": ("number", "terkirim"),
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_s06_to_s08_no_argument_does_harm(city, browser, db, text):
    report = city.sent_to("WORKS", story="Rahasia kota ini.", confidential=True)
    city.sent_to("WORKS", story="Lampu mati.")
    for address, names in ARGUMENTS.items():
        for name in (*names, text):
            query = {name.encode(*AS_SENT): text.encode(*AS_SENT)}
            answer = browser.get(f"{address}?{urlencode(query)}")
            assert answer.status_code in {200, 400, 404}, (address, name)
            assert report.number not in answer.text
    for address in ("/laporan/{}", "/lacak/{}", "/lapor/terkirim/{}", "/l/{}", "/lampiran/{}"):
        answer = browser.get(address.format(quote(text.encode(*AS_SENT), safe="")))
        assert answer.status_code == 404, address

    assert db.session.scalar(select(func.count()).select_from(Report)) == 2


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_s06_to_s08_no_field_does_harm(city, browser, opens, db, text):
    sent = text.encode(*AS_SENT)
    opened = typed_into(browser)
    for address, names in FORMS.items():
        for name in names:
            fields = {**opened, "number": ABSENT, "code": CODE, name: sent}
            assert browser.post(address, fields).status_code in {200, 303, 422}, (address, name)
    report = city.sent_to("WORKS")
    reporter = opens(report)
    for slug in sorted(SLUGS - {"tarik", "hapus-data"}):
        typed = dict.fromkeys(("text", "reason", "rating", "phone", "email"), sent)
        for version in (str(report.version), sent):
            answer = reporter.post(f"/lacak/{report.number}/{slug}", {**typed, "version": version})
            assert answer.status_code in {303, 409, 422}, slug
    stored = [entry.text for entry in db.session.scalars(select(HistoryEntry))]
    assert not [one for one in stored if re.search("[\x00\x1b\u202e\ud800]", one)]


def test_s08_a_wildcard_is_a_letter(city, browser):
    city.sent_to("WORKS", story="Lampu mati.")

    for text in ("%", "_", "%____%" * 16):
        assert "Tidak ada laporan" in browser.get("/laporan", query_string={"cari": text}).text


# ---- S-09, S-11, S-12: what no form of ours sends ----

MASS = {
    "status": "finished",
    "opd_id": "3",
    "holder_opd_id": "3",
    "prioritas": "1",
    "peran": "admin",
    "role": "coordinator",
    "id": "1",
    "versi": "99",
    "dibuat_pada": "2001-01-01",
    "received_at": "2001-01-01",
    "anonymous": "",
    "quarantined": "",
}


@pytest.mark.parametrize("slug", sorted(SLUGS))
def test_s09_a_deed_reads_the_fields_of_its_form(city, opens, slug):
    report = city.sent_to("WORKS", anonymous=True)
    before = (report.id, report.holder_opd_id, report.received_at, report.anonymous)
    opens(report).post(f"/lacak/{report.number}/{slug}", {"version": str(report.version), **MASS})

    assert (report.id, report.holder_opd_id, report.received_at, report.anonymous) == before
    assert report.status in {"forwarded", "archived"}


@left_to_the_collector
def test_s11_too_many_fields_or_files_are_413(city, browser):
    fields = {f"field-{n}": "x" for n in range(1_001)}
    files = {"photos": [(io.BytesIO(b"x"), f"{n}.jpg") for n in range(500)]}
    for extra in (fields, files):
        answer = browser.post(
            "/lapor", {**typed_into(browser), **extra}, content_type="multipart/form-data"
        )
        gc.collect()
        assert answer.status_code == 413


def test_s11_of_a_repeated_field_the_first_counts(city, browser, db):
    hidden = hidden_in(check(browser), "/lapor/kirim")
    browser.post("/lapor/kirim", {**hidden, "place": ["Jalan Satu", "Jalan Dua", "Jalan Tiga"]})

    assert db.session.scalar(select(Report.place)) == "Jalan Satu"


@pytest.mark.parametrize(
    "kind",
    ["application/json", "text/plain", "application/xml", "multipart/form-data", "", "x" * 300],
)
@pytest.mark.parametrize("address", ["/lapor", "/lapor/kirim", "/lacak", "/lacak/lupa-kode"])
def test_s12_a_body_of_another_kind_is_refused(city, browser, db, address, kind):
    answer = browser.open(
        address,
        method="POST",
        data=b'{"story": "Lubang besar di jalan", "place": "Jalan Mawar"}',
        headers=OWN | {"X-CSRFToken": browser.token(), "Content-Type": kind},
    )

    assert answer.status_code in {400, 403, 415, 422}
    assert db.session.scalar(select(func.count()).select_from(Report)) == 0
