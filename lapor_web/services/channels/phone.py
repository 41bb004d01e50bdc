"""What every message gateway can do: send, and tell what came in. Which one, LAPOR_MESSAGE_URL says.

Their requests are written down in `README.md` beside this file.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from lapor_web.models import Channel
from lapor_web.services.channels import Letter, Sent

OLDEST_SIGNATURE = dt.timedelta(minutes=5)
"""And as far ahead of our clock as behind it."""
OLDEST_EVENT = dt.timedelta(days=8)
"""Providers try for up to seven days. What is older was taken long ago, or is a replay of which
we may have forgotten that it was."""


class WrongSignature(Exception):
    """Not from our gateway, or too old (403)."""


class Unreadable(Exception):
    """Signed, but not in the shape that was agreed upon (400)."""


class MediaGone(Exception):
    """The gateway no longer has it, or it is no file that we would take."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message of a person."""

    event_id: str
    channel: Channel
    sender: str
    """A phone number in the form of `services.addresses`."""
    sent_at: dt.datetime
    text: str = ""
    media: tuple[str, ...] = ()
    """The gateway's names for pictures and papers; for `Gateway.fetch`."""
    place: str = ""
    """A place that was shared, in words or as latitude and longitude."""
    quotes: str = ""
    """Our message that it answers, by the name that `Sent` gave it."""
    unreadable: bool = False
    """Speech or the like, which no officer can read."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message of ours."""

    event_id: str
    channel: Channel
    provider_id: str
    delivered: bool
    at: dt.datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Hook:
    """A request to our webhook, as far as a gateway needs it."""

    headers: Mapping[str, str]
    """Names as HTTP writes them, each part with a capital."""
    body: bytes
    query: Mapping[str, str] = field(default_factory=dict)


class Gateway(Protocol):
    """A `Channel` that can also be written to."""

    name: ClassVar[str]
    """In the address of its webhook: /gerbang/<name>."""

    def send(self, letter: Letter) -> Sent:
        """Raises Refused, TryAgain or Away."""
        ...

    def challenge(self, hook: Hook) -> str | None:
        """The answer to a question by which the gateway finds out whether we are who we say."""
        ...

    def read(self, hook: Hook, now: dt.datetime) -> list[Incoming | Delivery]:
        """Raises WrongSignature or Unreadable."""
        ...

    def fetch(self, media: str) -> bytes:
        """Raises MediaGone, or TryAgain."""
        ...


def provider_name(gateways_id: str) -> str:
    """By which we remember a message at the gateway. Hashed, for an id of WhatsApp holds the
    receiver's number; it is random enough that nobody finds it by trying."""
    return hashlib.sha256(gateways_id.encode()).hexdigest()[:40] if gateways_id else ""
