"""Attacks on addresses and answers, by the numbers of the threat list: search for "S-67".

| S-30 | paths that climb |  S-67, S-68 | numbers tell nothing, codes are not guessed |
| S-69 to S-72 | what is kept, what lies about, what errors say, texts that tire a pattern |
"""

import re

import pytest
from browser import Browser, page_of
from citizens import typed_into
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from lapor_web.services.numbers import check_digit

CODE = "AAAA-BBBB-CCCC-DDDD"
ABSENT = f"KTA-260999-{check_digit('260999')}"
FORMS = {
    "/lapor": ("place", "name", "phone", "email", "happened_on", "opened", "key"),
    "/lacak": ("number", "code"),
    "/lacak/lupa-kode": ("number", "contact"),
}

# ---- S-30: paths that climb ----


@pytest.mark.parametrize(
    "path",
    [
        *("../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fetc/passwd"),
        *("%252e%252e%252fetc%252fpasswd", "..%5c..%5cwin.ini", "%c0%ae%c0%ae/etc/passwd"),
        *("1/../2", "1%00.jpg", "-1", "9" * 40, "1;", "1.jpg", "0x1"),
    ],
)
def test_s30_a_path_that_climbs_is_404(city, browser, path):
    for start in ("/lampiran/", "/static/", "/l/", "/laporan/", "/lacak/", "/lapor/terkirim/"):
        answer = browser.get(start + path)

        assert answer.status_code == 404, start
        assert "root:" not in answer.text


# ---- S-67, S-68: numbers and codes ----


@pytest.mark.parametrize("flag", ["confidential", "about_conduct", "about_service", "unverified"])
def test_s67_a_hidden_report_and_none_answer_alike(city, app, flag):
    hidden = city.send() if flag == "unverified" else city.sent_to("WORKS")
    if flag != "unverified":
        setattr(hidden, flag, True)
    for address in (
        *("/laporan/{}", "/lacak/{}", "/lapor/terkirim/{}", "/lacak?number={}"),
        *("/lacak/lupa-kode?number={}", "/laporan?cari={}"),
    ):
        there, none = (
            Browser(app).get(address.format(number)) for number in (hidden.number, ABSENT)
        )
        assert there.status_code == none.status_code, address
        assert len(there.data) == len(none.data), address


def test_s67_a_code_has_eighty_bits(app_keys):
    codes = {app_keys.receipt_code(f"form {number}") for number in range(200)}

    assert len(codes) == 200
    assert all(len(code.replace("-", "")) * 5 == 80 for code in codes)
    assert {len({code[at] for code in codes}) > 20 for at in (0, 1, 6, 18)} == {True}


def test_s67_an_address_that_tries_many_numbers_has_to_wait(app, city, browser, app_keys):
    mine = city.send()
    mine.receipt_hash = app_keys.hash_of_receipt(CODE)

    def guess(sequence: int) -> int:
        body = f"26{sequence:04d}"
        fields = {"number": f"KTA-{body}-{check_digit(body)}", "code": "X" * 16}
        return browser.post("/lacak", fields).status_code

    assert [guess(5_000 + n) for n in range(61)] == [422] * 60 + [429]
    assert browser.post("/lacak", {"number": mine.number, "code": CODE}).status_code == 303


def test_s68_guessing_at_one_number_is_slowed_and_said_in_the_log(city, browser, caplog):
    report = city.send()
    for _ in range(6):
        last = browser.post("/lacak", {"number": report.number, "code": "X" * 16})

    assert last.status_code == 429
    assert "receipt codes are being guessed" in caplog.text
    assert "XXXX" not in caplog.text


# ---- S-69: what is kept ----


@pytest.mark.parametrize("htmx", [False, True])
def test_s69_nobody_keeps_a_page_and_no_fragment_stands_for_one(city, opens, htmx):
    report = city.sent_to("WORKS")
    browser = opens(report)
    for address in (f"/lacak/{report.number}", f"/laporan/{report.number}", "/laporan", "/lapor"):
        answer = browser.get(address, htmx=htmx)
        assert answer.headers["Cache-Control"] == "no-store", address
        assert {"HX-Request", "Cookie"} <= set(answer.vary), address
        assert page_of(answer).html is not None, address


