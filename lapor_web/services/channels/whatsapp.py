"""WhatsApp's Cloud API: messages by Meta's Graph API, news of them by its webhooks.

Within 24 hours of a person's last message anything may be written to them; at any other time only
a template that Meta has agreed to. https://developers.facebook.com/docs/whatsapp/cloud-api
"""

import datetime as dt
import hmac
import json
from collections.abc import Callable, Iterator
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from lapor_web.models import Channel
from lapor_web.services import addresses
from lapor_web.services.attachments import BYTES_AT_MOST
from lapor_web.services.channels import Away, Letter, Refused, Sent, TryAgain, http
from lapor_web.services.channels.gateway import instant, number_of, read_json, text_of
from lapor_web.services.channels.phone import (
    Delivery,
    Hook,
    Incoming,
    MediaGone,
    Unreadable,
    WrongSignature,
    provider_name,
)

TOO_OFTEN = frozenset({4, 80007, 130429})
"""Error codes about us: as good as a gateway that is away."""
LATER = frozenset({131000, 131016, 131048, 131056, 133004})
"""About this letter, and not for ever."""
NO_ACCESS = frozenset({0, 3, 10, 190, 131005, 131031, 133010})
"""Our token or account does not do; letters wait until somebody mends it."""

WITH_MEDIA = frozenset({"image", "document"})
SPOKEN = frozenset({"audio", "video", "sticker", "contacts", "unsupported"})


class WhatsApp:
    name: ClassVar[str] = "whatsapp"

    def __init__(
        self,
        url: str,
        token: str,
        *,
        app_secret: str,
        verify_token: str,
        in_session: Callable[[str], bool],
        language: str = "id",
        prefix: str = "lapor_",
        media_hosts: tuple[str, ...] = ("lookaside.fbsbx.com",),
    ):
        """`url` ends in the id of our phone number: https://graph.facebook.com/v23.0/<id>.
        `in_session` says of a number whether its owner wrote to us within the last day."""
        self.url = url.rstrip("/")
        self.base = self.url.rsplit("/", 1)[0]
        self.phone_id = self.url.rsplit("/", 1)[1]
        self.token, self.app_secret, self.verify_token = token, app_secret.encode(), verify_token
        self.in_session, self.language, self.prefix = in_session, language, prefix
        self.media_hosts = media_hosts

    # ---- going out ----

    def send(self, letter: Letter) -> Sent:
        to = number_of(letter.to)
        message = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to}
        if self.in_session(to) or not letter.template:
            content = {"type": "text", "text": {"body": letter.text, "preview_url": False}}
        else:
            content = {"type": "template", "template": self._template(letter)}
        # The Cloud API knows no keys of ours; it gives this one back with every status.
        body = json.dumps({**message, **content, "biz_opaque_callback_data": letter.key})
        answer = http.call(
            "POST",
            f"{self.url}/messages",
            headers=self._headers() | {"Content-Type": "application/json"},
            body=body.encode(),
        )
        told = answer.json()
        if answer.status == 200:
            messages = told.get("messages") or [{}]
            return Sent(provider_name(str(messages[0].get("id") or "")))
        raise _refusal(answer.status, told)

    def _template(self, letter: Letter) -> dict[str, Any]:
        # A parameter with a line end, a tab or many spaces is refused.
        words = [{"type": "text", "text": " ".join(one.split())} for one in letter.parameters]
        return {
            "name": f"{self.prefix}{letter.template}",
            "language": {"code": self.language},
            "components": [{"type": "body", "parameters": words}] if words else [],
        }

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def fetch(self, media: str) -> bytes:
        """An id gives an address for five minutes, the address gives the file."""
        found = self._get(f"{self.base}/{quote(media, safe='')}", http.BYTES_AT_MOST)
        url = str(found.json().get("url") or "")
        where = urlsplit(url)
        # It comes with our token: to Meta's own hosts, or nowhere.
        known = where.scheme == "https" and where.hostname in self.media_hosts
        if not known and not url.startswith(f"{self.base}/"):
            raise MediaGone
        return self._get(url, BYTES_AT_MOST).data

    def _get(self, url: str, most: int) -> http.Reply:
        try:
            answer = http.call("GET", url, headers=self._headers(), most=most)
        except http.TooLarge:
            raise MediaGone from None
        if answer.status in {400, 404, 410}:
            raise MediaGone
        if answer.status != 200:
            raise Away(str(answer.status))
        return answer

    # ---- coming in ----

    def challenge(self, hook: Hook) -> str | None:
        token = hook.query.get("hub.verify_token", "")
        if not hmac.compare_digest(token.encode(), self.verify_token.encode()):
            return None
        asked = hook.query.get("hub.challenge", "")
        # Given back to whoever asks, so nothing but what Meta sends: digits.
        return asked if hook.query.get("hub.mode") == "subscribe" and asked.isdecimal() else None

    def read(self, hook: Hook, now: dt.datetime) -> list[Incoming | Delivery]:
        """Its signature holds no time; a replay is known by the events' own times and ids."""
        right = "sha256=" + hmac.new(self.app_secret, hook.body, "sha256").hexdigest()
        given = hook.headers.get("X-Hub-Signature-256", "")
        if not hmac.compare_digest(right.encode(), given.encode()):
            raise WrongSignature
        return list(self._events(read_json(hook.body), now))

    def _events(self, told: dict[str, Any], now: dt.datetime) -> Iterator[Incoming | Delivery]:
        for value in _values(told):
            if _dict(value.get("metadata")).get("phone_number_id") != self.phone_id:
                continue  # of another number of the same account
            for message in _dicts(value.get("messages")):
                if (incoming := _incoming(message, now)) is not None:
                    yield incoming
            for status in _dicts(value.get("statuses")):
                if (delivery := _delivery(status, now)) is not None:
                    yield delivery


