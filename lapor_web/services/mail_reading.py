"""One mail as it came over the wire (RFC 5322): who wrote it, what, and whether a person did."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses

from lapor_web.services import addresses
from lapor_web.services.attachments import Upload
from lapor_web.services.mail_text import said_in, text_of_html
from lapor_web.text import clean, clean_line

PARTS_AT_MOST = 100
UPLOADS_AT_MOST = 20
SMALLEST_INLINE = 8 * 1024
"""Bytes. What is smaller and stands in the text is a logo, or the dot that tells of the reading."""
LONGEST_TEXT = 200_000
"""Letters of which we look for what was said."""

STUMBLES = (MessageError, ValueError, LookupError, AttributeError, RecursionError)
"""How the library's parsers end on headers that are broken, beside what they promise."""

_REPLY_MARK = re.compile(r"^(?:\s*(?:re|fw|fwd|bls|balas|trs)\s*:)+\s*", re.I)
_OF_MACHINES = re.compile(
    r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+=-].*)?$"
)
_MESSAGE_ID = re.compile(r"<([^<>\s\x00]{1,250})>")

_GIVEN_BACK = re.compile(rf"^Message-ID:\s*{_MESSAGE_ID.pattern}", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail of ours came back (RFC 3464)."""

    message_ids: tuple[str, ...]
    for_ever: bool
    status: str


@dataclass(frozen=True, slots=True)
class Mail:
    event_id: str
    """Its Message-ID, or what stands for it."""
    sender: str
    """In the form of `services.addresses`; "" where there is none to answer."""
    subject: str
    text: str
    """What they wrote themselves."""
    uploads: tuple[Upload, ...]
    answers: tuple[str, ...]
    """Message-IDs, without the angle brackets, of what it answers."""
    automatic: bool
    """By a machine, or through a list: nobody waits for an answer (RFC 3834)."""
    bounce: Bounce | None = None


def read_mail(raw: bytes) -> Mail:
    """Whatever it is: what is broken in a mail is read as far as it can be."""
    message = BytesParser(policy=policy.compat32).parsebytes(raw)
    parts = list(_parts(message))
    return Mail(
        event_id=_first_id(message, "Message-ID") or hashlib.sha256(raw).hexdigest(),
        sender=_sender(message),
        subject=_REPLY_MARK.sub("", clean_line(_header(message, "Subject")))[:300],
        text=clean(said_in(_text(parts)[:LONGEST_TEXT])),
        uploads=tuple(_uploads(parts))[:UPLOADS_AT_MOST],
        answers=tuple(_ids(message, "In-Reply-To") + _ids(message, "References"))[-20:],
        automatic=_is_automatic(message),
        bounce=_bounce(message, parts),
    )


# ---- headers ----


def _header(message: Message, name: str) -> str:
    """Decoded as far as it can be (RFC 2047)."""
    value = message.get(name)
    if value is None:
        return ""
    try:
        return str(policy.default.header_factory(name, str(value)))
    except STUMBLES:
        return str(value)


def _sender(message: Message) -> str:
    """Of one author, not of several: an answer to all of them could tell one of another."""
    try:
        found = getaddresses([str(one) for one in message.get_all("From", [])])
    except STUMBLES:
        return ""
    return addresses.normal_email(found[0][1]) if len(found) == 1 else ""


def _ids(message: Message, name: str) -> list[str]:
    return [one for value in message.get_all(name, []) for one in _MESSAGE_ID.findall(str(value))]


def _first_id(message: Message, name: str) -> str:
    return next(iter(_ids(message, name)), "")


def _is_automatic(message: Message) -> bool:
    submitted = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    returns_to = str(message.get("Return-Path", "x")).strip()
    local = _sender(message).partition("@")[0]
    return (
        submitted != "no"
        or precedence in {"bulk", "junk", "list", "auto_reply"}
        or returns_to in {"<>", ""}
        or any(name in message for name in ("List-Id", "List-Post", "X-Autoreply", "X-Autorespond"))
        or bool(_OF_MACHINES.fullmatch(local))
        or message.get_content_type() == "multipart/report"
    )


# ---- parts ----


def _parts(message: Message) -> Iterator[Message]:
    """Leaves only; a mail within a mail stays one part."""
    waiting, seen = [message], 0
    while waiting and seen < PARTS_AT_MOST:
        part = waiting.pop(0)
        seen += 1
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting = [one for one in inner if isinstance(one, Message)] + waiting
        else:
            yield part


def _text(parts: list[Message]) -> str:
    """Its plain text; of a mail in HTML alone, that."""
    spoken = [part for part in parts if not _is_attached(part)]
    for kind in ("text/plain", "text/html"):
        texts = [_decoded(part) for part in spoken if part.get_content_type() == kind]
        whole = "\n".join(text for text in texts if text.strip())
        if whole:
            return whole if kind == "text/plain" else text_of_html(whole[: LONGEST_TEXT * 5])
    return ""


def _decoded(part: Message) -> str:
    content = _bytes(part)
    charset = part.get_content_charset("utf-8")
    try:
        return content.decode(charset, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or part.get_filename() is not None


def _uploads(parts: list[Message]) -> Iterator[Upload]:
    """Pictures, and whatever else was attached; what it is, its bytes tell later."""
    for part in parts:
        kind = part.get_content_maintype()
        if kind == "message" or (kind == "text" and not _is_attached(part)):
            continue
        if kind != "image" and not _is_attached(part):
            continue
        content = _bytes(part)
        inline = part.get_content_disposition() != "attachment" and "Content-ID" in part
        if content and not (inline and len(content) < SMALLEST_INLINE):
            yield Upload(clean_line(_filename(part)) or "foto", content)


def _filename(part: Message) -> str:
    try:
        return part.get_filename() or ""
    except STUMBLES:  # over broken parameters
        return ""


# ---- what came back ----


def _bounce(message: Message, parts: list[Message]) -> Bounce | None:
    """A report of delivery, and by the mail that it gives back, which of ours it is about."""
    if message.get_content_type() != "multipart/report":
        return None
    told, ids = "", []
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            told += _inner_text(part)
        elif kind in {"message/rfc822", "text/rfc822-headers"}:
            ids += _GIVEN_BACK.findall(_inner_text(part))
    action = re.search(r"^Action:\s*(\w+)", told, re.I | re.M)
    status = re.search(r"^Status:\s*([245]\.\d{1,3}\.\d{1,3})", told, re.I | re.M)
    if not told:
        return None
    code = status.group(1) if status else ""
    failed = bool(action) and action.group(1).lower() == "failed"  # type: ignore[union-attr]
    return Bounce(tuple(ids), failed and not code.startswith("4"), code)


def _inner_text(part: Message) -> str:
    inner = part.get_payload()
    if isinstance(inner, list):
        return "\n".join(one.as_string() for one in inner if isinstance(one, Message))
    return _decoded(part)
