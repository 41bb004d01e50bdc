"""E-mail by SMTP: which server LAPOR_MAIL_URL says, what a refusal means, what stands in a header."""

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from lapor_web.models import utc_now
from lapor_web.services.channels import Away, Letter, Refused, Sent, TryAgain
from lapor_web.services.channels.urls import LOOPBACK, WrongUrl

SECONDS = 20.0
"""For each answer of the server; the whole talk stays well below the time a message is held."""
PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}
LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3


@dataclass(frozen=True, slots=True)
class Server:
    """`smtps` is TLS from the first byte, `starttls` before anything that matters; plain `smtp`
    takes a password to this machine only."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str) -> "Server":
        """Raises WrongUrl."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise WrongUrl("LAPOR_MAIL_URL bukan alamat.") from None
        if parts.scheme not in PORTS:
            raise WrongUrl("LAPOR_MAIL_URL harus mulai dengan smtps://, starttls://, atau smtp://.")
        if not parts.hostname:
            raise WrongUrl("LAPOR_MAIL_URL tidak menyebut host.")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if user and parts.scheme == "smtp" and parts.hostname not in LOOPBACK:
            raise WrongUrl(
                "LAPOR_MAIL_URL mengirim kata sandi tanpa enkripsi. Pakai smtps:// atau starttls://."
            )
        return cls(parts.scheme, parts.hostname, port or PORTS[parts.scheme], user, password)


@dataclass(frozen=True, slots=True)
class Mail:
    """One connection a letter: a dead one is never met, and a slow one holds up one sender."""

    server: Server
    sender: str
    """From: "Lapor Samarinda <lapor@samarinda.id>"."""
    domain: str
    """Behind the @ of a Message-ID, whose front is the letter's key."""
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = SECONDS

    def send(self, letter: Letter) -> Sent:
        """Raises Refused, TryAgain or Away; see `lapor_web.services.channels`."""
        message = self.compose(letter)
        envelope = parseaddr(self.sender)[1]
        with self._connection() as smtp:
            try:
                smtp.send_message(message, envelope, [plain_address(letter.to)])
            except smtplib.SMTPSenderRefused as error:
                raise Away(str(error.smtp_code)) from None
            except smtplib.SMTPRecipientsRefused as error:
                (code, _), *_ = error.recipients.values()
                raise about_letter(code) from None
            except smtplib.SMTPDataError as error:
                raise about_letter(error.smtp_code) from None
            except smtplib.SMTPNotSupportedError:
                raise Refused("bad_address") from None
            except (smtplib.SMTPException, OSError) as error:
                # In the midst of this letter, so perhaps because of it: it costs a try.
                raise TryAgain(short_name(error)) from None
        return Sent(message["Message-ID"].strip("<>"))

    @contextlib.contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        """Greeted and signed in. Whatever goes wrong until then is wrong for every letter."""
        try:
            smtp = self._connect()
        except smtplib.SMTPResponseException as error:
            raise Away(str(error.smtp_code)) from None
        except (smtplib.SMTPException, OSError) as error:
            raise Away(short_name(error)) from None
        try:
            yield smtp
        finally:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                # The letter is where it is; a farewell that fails changes nothing.
                smtp.quit()
            smtp.close()

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        smtp: smtplib.SMTP
        if server.scheme == "smtps":
            smtp = smtplib.SMTP_SSL(
                server.host, server.port, timeout=self.seconds, context=self.tls
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=self.seconds)
        try:
            smtp.ehlo_or_helo_if_needed()
            if server.scheme == "starttls":
                smtp.starttls(context=self.tls)
                smtp.ehlo()
            if server.user:
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def compose(self, letter: Letter) -> EmailMessage:
        """Raises Refused for an address that is none. No header takes a line end from anywhere."""
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = plain_address(letter.to)
        message["Subject"] = one_line(letter.subject)
        message["Date"] = format_datetime(utc_now())
        message["Message-ID"] = f"<{letter.key}@{self.domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation notice answers it
        if letter.reply_to:
            message["Reply-To"] = letter.reply_to
        if letter.unsubscribe_url:
            message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
        message.set_content(letter.text, cte="quoted-printable")
        if letter.html:
            message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        return message


def about_letter(code: int) -> Refused | TryAgain:
    """5xx is for ever, 421 closes the door to all, any other 4xx is this letter's own trouble."""
    if code >= 500:
        return Refused(str(code))
    return Away("421") if code == 421 else TryAgain(str(code))


def plain_address(typed: str) -> str:
    """One bare address in ASCII, a foreign domain in its own spelling (IDNA). Raises Refused."""
    local, at, domain = typed.rpartition("@")
    try:
        bare = f"{local}@{domain.encode('idna').decode()}" if at else ""
        address = Address(addr_spec=bare)
    except (HeaderParseError, ValueError, IndexError):
        raise Refused("bad_address") from None
    whole = address.username and address.domain and bare.isascii() and bare.isprintable()
    if not whole or " " in bare or "," in bare or len(bare) > LONGEST_ADDRESS:
        raise Refused("bad_address")
    return bare


def one_line(text: str) -> str:
    return " ".join(text.split())


def short_name(error: Exception) -> str:
    """Of what went wrong; its words may hold an address."""
    match error:
        case smtplib.SMTPServerDisconnected():
            return "disconnected"  # too slow is the same to smtplib
        case smtplib.SMTPNotSupportedError() | ssl.SSLError():
            return "tls"
        case TimeoutError():
            return "timeout"
        case OSError():
            return "connection"
    return type(error).__name__
