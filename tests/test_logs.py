"""Promise 23: what people type, who they are and what opens their reports is in no log."""

import io
import json
import logging

import pytest
from browser import Browser
from citizens import hidden_in, png, typed_into
from small_city import KEYS, SmallCity

from lapor_web import clock
from lapor_web.models import Report
from lapor_web.services import accounts, passwords

PLANTED = {
    "story": "Lubang rahasia ceritaunik di depan Gang Tujuh",
    "place": "Jalan tempatunik",
    "name": "Wulan namaunik",
    "phone": "081234567890",
    "email": "suratunik@contoh.id",
    "reply": "Balasan kataunik dari pelapor",
    "search": "cariunik",
    "password": "sandi yang unik sekali",
    "username": "penggunaunik",
    "file": "berkasunik.png",
    "agent": "peramban-unik",
    "query": "tokenunik",
}


@pytest.fixture
def city(app, db, monkeypatch) -> SmallCity:
    city = SmallCity(db.session())
    monkeypatch.setattr(clock, "now", lambda: city.now)
    return city


def lines_of(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def words_in(log: io.StringIO, *more: str) -> list[str]:
    written = log.getvalue().casefold()
    return [word for word in (*PLANTED.values(), *more) if word.casefold() in written]


def test_nothing_planted_turns_up(app, db, city, log):
    reporter, officer = Browser(app), Browser(app)
    typed = {name: PLANTED[name] for name in ("story", "place", "name", "phone", "email")}
    form = typed_into(reporter, **typed) | {"photos": [png(PLANTED["file"])]}
    checked = reporter.post("/lapor", form, content_type="multipart/form-data")
    key = hidden_in(checked, "/lapor/kirim")
    reporter.post("/lapor/kirim", key)
    report = db.session.query(Report).order_by(Report.id.desc()).first()
    code = KEYS.receipt_code(key["key"])
    report.receipt_hash = app.extensions["lapor_city"].keys.hash_of_receipt(code)
    wrong = reporter.post("/lacak", {"number": report.number, "code": "AAAA-BBBB-CCCC-DDDD"})
    opened = reporter.post("/lacak", {"number": report.number, "code": code})
    reporter.get(f"/lacak/{report.number}?x={PLANTED['query']}")
    reporter.post(f"/lacak/{report.number}/balas", {"text": PLANTED["reply"]})
    accounts.set_password(
        db.session(), city.users["works"], passwords.hash_password(PLANTED["password"])
    )
    for username in (PLANTED["username"], "works"):
        officer.post("/masuk", {"username": username, "password": PLANTED["password"]})
    officer.get(f"/kotak-masuk?cari={PLANTED['search']}")
    officer.open(f"/tidak-ada/{PLANTED['query']}", headers={"User-Agent": PLANTED["agent"]})

    assert (checked.status_code, wrong.status_code, opened.status_code) == (200, 422, 303)
    assert words_in(log, report.number, code, code.replace("-", ""), "127.0.0.1") == []
    endpoints = [line.get("endpoint") for line in lines_of(log)]
    for endpoint in ("public.send", "public.open_report", "account.open_session", "none"):
        assert endpoint in endpoints


def test_a_request_is_one_line_and_names_its_endpoint_only(app, city, log):
    answer = Browser(app).get("/laporan?cari=apa")
    [line] = [one for one in lines_of(log) if one["event"] == "request"]

    assert set(line) == {"at", "event", "level", "request", "method", "endpoint", "status", "ms"}
    assert (line["method"], line["endpoint"], line["status"]) == ("GET", "public.list_reports", 200)
    assert answer.headers["X-Request-Id"] == line["request"]


def test_what_is_logged_meanwhile_bears_the_requests_id(app, city, log, monkeypatch):
    def warn() -> None:
        logging.getLogger("lapor_web.test").warning("something")

    monkeypatch.setitem(app.before_request_funcs, "public", [warn])
    answer = Browser(app).get("/bantuan")
    [line] = [one for one in lines_of(log) if one["event"] == "something"]

    assert line["request"] == answer.headers["X-Request-Id"]


def test_an_error_is_told_by_its_way_and_not_by_its_words(app, city, log, monkeypatch):
    def fail() -> None:
        try:
            int(PLANTED["name"])
        except ValueError as error:
            raise RuntimeError(PLANTED["story"]) from error

    monkeypatch.setitem(app.before_request_funcs, "public", [fail])
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = Browser(app).get("/laporan/SMR-260001-1")
    [line] = [one for one in lines_of(log) if "error" in one]

    assert answer.status_code == 500
    assert line["error"] == "RuntimeError < ValueError"
    assert line["trace"][-1].endswith(" fail")
    assert words_in(log, "SMR-260001-1") == []


def test_nobody_writes_a_line_of_their_own(app, city, log):
    Browser(app).post("/masuk", {"username": "x\n2026 LOGIN OK admin", "password": "a\r\nb"})
    logging.getLogger("lapor_web.test").warning("name: %s", 'Budi\r\n{"event": "forged"}\u2028x')
    lines = lines_of(log)

    assert [line for line in lines if line["event"] == "forged"] == []
    assert "\u2028" not in log.getvalue()
    assert "LOGIN OK" not in log.getvalue()


def test_of_libraries_the_values_are_left_out(app, log):
    logging.getLogger("gunicorn.error").error("Error handling request %s", "/lacak/SMR-260001-1")
    [line] = lines_of(log)

    assert line["event"] == "Error handling request %s"


@pytest.mark.parametrize(
    ("name", "said", "kept"),
    [
        (
            "gunicorn.error",
            "Invalid request from ip=1.2.3.4: Invalid HTTP request line: 'GET /lacak/SMR-260001-1'",
            "Invalid request from ip",
        ),
        ("procrastinate.worker", "Job send_link[12](proofs=[['SMR-1', 'x']])", "Job send_link"),
        (
            "asyncio",
            "Task exception was never retrieved\nfuture: <Task>",
            "Task exception was never retrieved",
        ),
    ],
)
def test_nor_are_those_that_they_filled_in_before(app, log, name, said, kept):
    logging.getLogger(name).error(said)
    [line] = lines_of(log)

    assert line["event"] == kept


def test_a_method_that_somebody_made_up_is_no_word_of_the_log(app, city, log):
    Browser(app).open("/", method="NAMAUNIK")

    assert words_in(log) == []
    assert "namaunik" not in log.getvalue().lower()
