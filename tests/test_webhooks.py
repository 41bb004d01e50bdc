"""/gerbang/<name>: nothing is believed without a signature, everything is taken once, quickly."""

import datetime as dt
import hmac
import json
import logging
from urllib.parse import urlencode

import fake_gateway
import pytest
from browser import Browser
from small_city import NOW, SmallCity
from sqlalchemy import select, text
from talking import picture

from lapor_web import clock, work
from lapor_web.models import Answer, Attachment, Channel, Handled, InboundEvent, Report
from lapor_web.services.channels import http
from lapor_web.services.channels.gateway import sign
from lapor_web.services.channels.opening import open_gateway
from lapor_web.services.jobs import Job

SECRET = "s" * 20
UNIX = str(int(NOW.timestamp()))
URLS = {
    "umum": f"https://{SECRET}@gateway.test/kirim",
    "whatsapp": f"whatsapp://{SECRET}@graph.test/v23.0/555?app_secret={SECRET}"
    f"&verify_token={SECRET}",
    "sms": f"sms://kota:sandi@gateway.test/kirim?secret={SECRET}",
}
STORY = "Zamrud: lampu jalan mati sejak Senin"


@pytest.fixture
def browser(app, db, monkeypatch, request) -> Browser:
    SmallCity(db.session())
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return Browser(app)


@pytest.fixture
def set_up(app, monkeypatch):
    def set_up(name: str) -> None:
        gateway = open_gateway(URLS[name], in_session=lambda _: True)
        monkeypatch.setitem(app.extensions, "lapor_gateway", gateway)

    return set_up


def general(event_id: str = "e1", **more: object) -> bytes:
    event = {"id": event_id, "type": "message", "channel": "sms", "from": "+6281234567890"}
    return json.dumps({"events": [event | {"text": STORY, "at": int(UNIX)} | more]}).encode()


def meta(event_id: str = "wamid.1", phone_id: str = "555", **message: object) -> bytes:
    usual = {"id": event_id, "from": "6281234567890", "timestamp": UNIX, "type": "text"}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": phone_id, "display_phone_number": "62541123456"},
        "contacts": [{"wa_id": "6281234567890", "profile": {"name": "Nama Zamrud"}}],
        "messages": [usual | {"text": {"body": STORY}} | message],
    }
    changes = [{"field": "messages", "value": value}]
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}
    ).encode()


def plain(**more: str) -> bytes:
    fields = {"from": "0812-3456-7890", "text": STORY, "id": "42", "secret": SECRET}
    return urlencode(fields | more).encode()


def signed(body: bytes, moment: str = UNIX, secret: str = SECRET) -> dict[str, str]:
    return {"Lapor-Timestamp": moment, "Lapor-Signature": sign(secret.encode(), moment, body)}


def by_meta(body: bytes, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, "sha256").hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}"}


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
RIGHT = {
    "umum": (general(), signed(general())),
    "whatsapp": (meta(), by_meta(meta())),
    "sms": (plain(), FORM),
}
WRONG = {
    "umum": (
        (general(), {}),
        (general(), signed(general(), secret="t" * 20)),
        (general("e2"), signed(general())),
        (general(), signed(general(), moment=str(int(UNIX) - 301))),
        (general(), signed(general(), moment=str(int(UNIX) + 301))),
        (general(), signed(general()) | {"Lapor-Timestamp": str(int(UNIX) + 1)}),
        (general(), signed(general(), moment="")),
        (general(), {"Lapor-Timestamp": UNIX, "Lapor-Signature": "v1=\xff"}),
    ),
    "whatsapp": (
        (meta(), {}),
        (meta(), by_meta(meta(), secret="t" * 20)),
        (meta("wamid.2"), by_meta(meta())),
        (meta(), {"X-Hub-Signature-256": "sha256="}),
    ),
    "sms": (
        (plain(secret="wrong"), FORM),
        (plain(secret=""), FORM),
        (plain(secret=""), FORM | {"Authorization": "Basic %%%"}),
    ),
}


