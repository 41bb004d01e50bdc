"""A real SMTP conversation, with servers that refuse, hang up, take their time or want a password."""

import asyncio
import contextlib
import datetime as dt
import email
import email.policy
import ipaddress
import socket
import ssl
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from lapor_web.models import Medium
from lapor_web.services.channels import Away, Letter, Refused, TryAgain
from lapor_web.services.channels.mail import Mail, Server, plain_address
from lapor_web.services.channels.urls import WrongUrl

LETTER = Letter(
    key="kunci-1",
    medium=Medium.EMAIL,
    to="rahma@contoh.id",
    subject="Laporan SMR-260482-7 diteruskan ke Dinas PUPR",
    text="Jawaban paling lambat Jumat 20 Nov.\n",
    html="<p>Jawaban paling lambat Jumat 20 Nov.</p>",
    reply_to="balas@lapor.test",
    unsubscribe_url="https://lapor.test/l/abc/berhenti",
)


class Mailbox:
    """What aiosmtpd hands over; `says` is its answer to a step instead of yes."""

    def __init__(self, **says: str):
        self.says = says
        self.letters: list[EmailMessage] = []
        self.envelopes: list[list[str]] = []

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return self.says.get("mail", "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):
        if "rcpt" not in self.says:
            envelope.rcpt_tos.append(address)
        return self.says.get("rcpt", "250 OK")

    async def handle_DATA(self, server, session, envelope):
        if "hang_up" in self.says:
            server.transport.abort()
        if "data" not in self.says:
            content = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.letters.append(content)
            self.envelopes.append(envelope.rcpt_tos)
        return self.says.get("data", "250 taken")


@contextlib.contextmanager
def served(mailbox: Mailbox, **options):
    """A server on a free port of this machine."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def mail_to(port: int, scheme: str = "smtp", user: str = "", **options) -> Mail:
    server = Server.from_url(f"{scheme}://{user}127.0.0.1:{port}")
    return Mail(server, "Lapor Samarinda <lapor@kota.test>", "lapor.test", seconds=2, **options)


def test_a_letter_arrives_as_text_and_html_with_its_headers():
    mailbox = Mailbox()
    with served(mailbox) as port:
        sent = mail_to(port).send(LETTER)

    (letter,) = mailbox.letters
    assert mailbox.envelopes == [["rahma@contoh.id"]]
    assert letter["Subject"] == LETTER.subject
    assert letter["From"] == "Lapor Samarinda <lapor@kota.test>"
    assert letter["Reply-To"] == "balas@lapor.test"
    assert letter["Message-ID"] == f"<{sent.provider_id}>" == "<kunci-1@lapor.test>"
    assert letter["List-Unsubscribe"] == "<https://lapor.test/l/abc/berhenti>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "20 Nov" in letter.get_body(["plain"]).get_content()
    assert "<p>" in letter.get_body(["html"]).get_content()


def test_a_repeat_has_the_same_message_id():
    mailbox = Mailbox()
    with served(mailbox) as port:
        for _ in range(2):
            mail_to(port).send(LETTER)

    assert len({letter["Message-ID"] for letter in mailbox.letters}) == 1


@pytest.mark.parametrize(
    ("says", "error", "reason"),
    [
        ({"rcpt": "550 no such user"}, Refused, "550"),
        ({"rcpt": "452 mailbox full"}, TryAgain, "452"),
        ({"rcpt": "421 too busy"}, Away, "421"),
        ({"data": "554 looks like spam"}, Refused, "554"),
        ({"data": "451 later"}, TryAgain, "451"),
        ({"mail": "553 sender not allowed"}, Away, "553"),
        ({"mail": "451 later"}, Away, "451"),
        ({"hang_up": "yes"}, TryAgain, "disconnected"),
    ],
)
def test_what_each_refusal_means(says, error, reason):
    with served(Mailbox(**says)) as port, pytest.raises(error) as raised:
        mail_to(port).send(LETTER)

    assert type(raised.value) is error
    assert raised.value.reason == reason
    assert raised.value.__cause__ is None


def test_nobody_there_or_nobody_who_speaks_smtp_is_away():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        with pytest.raises(Away, match=r"^disconnected$"):
            Mail(Server("smtp", "127.0.0.1", port), "a@b.test", "b.test", seconds=0.2).send(LETTER)
    with pytest.raises(Away, match=r"^connection$"):
        mail_to(port).send(LETTER)


class Slow(SMTP):
    async def smtp_DATA(self, arg):
        await asyncio.sleep(0.6)
        await super().smtp_DATA(arg)


def test_a_server_that_falls_asleep_over_a_letter_costs_it_a_try():
    class Sleepy(Controller):
        def factory(self):
            return Slow(self.handler)

    controller = Sleepy(Mailbox(), hostname="127.0.0.1", port=free_port())
    controller.start()
    server = Server("smtp", "127.0.0.1", controller.port)
    mail = Mail(server, "a@b.test", "b.test", seconds=0.2)
    try:
        with pytest.raises(TryAgain) as raised:
            mail.send(LETTER)
    finally:
        controller.stop()

    assert not isinstance(raised.value, Away)


# ---- encryption and passwords ------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Of this machine, signed by itself; gives the server's context and one that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=str(path))


def only(user: str, password: str):
    def check(server, session, envelope, mechanism, data):
        right = (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=right)

    return check


def test_smtps_with_a_password(certificate):
    server, client = certificate
    mailbox = Mailbox()
    options = {"authenticator": only("lapor", "s:andi@"), "auth_require_tls": False}
    with served(mailbox, ssl_context=server, **options) as port:
        mail_to(port, "smtps", "lapor:s%3Aandi%40@", tls=client).send(LETTER)
        with pytest.raises(Away, match="535"):
            mail_to(port, "smtps", "lapor:salah@", tls=client).send(LETTER)

    assert len(mailbox.letters) == 1


def test_starttls_is_insisted_on(certificate):
    server, client = certificate
    mailbox = Mailbox()
    with served(mailbox, tls_context=server, require_starttls=True) as port:
        mail_to(port, "starttls", tls=client).send(LETTER)
    with served(Mailbox()) as port, pytest.raises(Away, match="tls"):
        mail_to(port, "starttls", tls=client).send(LETTER)

    assert len(mailbox.letters) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(certificate):
    server, _ = certificate
    with served(Mailbox(), ssl_context=server) as port, pytest.raises(Away, match="tls"):
        mail_to(port, "smtps").send(LETTER)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://mail.kota.test", "smtps://"),
        ("smtp:///", "host"),
        ("smtp://mail.kota.test:x", "bukan alamat"),
        ("smtp://lapor:sandi@mail.kota.test", "tanpa enkripsi"),
    ],
)
def test_a_wrong_url_is_said_without_its_password(url, says):
    with pytest.raises(WrongUrl, match=says) as raised:
        Server.from_url(url)

    assert "sandi@" not in str(raised.value)


def test_the_password_is_in_no_repr():
    assert "rahasia" not in repr(Server.from_url("smtps://lapor:rahasia@mail.kota.test"))


# ---- nothing gets into a header (S-62) ---------------------------------------------------------

TWO_LINES = "rahma@contoh.id\r\nBcc: korban@contoh.id"


@pytest.mark.parametrize(
    "address",
    [
        TWO_LINES,
        "rahma@contoh.id\nBcc: korban@contoh.id",
        "rahma@contoh.id, korban@contoh.id",
        "Rahma <rahma@contoh.id>",
        "rahma",
        "@contoh.id",
        "rahma@",
        "rahma@contoh.id\0",
        "<rahma@contoh.id>",
        "r ahma@contoh.id",
        "é@contoh.id",
        f"{'a' * 300}@contoh.id",
        "a@" + "b." * 200 + "id",
        "",
    ],
)
def test_what_is_not_one_bare_address_is_refused(address):
    with pytest.raises(Refused, match="bad_address"):
        plain_address(address)


def test_a_foreign_domain_is_spelt_in_ascii():
    assert plain_address("rahma@köln.test") == "rahma@xn--kln-sna.test"


def test_line_ends_in_subject_and_text_add_no_header():
    subject = "Kabar\r\nBcc: korban@contoh.id\n\nisi palsu"
    mailbox = Mailbox()
    letter = Letter(
        key="kunci-2",
        medium=Medium.EMAIL,
        to="rahma@contoh.id",
        subject=subject,
        text="Satu\r\n.\r\nRCPT TO:<korban@contoh.id>\n",
    )
    with served(mailbox) as port:
        mail_to(port).send(letter)

    (arrived,) = mailbox.letters
    assert arrived["Bcc"] is None
    assert arrived["Subject"] == "Kabar Bcc: korban@contoh.id isi palsu"
    assert mailbox.envelopes == [["rahma@contoh.id"]]
    assert "RCPT TO" in arrived.get_content()