# ---- S-70: what lies about ----

LYING_ABOUT = (
    *("/.git/config", "/.git/HEAD", "/.env", "/.well-known/../.env", "/static/../wsgi.py"),
    *("/static/..%2fpyproject.toml", "/static/%2e%2e/lapor_web/config.py", "/static/", "/debug"),
    *("/console", "/metrics", "/openapi.json", "/swagger.json", "/graphql", "/server-status"),
    *(
        "/admin",
        "/wp-login.php",
        "/phpinfo.php",
        "/backup.sql",
        "/uv.lock",
        "/static/lapor.css.map",
    ),
    *("/static/vendor/htmx-2.0.11/htmx.min.js.map", "/actuator/health", "/.DS_Store"),
)


@pytest.mark.parametrize("address", LYING_ABOUT)
def test_s70_nothing_of_ours_lies_about(city, browser, address):
    answer = browser.get(address)

    assert answer.status_code == 404
    assert not re.search(r"SECRET|\[core\]|dependencies|import ", answer.text)


def test_s70_robots_txt_and_health_tell_no_secret(city, browser):
    robots, health = browser.get("/robots.txt"), browser.get("/sehat")

    assert robots.status_code == 200
    assert set(health.json) == {"status", "database", "migrations", "worker"}
    assert "sourceMappingURL" not in browser.get("/static/inbox.js").text


# ---- S-71: every error in Indonesian, and nothing of our insides ----


def too_often(browser):
    for _ in range(6):
        last = browser.post("/lacak", {"number": ABSENT, "code": "X" * 16})
    return last


FORCED = {
    400: lambda browser: browser.get("/", base_url="http://evil.test"),
    403: lambda browser: browser.open("/lapor", method="POST", headers={"Origin": "null"}),
    404: lambda browser: browser.get("/tidak-ada"),
    405: lambda browser: browser.open("/lapor", method="PUT"),
    413: lambda browser: browser.post("/lacak", {"number": "1" * 600_000}),
    422: lambda browser: browser.post("/lacak"),
    429: too_often,
}


@pytest.mark.parametrize("status", FORCED)
def test_s71_an_error_says_what_to_do_and_shows_no_insides(app, city, browser, monkeypatch, status):
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["localhost"])
    assert_error(FORCED[status](browser), status)


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (RuntimeError("a word of a reporter"), 500),
        (OperationalError("SELECT secret", {}, Exception("away")), 503),
        (PoolTimeout("QueuePool limit of a word of a reporter"), 503),
    ],
)
def test_s71_our_own_faults_show_no_insides(app, city, browser, monkeypatch, fault, status):
    def fail(*arguments, **named):
        raise fault

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.view_functions, "public.help_page", fail)
    answer = browser.get("/bantuan")

    assert_error(answer, status)
    assert (status == 503) == ("Retry-After" in answer.headers)


def assert_error(answer, status):
    page = page_of(answer)
    assert answer.status_code == status
    assert page.html["lang"] == "id"
    assert page.h1 is not None
    assert not re.search(r"Traceback|Werkzeug|Flask|Python|SELECT|reporter|\.py\b", answer.text)
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Server" not in answer.headers or "Werkzeug" not in answer.headers["Server"]


# ---- S-72: texts that tire a pattern; one that backtracks would never come back ----

TIRING = (
    *("a" * 40 + "!", "a" * 30_000 + "!", "a@" + "a." * 10_000, "a@" + "." * 20_000),
    *("0812" * 5_000 + "x", "+62" * 5_000, "(" * 5_000 + ")" * 5_000, "-" * 20_000, '"' * 999),
    *("9" * 20_000, "2604829 " * 2_000, "SMR-" * 5_000, "‐" * 5_000 + "!", "or -" * 500),
)


@pytest.mark.parametrize("text", TIRING, ids=lambda text: text[:8])
def test_s72_no_pattern_tires(city, browser, text):
    opened = typed_into(browser)
    for address, names in FORMS.items():
        answer = browser.post(address, {**opened, **dict.fromkeys(names, text)})
        assert answer.status_code == 422, address
    assert browser.get("/laporan", query_string={"cari": text[:3_000]}).status_code == 200