def post(browser: Browser, name: str, body: bytes, headers: dict[str, str]) -> int:
    answer = browser.open(f"/gerbang/{name}", method="POST", data=body, headers=headers)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code


def events(db) -> list[InboundEvent]:
    return list(db.session.scalars(select(InboundEvent).order_by(InboundEvent.id)))


def jobs(db) -> int:
    return db.session.execute(
        text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'read_event'")
    ).scalar()


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_signed_is_taken_once_and_left_to_the_worker(browser, set_up, db, name, caplog):
    caplog.set_level(logging.DEBUG)
    set_up(name)
    body, headers = RIGHT[name]

    assert [post(browser, name, body, headers) for _ in range(3)] == [200, 200, 200]
    (event,) = events(db)
    assert event.outcome is Handled.WAITING
    assert event.channel is (Channel.WHATSAPP if name == "whatsapp" else Channel.SMS)
    assert jobs(db) == 1
    assert "Zamrud" not in caplog.text
    assert "81234567890" not in caplog.text


@pytest.mark.parametrize("name", WRONG)
def test_what_is_signed_wrong_or_too_late_is_refused(browser, set_up, db, name):
    set_up(name)
    for body, headers in WRONG[name]:
        assert post(browser, name, body, headers) == 403, headers
    assert events(db) == []


def test_basic_password_will_do_for_a_plain_gateway(browser, set_up, db):
    set_up("sms")
    basic = {"Authorization": "Basic eDpzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzcw=="}

    assert post(browser, "sms", plain(secret=""), FORM | basic) == 200
    assert len(events(db)) == 1


# ---- the whole circle ----


@pytest.fixture
def fake(app, monkeypatch):
    with fake_gateway.serving() as fake:
        url = f"http://{SECRET}@{fake.url.removeprefix('http://')}"
        gateway = open_gateway(url, in_session=lambda _: True)
        monkeypatch.setitem(app.extensions, "lapor_gateway", gateway)
        yield fake


def do_jobs(db, monkeypatch) -> None:
    """As the worker does them, a minute later, whatever time they were put off to."""
    later = clock.now() + dt.timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    deferred = text(
        "DELETE FROM procrastinate_jobs WHERE id IN"
        " (SELECT id FROM procrastinate_jobs ORDER BY id DESC) RETURNING task_name, args"
    )
    for name, arguments in db.session.execute(deferred).all():
        work.ASKED_FOR[Job(name)](**arguments)


def test_a_talk_through_a_gateway_that_is_slow_down_duplicating_and_out_of_order(
    browser, fake, db, monkeypatch
):
    monkeypatch.setattr(http, "SECONDS_IN_ALL", 0.2)
    fake.media["foto-1"] = picture()
    story = general("e1", media=["foto-1"], at=int(UNIX) - 9)
    place = general("e2", text="Gang 7", at=int(UNIX) - 5)
    for body in (place, story, place, story):
        assert post(browser, "umum", body, signed(body)) == 200
    fake.answers = [(503, b""), "drop"]  # the photo, when it is first asked for
    do_jobs(db, monkeypatch)
    assert db.session.scalars(select(Report)).all() == []
    for _ in range(3):
        do_jobs(db, monkeypatch)
    (report,) = db.session.scalars(select(Report))
    assert (report.place, report.channel) == ("Gang 7", Channel.SMS)
    assert db.session.scalars(select(Attachment)).one().report_id == report.id
    fake.answers = ["drip", "drop", (503, b"")]
    post(browser, "umum", general("e3", text="Halo"), signed(general("e3", text="Halo")))
    for _ in range(6):
        do_jobs(db, monkeypatch)

    answers = [one for one in fake.asked if one.method == "POST"]
    words = {one.json["key"]: one.json["text"] for one in answers}
    assert len(answers) > len(words) == 3  # each under its own key however often it was tried
    assert any(report.number in one and "Kode lacak" in one for one in words.values())
    assert {one.sent_at is not None for one in db.session.scalars(select(Answer))} == {True}


