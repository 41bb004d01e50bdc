"""A plain SMS gateway: form fields there, form fields back, under names that are settings."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode

from lapor_web.models import Channel
from lapor_web.services import addresses
from lapor_web.services.channels import Away, Letter, Refused, Sent, http
from lapor_web.services.channels.gateway import FOR_EVER, instant, number_of, short_code
from lapor_web.services.channels.phone import (
    Delivery,
    Hook,
    Incoming,
    MediaGone,
    Unreadable,
    WrongSignature,
    provider_name,
)

FIELDS_AT_MOST = 50
DELIVERED = frozenset({"delivered", "delivrd", "success", "1"})
NOT_DELIVERED = frozenset(
    {"undeliverable", "undelivered", "undeliv", "failed", "rejected", "rejectd", "expired", "2"}
)
"""1 and 2 are Kannel's, the capitals those of SMPP; anything else says that it is on its way."""


@dataclass(frozen=True, slots=True)
class Names:
    """How the provider calls each field; "" where it has none."""

    to: str = "to"
    text: str = "text"
    key: str = ""
    """Of ours, at providers that take each key once."""
    user: str = "username"
    password: str = "password"  # noqa: S105
    message_id: str = "id"
    """In its answer, if that is JSON."""
    in_from: str = "from"
    in_text: str = "text"
    in_id: str = "id"
    in_at: str = ""
    in_status: str = "status"
    in_secret: str = "secret"  # noqa: S105


class PlainSms:
    name: ClassVar[str] = "sms"

    def __init__(
        self,
        url: str,
        *,
        user: str,
        password: str,
        secret: str,
        method: str = "POST",
        success: str = "",
        names: Names | None = None,
        fixed: Mapping[str, str] | None = None,
    ):
        """`success` is what an answer must match, for providers that refuse with status 200;
        `fixed` goes along with every message (a sender's name, say)."""
        self.url, self.user, self.password, self.secret = url, user, password, secret
        self.method, self.success = method, re.compile(success)
        self.names, self.fixed = names or Names(), dict(fixed or {})

    # ---- going out ----

    def send(self, letter: Letter) -> Sent:
        names = self.names
        fields = self.fixed | {
            names.user: self.user,
            names.password: self.password,
            names.to: number_of(letter.to),
            names.text: letter.text,
            names.key: letter.key,
        }
        encoded = urlencode({name: value for name, value in fields.items() if name})
        if self.method == "GET":
            answer = http.call("GET", f"{self.url}?{encoded}")
        else:
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            answer = http.call("POST", self.url, headers=form, body=encoded.encode())
        if answer.status in FOR_EVER:
            raise Refused(str(answer.status))
        if not 200 <= answer.status < 300:
            raise Away(str(answer.status))
        said = answer.data.decode("utf-8", "replace")
        if not self.success.search(said):
            raise Refused("not_accepted")
        return Sent(provider_name(self._id_in(said)))

    def _id_in(self, said: str) -> str:
        try:
            found = json.loads(said)
        except (ValueError, RecursionError):
            return said.strip() if len(said) <= 100 else ""
        return str(_deep(found, self.names.message_id) or "")

    def fetch(self, media: str) -> bytes:
        raise MediaGone

    # ---- coming in ----

    def challenge(self, hook: Hook) -> str | None:
        return None

    def read(self, hook: Hook, now: dt.datetime) -> list[Incoming | Delivery]:
        """These providers sign nothing: they show a secret, as a field or as a Basic password."""
        try:
            pairs = parse_qsl(
                hook.body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS_AT_MOST
            )
        except ValueError:
            raise Unreadable from None
        fields = dict(pairs)
        shown = fields.get(self.names.in_secret) or _basic_password(hook)
        if not self.secret or not hmac.compare_digest(shown.encode(), self.secret.encode()):
            raise WrongSignature
        status = fields.get(self.names.in_status, "").lower()
        if self.names.in_text not in fields and status:
            return self._delivery(fields, status, now)
        return [self._incoming(fields, now)]

    def _incoming(self, fields: Mapping[str, str], now: dt.datetime) -> Incoming:
        names = self.names
        sender = addresses.normal_phone(fields.get(names.in_from, ""))
        if not sender or names.in_text not in fields:
            raise Unreadable
        at = instant(fields.get(names.in_at) or None, now) if names.in_at else now
        return Incoming(
            event_id=fields.get(names.in_id) or _fingerprint(fields),
            channel=Channel.SMS,
            sender=sender,
            sent_at=at,
            text=fields[names.in_text],
        )

    def _delivery(
        self, fields: Mapping[str, str], status: str, now: dt.datetime
    ) -> list[Incoming | Delivery]:
        gateways_id = fields.get(self.names.in_id, "")
        if not gateways_id:
            raise Unreadable
        if status not in DELIVERED | NOT_DELIVERED:
            return []
        return [
            Delivery(
                event_id=f"{gateways_id}:{status}",
                channel=Channel.SMS,
                provider_id=provider_name(gateways_id),
                delivered=status in DELIVERED,
                at=now,
                reason=short_code(status),
            )
        ]


def _basic_password(hook: Hook) -> str:
    kind, _, rest = hook.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(rest, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def _fingerprint(fields: Mapping[str, str]) -> str:
    """For a provider that numbers nothing: the same fields again are the same message again."""
    return hashlib.sha256(repr(sorted(fields.items())).encode()).hexdigest()


def _deep(found: Any, name: str) -> Any:
    """The first value of that name, at whatever depth providers wrap it in."""
    layer = [found]
    for _ in range(4):
        for one in layer:
            if isinstance(one, dict) and isinstance(one.get(name), str | int):
                return one[name]
        layer = [
            inner
            for one in layer
            for inner in (
                one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
            )
        ]
    return None
