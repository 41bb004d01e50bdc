"""Our own protocol: any SMS or WhatsApp provider, by a small program that speaks it (README.md)."""

import datetime as dt
import hmac
import json
import re
import time
from typing import Any, ClassVar
from urllib.parse import quote

from lapor_web.models import Channel
from lapor_web.services import addresses
from lapor_web.services.attachments import BYTES_AT_MOST
from lapor_web.services.channels import Away, Letter, Refused, Sent, TryAgain, http
from lapor_web.services.channels.phone import (
    OLDEST_SIGNATURE,
    Delivery,
    Hook,
    Incoming,
    MediaGone,
    Unreadable,
    WrongSignature,
    provider_name,
)

TIMESTAMP, SIGNATURE = "Lapor-Timestamp", "Lapor-Signature"
CHANNELS = {"sms": Channel.SMS, "whatsapp": Channel.WHATSAPP}
EVENTS_AT_MOST = 200
"""Of one request."""
MEDIA_AT_MOST = 20
"""Of one message; how many of them become photos, `services.attachments` says."""
DELIVERED = "delivered"
STATUSES = frozenset({DELIVERED, "undeliverable", "failed"})
FOR_EVER = frozenset({400, 404, 410, 422})
"""Statuses by which a gateway says that this letter can never be sent."""


class HttpGateway:
    name: ClassVar[str] = "umum"

    def __init__(self, url: str, secret: str):
        self.url, self.secret = url.rstrip("/"), secret.encode()

    # ---- going out ----

    def send(self, letter: Letter) -> Sent:
        message = {
            "key": letter.key,
            "to": "+" + number_of(letter.to),
            "text": letter.text,
            "template": letter.template,
            "parameters": list(letter.parameters),
        }
        answer = self._call("POST", self.url, message, {"Idempotency-Key": letter.key})
        told = answer.json()
        if answer.status in {200, 201, 202, 409}:  # 409: this key was taken before
            return Sent(provider_name(str(told.get("id") or "")))
        if answer.status in FOR_EVER:
            raise Refused(short_code(told.get("reason")) or str(answer.status))
        if answer.status == 423:  # this number only, for now
            raise TryAgain(short_code(told.get("reason")) or "423")
        raise Away(str(answer.status))

    def fetch(self, media: str) -> bytes:
        """By its name below our own gateway's address; nobody else's address is ever asked."""
        try:
            answer = self._call(
                "GET", f"{self.url}/media/{quote(media, safe='')}", None, {}, BYTES_AT_MOST
            )
        except http.TooLarge:
            raise MediaGone from None
        if answer.status == 200:
            return answer.data
        if answer.status in FOR_EVER:
            raise MediaGone
        raise Away(str(answer.status))

    def _call(
        self,
        method: str,
        url: str,
        message: dict[str, Any] | None,
        headers: dict[str, str],
        most: int = http.BYTES_AT_MOST,
    ) -> http.Reply:
        body = b"" if message is None else json.dumps(message, ensure_ascii=False).encode()
        moment = str(int(time.time()))
        signed = {
            "Content-Type": "application/json",
            TIMESTAMP: moment,
            SIGNATURE: sign(self.secret, moment, body),
        }
        return http.call(method, url, headers=headers | signed, body=body, most=most)

    # ---- coming in ----

    def challenge(self, hook: Hook) -> str | None:
        return None

    def read(self, hook: Hook, now: dt.datetime) -> list[Incoming | Delivery]:
        moment = hook.headers.get(TIMESTAMP, "")
        right = sign(self.secret, moment, hook.body)
        if not hmac.compare_digest(right.encode(), hook.headers.get(SIGNATURE, "").encode()):
            raise WrongSignature
        if not re.fullmatch("[0-9]{1,12}", moment):
            raise WrongSignature
        if abs(now.timestamp() - int(moment)) > OLDEST_SIGNATURE.total_seconds():
            raise WrongSignature
        events = read_json(hook.body).get("events")
        if not isinstance(events, list) or len(events) > EVENTS_AT_MOST:
            raise Unreadable
        return [one for found in events if (one := _event(found, now)) is not None]


def sign(secret: bytes, moment: str, body: bytes) -> str:
    """Over time and body together, so that neither can be had with another."""
    return "v1=" + hmac.new(secret, moment.encode() + b"." + body, "sha256").hexdigest()


def read_json(body: bytes) -> dict[str, Any]:
    """Raises Unreadable."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(found, dict):
        raise Unreadable
    return found


def instant(seconds: object, now: dt.datetime) -> dt.datetime:
    """Of Unix seconds, as a number or in digits; none means just now. Raises Unreadable."""
    if seconds is None:
        return now
    try:
        return dt.datetime.fromtimestamp(int(str(seconds)), dt.UTC)
    except (ValueError, OverflowError, OSError):
        raise Unreadable from None


def short_code(value: object) -> str:
    """A provider's reason, if it is a code: it is stored and shown, so no sentence gets through."""
    code = str(value or "")
    return code if re.fullmatch(r"[A-Za-z0-9_.\-]{1,40}", code) else ""


def text_of(found: dict[str, Any], name: str) -> str:
    """Raises Unreadable where it is there and no text."""
    value = found.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable
    return value


def _event(found: object, now: dt.datetime) -> Incoming | Delivery | None:
    """None for a status on the way: what is neither delivered nor undeliverable parks nothing."""
    if not isinstance(found, dict):
        raise Unreadable
    event_id, channel = text_of(found, "id"), CHANNELS.get(text_of(found, "channel"))
    if not event_id or channel is None:
        raise Unreadable
    at = instant(found.get("at"), now)
    match found.get("type"):
        case "message":
            return _message(found, event_id, channel, at)
        case "status" if text_of(found, "status") not in STATUSES:
            return None
        case "status":
            return Delivery(
                event_id=event_id,
                channel=channel,
                provider_id=provider_name(text_of(found, "message_id")),
                delivered=text_of(found, "status") == DELIVERED,
                at=at,
                reason=short_code(found.get("reason")),
            )
    raise Unreadable


def _message(found: dict[str, Any], event_id: str, channel: Channel, at: dt.datetime) -> Incoming:
    media = found.get("media") or []
    sender = addresses.normal_phone(text_of(found, "from"))
    if not sender or not isinstance(media, list) or not all(isinstance(one, str) for one in media):
        raise Unreadable
    text = text_of(found, "text")
    return Incoming(
        event_id=event_id,
        channel=channel,
        sender=sender,
        sent_at=at,
        text=text,
        media=tuple(media[:MEDIA_AT_MOST]),
        place=text_of(found, "place"),
        quotes=provider_name(text_of(found, "answers")),
        unreadable=not (text or media or text_of(found, "place")),
    )


def number_of(typed: str) -> str:
    """Raises Refused: what is no number is none tomorrow either."""
    number = addresses.normal_phone(typed)
    if not number:
        raise Refused("bad_address")
    return number