BROKEN = (
    b"",
    b"{",
    b"[]",
    b"\xff\xfe",
    b"null",
    b'{"events": 3}',
    b'{"events": [3]}',
    b'{"events": [{"id": 5}]}',
    b'{"object": "page"}',
    b'{"object": "whatsapp_business_account", "entry": {}}',
    b'{"object": "whatsapp_business_account", "entry": [{"changes": [[]]}]}',
    b"[" * 100_000,
    general(at="kemarin"),
    general(at=10**30),
    general(media=[{"url": "http://169.254.169.254/"}]),
    general(**{"from": "seseorang"}),
    meta(text="no object"),
    meta(timestamp="x"),
)


@pytest.mark.parametrize("name", ["umum", "whatsapp"])
def test_what_is_signed_and_broken_is_refused_in_one_word(browser, set_up, db, name):
    set_up(name)
    sign_it = signed if name == "umum" else by_meta
    for body in BROKEN:
        assert post(browser, name, body, sign_it(body)) == 400, body[:60]
    assert events(db) == []


@pytest.mark.parametrize("size", [600 * 1024, 10 * 1024 * 1024])
def test_a_body_that_is_too_large_is_refused_unread(browser, set_up, db, size):
    set_up("umum")
    body = general(text="x" * size)

    assert post(browser, "umum", body, signed(body)) == 413
    assert events(db) == []


def test_nul_emoji_and_marks_of_direction_are_taken(browser, set_up, db):
    set_up("umum")
    body = general(text="\x00 💡 \u202e\ud800")

    assert post(browser, "umum", body, signed(body)) == 200
    assert len(events(db)) == 1


def test_only_the_gateway_that_is_set_up_has_an_address(browser, set_up, db):
    assert post(browser, "umum", *RIGHT["umum"]) == 404
    set_up("sms")
    assert post(browser, "umum", *RIGHT["umum"]) == 404
    assert browser.get("/gerbang/umum").status_code == 404
    assert browser.get("/gerbang/apa").status_code == 404
    assert events(db) == []


@pytest.mark.parametrize(
    ("query", "status", "answer"),
    [
        (f"hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={SECRET}", 200, "1158201444"),
        ("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=tebakan", 403, ""),
        (f"hub.mode=subscribe&hub.challenge=<script>&hub.verify_token={SECRET}", 403, ""),
        (f"hub.challenge=1158201444&hub.verify_token={SECRET}", 403, ""),
        ("", 403, ""),
    ],
)  # fmt: skip
def test_whatsapp_asks_whether_we_are_who_it_was_told(browser, set_up, query, status, answer):
    set_up("whatsapp")
    got = browser.get(f"/gerbang/whatsapp?{query}")

    assert (got.status_code, got.text) == (status, answer)
    assert got.mimetype == "text/plain"


def test_what_is_for_another_number_of_the_account_is_left_alone(browser, set_up, db):
    set_up("whatsapp")
    body = meta(phone_id="556")

    assert post(browser, "whatsapp", body, by_meta(body)) == 200
    assert events(db) == []


@pytest.mark.parametrize(
    "message",
    [
        {"type": "image", "image": {"id": "9", "caption": "Ini"}},
        {"type": "document", "document": {"id": "9"}},
        {"type": "location", "location": {"latitude": -0.5, "longitude": 117.1}},
        {"type": "button", "button": {"text": "Beres", "payload": "1"}},
        {"type": "interactive", "interactive": {"button_reply": {"id": "1", "title": "Beres"}}},
        {"type": "audio", "audio": {"id": "9"}},
        {"type": "text", "text": {"body": "Yang ini"}, "context": {"id": "wamid.0"}},
    ],
)
def test_each_kind_of_message_is_taken(browser, set_up, db, message):
    set_up("whatsapp")
    body = meta(**message)

    assert post(browser, "whatsapp", body, by_meta(body)) == 200
    assert len(events(db)) == 1


def test_a_reaction_is_nothing_to_read(browser, set_up, db):
    set_up("whatsapp")
    body = meta(type="reaction", reaction={"emoji": "👍", "message_id": "wamid.0"})

    assert post(browser, "whatsapp", body, by_meta(body)) == 200
    assert events(db) == []
