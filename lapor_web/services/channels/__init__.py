"""Ways a letter leaves the house: what they are given, what they give back, how they refuse."""

import enum
from dataclasses import dataclass
from typing import Protocol


class Medium(enum.StrEnum):
    """What kind of address a letter goes to; the gateway decides how it reaches a phone."""

    EMAIL = "email"
    PHONE = "phone"


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
    """Not now: the gateway is away, slow, or says so. `reason` as that of `Refused`."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class Channel(Protocol):
    """Sends within some 30 seconds, or raises Refused or TryAgain; keeps no letter."""

    def send(self, letter: Letter) -> Sent: ...
