"""Ways a letter leaves the house: what they are given, what they give back, how they refuse."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from lapor_web.models import Medium


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person, ready to go. It exists in the worker's memory only."""

    key: str
    """The same at every try: whoever takes letters knows by it that a second is the first again.
    URL-safe ASCII, at most 64 characters."""
    medium: Medium
    to: str
    """An e-mail address, or a phone number as the reporter typed it, cleaned of blanks."""
    text: str
    """Short for a phone (160 characters of GSM-7, link included), longer for e-mail."""
    subject: str = ""
    html: str | None = None
    reply_to: str | None = None
    unsubscribe_url: str | None = None
    template: str = ""
    """The kind of message, for gateways that send only texts agreed upon beforehand."""
    parameters: tuple[str, ...] = ()
    """What fills that template, in order."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Taken over by the provider, who calls it `provider_id`; "" where it gives no name."""

    provider_id: str = ""


class Refused(Exception):
    """For ever: this letter to this address never leaves as it is.

    `reason` is a short English code or the provider's own status ("550", "bad_address"): no
    address and no text of the letter, since it is stored, shown and logged.
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class TryAgain(Exception):
    """Not this letter now: a full mailbox, a number that is busy. It costs one of its eight tries
    over some 21 hours. `reason` as that of `Refused`."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class Away(TryAgain):
    """Not now, and no other letter either: no connection, no answer, a wrong password, 5xx or 429
    of the gateway itself. It costs the letter no try; the channel rests for a while."""


class Channel(Protocol):
    """Sends within some 30 seconds, or raises Refused or TryAgain; keeps no letter."""

    def send(self, letter: Letter) -> Sent: ...


Channels = Mapping[Medium, Channel]
"""Those of this installation."""
