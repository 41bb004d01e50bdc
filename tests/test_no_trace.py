"""Promise 10: a word of its own in every field of a reporter turns up nowhere it should not.

Swept over the URL map for everybody, as page and as fragment, over every table, and over the log of
the whole sweep; whoever adds an address or a table is tested.
"""

import logging
import re

import pytest
from browser import Browser
from small_city import SmallCity
from sqlalchemy import text

from lapor_web import clock
from lapor_web.models import Base
from lapor_web.services.conversation import Reply
from lapor_web.services.follow_up import FollowUp
from lapor_web.services.identity import Identity, seal
from lapor_web.services.keys import Keys
from lapor_web.services.verification import Flags

CODE = "AAAA-BBBB-CCCC-DDDD"
NAME, PHONE, EMAIL = "Zulkarnaenqx", "081357924680", "qxzulkar@contoh.id"
WHO = {NAME.lower(), PHONE, PHONE[1:], EMAIL, "qxzulkar"}
STORY, PLACE, REPLY = "lubangqx menganga", "gangqx", "balasanqx"
SAID = {"lubangqx", "gangqx", "balasanqx"}
OFFICERS = (
    *("coordinator", "works", "works-boss", "roads", "roads-boss", "district", "inspector"),
    *("intake", "leader", "ombudsman", "evaluator"),
)
DESK = ("/kotak-masuk", "/koordinasi", "/pengaturan")
MAY_READ = {"coordinator", "inspector"}
"""What is about the conduct of an office, and its own reporter."""


@pytest.fixture
def city(app, db, monkeypatch) -> SmallCity:
    city = SmallCity(db.session())
    monkeypatch.setattr(clock, "now", lambda: city.now)
    return city


@pytest.fixture
def keys(app) -> Keys:
    return Keys.from_secret(app.config["SECRET_KEY"])


def send(city, keys, **fields):
    report = city.send(story=STORY, place=PLACE, **fields)
    report.receipt_hash = keys.hash_of_receipt(CODE)
    city.session.add(seal(report.id, Identity(NAME, PHONE, EMAIL), keys=keys))
    city.do("reporter", report, Reply(REPLY))
    return report


def about_conduct(city, keys):
    report = send(city, keys, about_conduct=True, anonymous=True, confidential=True)
    accused = Flags(True, True, about_conduct=True, accused=city.opds["WORKS"])
    city.verify(report, "AUDIT", flags=accused, classification="supervisory")
    return report


def anonymous(city, keys):
    report = send(city, keys, anonymous=True)
    city.verify(report, public_text="Jalan rusak.")
    city.do("works", report, FollowUp(text="Kami cek."))
    return report


def addresses(app, report) -> list[str]:
    """Every address that is read, about this report where it is about one."""
    told = {"number": report.number, "attachment_id": 1, "token": "tebakan", "code": "123456"}
    with app.test_request_context():
        urls = app.url_map.bind("localhost")
        found = [
            urls.build(rule.endpoint, {one: told.get(one, 1) for one in rule.arguments})
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ())
            and rule.endpoint != "static"
            # A stream has no end; test_live and test_wall read them.
            and not re.search("stream|arus", f"{rule.endpoint} {rule.rule}")
        ]
    return [
        *found,
        *("/laporan?cari=menganga", "/laporan.atom?cari=menganga", "/statistik?tahun=2026"),
        *("/kotak-masuk?tampilan=semua", "/kotak-masuk?tampilan=semua&cari=menganga"),
        f"/kotak-masuk?cari={report.number}",
        "/koordinasi/rekap?dari=2026-01-01&sampai=2026-12-31",
        "/koordinasi/laporan?angka=masuk&dari=2026-01-01&sampai=2026-12-31",
    ]


def found_in(answer, words: set[str]) -> set[str]:
    whole = f"{answer.headers} {answer.get_data(as_text=True)}".lower()
    return {word for word in words if word in whole}


def sweep(app, browser: Browser, report, words: set[str]) -> dict[str, set[str]]:
    traces = {}
    for address in addresses(app, report):
        # Citizens' pages have no fragments.
        for htmx in (False, True) if address.startswith(DESK) else (False,):
            answer = browser.get(address, htmx=htmx)
            if found := found_in(answer, words):
                traces[address] = found
    return traces


@pytest.mark.parametrize("person", ["stranger", *OFFICERS])
def test_what_is_about_conduct_is_read_by_those_who_may_and_by_nobody_else(
    app, city, keys, person, caplog
):
    caplog.set_level(logging.DEBUG)
    report = about_conduct(city, keys)
    browser = Browser(app)
    if person in city.users:
        browser.sign_in(city.users[person])

    forbidden = WHO if person in MAY_READ else WHO | SAID
    assert sweep(app, browser, report, forbidden) == {}
    assert [word for word in WHO | SAID if word in caplog.text.lower()] == []
    if person in MAY_READ:  # what is there is found
        assert sweep(app, browser, report, SAID) != {}


@pytest.mark.parametrize("person", ["stranger", "reporter", *OFFICERS])
def test_nobody_reads_who_sent_an_anonymous_report(app, city, keys, person):
    report = anonymous(city, keys)
    browser = Browser(app)
    if person in city.users:
        browser.sign_in(city.users[person])
    elif person == "reporter":
        assert browser.post("/lacak", {"number": report.number, "code": CODE}).status_code == 303
    words = WHO | (SAID - {"gangqx"} if person == "stranger" else set())

    assert sweep(app, browser, report, words) == {}


def test_no_table_holds_a_name_or_a_contact_in_the_clear(app, city, keys, db):
    report = anonymous(city, keys)
    browser = Browser(app)
    browser.post("/lacak", {"number": report.number, "code": CODE})
    browser.post("/lacak/lupa-kode", {"number": report.number, "contact": PHONE})
    fields = {"version": str(report.version), "phone": PHONE, "email": EMAIL}
    assert browser.post(f"/lacak/{report.number}/ubah-kontak", fields).status_code == 303
    city.do("reporter", report, Reply("Terima kasih."))

    for table in [*Base.metadata.tables, "procrastinate_jobs"]:
        for word in (*WHO, CODE, CODE.replace("-", "")):
            holds = text(f'SELECT count(*) FROM "{table}" AS t WHERE lower(t::text) LIKE :word')  # noqa: S608
            count = db.session.scalar(holds, {"word": f"%{word.lower()}%"})
            assert count == 0, (table, word)
