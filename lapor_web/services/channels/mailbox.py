"""A mailbox that reporters write to, emptied by IMAP: what is safe with us is deleted there."""

import contextlib
import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from lapor_web.services.channels import Away
from lapor_web.services.channels.urls import LOOPBACK, WrongUrl

SECONDS = 20.0
LARGEST = 45 * 1024 * 1024
"""Bytes: five photos of 8 MB would be more once they are encoded; mail servers allow less anyway."""
AT_ONCE = 50
"""Mails of one visit; the next one comes in minutes."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    plain: bool = False

    @classmethod
    def from_url(cls, url: str) -> "Mailbox":
        """`imaps://user:password@host/INBOX`; `imap://` to this machine only. Raises WrongUrl."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise WrongUrl("LAPOR_INBOUND_MAIL_URL bukan alamat.") from None
        plain = parts.scheme == "imap"
        if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
            raise WrongUrl("LAPOR_INBOUND_MAIL_URL ditulis imaps://nama:sandi@host/INBOX.")
        if plain and parts.hostname not in LOOPBACK:
            raise WrongUrl("LAPOR_INBOUND_MAIL_URL tanpa enkripsi hanya boleh ke komputer ini.")
        return cls(
            host=parts.hostname,
            port=port or (143 if plain else 993),
            user=unquote(parts.username),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.lstrip("/")) or "INBOX",
            plain=plain,
        )

    def empty_into(self, take: Callable[[bytes], bool]) -> int:
        """How many were taken. `take` says whether a mail is safe now; only then is it deleted, so
        that it comes again where we were killed in between. Raises Away."""
        taken = 0
        try:
            with self._open() as imap:
                for uid in self._new(imap):
                    raw = self._fetch(imap, uid)
                    if raw is not None and take(raw):
                        imap.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen \Deleted)")
                        taken += 1
                imap.expunge()
        except (imaplib.IMAP4.error, OSError) as error:
            raise Away(type(error).__name__) from None
        return taken

    @contextlib.contextmanager
    def _open(self) -> Iterator[imaplib.IMAP4]:
        imap = self._connect()
        try:
            imap.login(self.user, self.password)
            if imap.select(f'"{self.folder}"')[0] != "OK":
                raise imaplib.IMAP4.error
            yield imap
        finally:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                imap.logout()
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                imap.shutdown()  # it is still open where the farewell failed

    def _connect(self) -> imaplib.IMAP4:
        if self.plain:
            return imaplib.IMAP4(self.host, self.port, timeout=SECONDS)
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=SECONDS)

    def _new(self, imap: imaplib.IMAP4) -> list[str]:
        """Those that nobody flagged: what is too large lies there for a human eye."""
        _, found = imap.uid("SEARCH", "UNDELETED", "UNFLAGGED")
        return (found[0] or b"").decode("ascii").split()[:AT_ONCE]

    def _fetch(self, imap: imaplib.IMAP4, uid: str) -> bytes | None:
        _, told = imap.uid("FETCH", uid, "(RFC822.SIZE)")
        size = re.search(rb"RFC822\.SIZE (\d+)", told[0] if isinstance(told[0], bytes) else b"")
        if size is None:
            return None
        if int(size.group(1)) > LARGEST:
            imap.uid("STORE", uid, "+FLAGS.SILENT", r"(\Flagged)")
            return None
        _, found = imap.uid("FETCH", uid, "(BODY.PEEK[])")
        return next((one[1] for one in found if isinstance(one, tuple)), None)
