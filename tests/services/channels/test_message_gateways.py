"""Every kind of gateway, over real HTTP: what it is sent, and what its refusals mean."""

import json
from urllib.parse import parse_qs

import fake_gateway
import pytest

from lapor_web.models import Medium
from lapor_web.services.channels import Away, Letter, Refused, TryAgain, http
from lapor_web.services.channels.gateway import sign
from lapor_web.services.channels.opening import open_gateway
from lapor_web.services.channels.phone import MediaGone, provider_name
from lapor_web.services.channels.urls import WrongUrl

SECRET = "s" * 20
LETTER = Letter(
    key="key-of-this-letter",
    medium=Medium.PHONE,
    to="0812 3456-7890",
    text="Laporan Anda dijawab.",
    template="answered",
    parameters=("SMR-260001-0", "Dinas  PUPR\n"),
)


@pytest.fixture
def fake():
    with fake_gateway.serving() as gateway:
        yield gateway


def opened(fake, kind: str, *, session_open: bool = False, more: str = ""):
    address = fake.url.removeprefix("http://")
    urls = {
        "umum": f"http://{SECRET}@{address}/kirim",
        "whatsapp": f"whatsapp+http://{SECRET}@{address}/v23.0/555"
        f"?app_secret={SECRET}&verify_token={SECRET}",
        "sms": f"sms+http://kota:sandi@{address}/sms?secret={SECRET}&field.from=LAPOR{more}",
    }
    return open_gateway(urls[kind], in_session=lambda _: session_open)


KINDS = ["umum", "whatsapp", "sms"]


def test_our_own_protocol_is_signed_and_keyed(fake):
    sent = opened(fake, "umum").send(LETTER)

    (asked,) = fake.asked
    assert (asked.path, asked.json["to"], asked.json["text"]) == (
        "/kirim",
        "+6281234567890",
        LETTER.text,
    )
    assert asked.json["key"] == asked.headers["Idempotency-Key"] == LETTER.key
    moment = asked.headers["Lapor-Timestamp"]
    assert asked.headers["Lapor-Signature"] == sign(SECRET.encode(), moment, asked.body)
    assert sent.provider_id == provider_name("msg-1")
    assert "Authorization" not in asked.headers  # the secret itself never travels


def test_a_key_that_was_taken_before_is_sent(fake):
    fake.answers = [(409, {"id": "the-first"})]

    assert opened(fake, "umum").send(LETTER).provider_id == provider_name("the-first")


def test_whatsapp_says_anything_within_a_day_and_a_template_at_any_other_time(fake):
    opened(fake, "whatsapp", session_open=True).send(LETTER)
    opened(fake, "whatsapp").send(LETTER)

    free, agreed = fake.asked
    assert free.path == "/v23.0/555/messages"
    assert free.headers["Authorization"] == f"Bearer {SECRET}"
    assert free.json["to"] == "6281234567890"
    assert free.json["text"]["body"] == LETTER.text
    assert free.json["biz_opaque_callback_data"] == LETTER.key
    template = agreed.json["template"]
    assert (template["name"], template["language"]) == ("lapor_answered", {"code": "id"})
    words = [one["text"] for one in template["components"][0]["parameters"]]
    assert words == ["SMR-260001-0", "Dinas PUPR"]


def test_what_we_keep_of_a_message_id_does_not_hold_the_number(fake):
    fake.answers = [(200, {"messages": [{"id": "wamid.HBgNNjI4MTIzNDU2Nzg5MBUC"}]})]

    name = opened(fake, "whatsapp").send(LETTER).provider_id

    assert "NjI4" not in name
    assert name == provider_name("wamid.HBgNNjI4MTIzNDU2Nzg5MBUC")


@pytest.mark.parametrize("method", ["post", "get"])
def test_a_plain_gateway_gets_fields_under_its_own_names(fake, method):
    gateway = opened(fake, "sms", more=f"&method={method}&to=msisdn&text=pesan&key=ref")
    gateway.send(LETTER)

    (asked,) = fake.asked
    assert asked.method == method.upper()
    query = asked.path.partition("?")[2] if method == "get" else asked.body.decode()
    assert {name: value for name, (value,) in parse_qs(query).items()} == {
        "username": "kota",
        "password": "sandi",
        "msisdn": "6281234567890",
        "pesan": LETTER.text,
        "from": "LAPOR",
        "ref": LETTER.key,
    }


def test_a_plain_gateway_that_refuses_politely_refuses(fake):
    fake.answers = [(200, b"ERR 41: number barred")]

    with pytest.raises(Refused) as refused:
        opened(fake, "sms", more="&success=%5E(OK|ID)").send(LETTER)
    assert refused.value.reason == "not_accepted"


def graph(code: int, status: int = 400):
    return status, {"error": {"code": code, "message": "with the number 6281234567890 in it"}}