def _refusal(status: int, told: dict[str, Any]) -> Exception:
    """What an error of the Graph API means for a letter."""
    code = _dict(told.get("error")).get("code")
    reason = str(code) if isinstance(code, int) else str(status)
    if status == 429 or status >= 500 or code in TOO_OFTEN or code in NO_ACCESS:
        return Away(reason)
    if code in LATER:
        return TryAgain(reason)
    return Refused(reason) if 400 <= status < 500 and status not in {401, 403} else Away(reason)


def _incoming(message: dict[str, Any], now: dt.datetime) -> Incoming | None:
    kind = text_of(message, "type")
    part = _dict(message.get(kind))
    text, media, place = "", "", ""
    if kind == "text":
        text = text_of(part, "body")
    elif kind in WITH_MEDIA:
        text, media = text_of(part, "caption"), text_of(part, "id")
    elif kind == "location":
        place = _place(part)
    elif kind == "button":
        text = text_of(part, "text")
    elif kind == "interactive":
        text = text_of(_dict(part.get("button_reply") or part.get("list_reply")), "title")
    elif kind not in SPOKEN:
        return None  # a reaction, a new number, whatever comes next year
    sender = addresses.normal_phone("+" + text_of(message, "from"))
    event_id = text_of(message, "id")
    if not sender or not event_id:
        raise Unreadable
    return Incoming(
        event_id=event_id,
        channel=Channel.WHATSAPP,
        sender=sender,
        sent_at=instant(message.get("timestamp"), now),
        text=text,
        media=(media,) if media else (),
        place=place,
        quotes=provider_name(text_of(_dict(message.get("context")), "id")),
        unreadable=kind in SPOKEN,
    )


def _place(location: dict[str, Any]) -> str:
    words = [text_of(location, name) for name in ("name", "address")]
    point = [location.get(name) for name in ("latitude", "longitude")]
    if all(isinstance(one, int | float) for one in point):
        words.append(f"{point[0]}, {point[1]}")
    return "; ".join(word for word in words if word)


def _delivery(status: dict[str, Any], now: dt.datetime) -> Delivery | None:
    word = text_of(status, "status")
    if word not in {"delivered", "read", "failed"}:
        return None
    errors = _dicts(status.get("errors"))
    wamid = text_of(status, "id")
    return Delivery(
        event_id=f"{wamid}:{word}",
        channel=Channel.WHATSAPP,
        provider_id=provider_name(wamid),
        delivered=word != "failed",
        at=instant(status.get("timestamp"), now),
        reason=str(errors[0].get("code") or "failed")[:40] if errors else "",
    )


def _values(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if told.get("object") != "whatsapp_business_account":
        raise Unreadable
    for entry in _dicts(told.get("entry")):
        for change in _dicts(entry.get("changes")):
            if change.get("field") == "messages":
                yield _dict(change.get("value"))


def _dict(value: object) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unreadable
    return value


def _dicts(value: object) -> list[dict[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unreadable
    return [_dict(one) for one in value]