@pytest.mark.parametrize(
    ("kind", "answer", "error", "reason"),
    [
        ("umum", (422, {"reason": "bad_address"}), Refused, "bad_address"),
        ("umum", (400, {"reason": "nomor 0812 salah"}), Refused, "400"),
        ("umum", (423, {}), TryAgain, "423"),
        ("umum", (429, {}), Away, "429"),
        ("umum", (401, {}), Away, "401"),
        ("umum", (503, b"<html>"), Away, "503"),
        ("umum", (307, b"", {"Location": "http://169.254.169.254/"}), Away, "307"),
        ("umum", "drop", Away, "no_connection"),
        ("whatsapp", graph(131026), Refused, "131026"),
        ("whatsapp", graph(131056), TryAgain, "131056"),
        ("whatsapp", graph(130429, 429), Away, "130429"),
        ("whatsapp", graph(190, 401), Away, "190"),
        ("whatsapp", (500, b"\xff\xfe"), Away, "500"),
        ("sms", (404, b""), Refused, "404"),
        ("sms", (502, b""), Away, "502"),
    ],
)
def test_what_a_refusal_means(fake, kind, answer, error, reason):
    fake.answers = [answer]

    with pytest.raises((TryAgain, Refused)) as refused:
        opened(fake, kind).send(LETTER)

    assert type(refused.value) is error
    assert refused.value.reason == reason
    assert len(fake.asked) == 1  # nothing was followed, and nothing tried twice


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_number_is_refused_without_asking(fake, kind):
    with pytest.raises(Refused):
        opened(fake, kind).send(Letter(key="k", medium=Medium.PHONE, to="tidak ada", text="x"))
    assert fake.asked == []


@pytest.mark.parametrize("kind", KINDS)
def test_one_that_drips_holds_up_nobody(fake, kind, monkeypatch):
    monkeypatch.setattr(http, "SECONDS_IN_ALL", 0.2)
    fake.answers = ["drip"]

    with pytest.raises(Away) as away:
        opened(fake, kind).send(LETTER)
    assert away.value.reason == "slow"


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_there(kind):
    with fake_gateway.serving() as gone:
        pass
    with pytest.raises(Away) as away:
        opened(gone, kind).send(LETTER)
    assert away.value.reason == "no_connection"


def test_no_error_names_anybody(fake):
    fake.answers = [graph(131026)]
    with pytest.raises(Refused) as refused:
        opened(fake, "whatsapp").send(LETTER)
    assert "6281" not in repr(refused.value) + str(refused.value.__cause__)


def test_media_by_name(fake):
    fake.media["foto"] = b"the picture"

    assert opened(fake, "umum").fetch("foto") == b"the picture"
    assert fake.asked[0].path == "/kirim/media/foto"
    assert opened(fake, "whatsapp").fetch("media-foto") == b"the picture"
    for kind in KINDS:
        with pytest.raises(MediaGone):
            opened(fake, kind).fetch("../../etc/passwd")


def test_a_file_elsewhere_is_not_fetched(fake):
    """It would be asked for with our token."""
    fake.answers = [(200, {"url": "http://169.254.169.254/latest/meta-data"})]

    with pytest.raises(MediaGone):
        opened(fake, "whatsapp").fetch("media-1")
    assert len(fake.asked) == 1


def test_a_file_too_large_is_not_read(fake):
    fake.media["besar"] = b"x" * (8 * 1024 * 1024 + 1)

    with pytest.raises(MediaGone):
        opened(fake, "umum").fetch("besar")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x@host/",
        "https://host/",
        "https://short@host/",
        "http://" + SECRET + "@gateway.example/",  # over the open network
        "whatsapp://" + SECRET + "@graph.facebook.com/v23.0/1",
        "sms://user:pass@host/?secret=short",
        "sms://user:pass@host/?secret=" + SECRET + "&method=put",
        "https://" + SECRET + "@host:port/",
        "apa saja",
    ],
)
def test_settings_that_would_not_do_are_refused_without_their_secrets(url):
    with pytest.raises(WrongUrl) as problem:
        open_gateway(url, in_session=lambda _: False)
    assert SECRET not in str(problem.value)
    assert str(problem.value).startswith("LAPOR_MESSAGE_URL")


def test_emoji_and_right_to_left_marks_arrive_as_they_are(fake):
    text = "Lampu 💡 mati \u202e di RT 5"
    for kind in KINDS:
        letter = Letter(key="k", medium=Medium.PHONE, to="081234567890", text=text)
        opened(fake, kind, session_open=True).send(letter)

    general, whatsapp, sms = fake.asked
    assert general.json["text"] == json.loads(whatsapp.body)["text"]["body"] == text
    assert parse_qs(sms.body.decode())["text"] == [text]
