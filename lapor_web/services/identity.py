"""Seals who sent a report, so that the database alone tells nobody."""

import json
from dataclasses import asdict, dataclass

from cryptography.exceptions import InvalidTag

from lapor_web.models import ReporterIdentity
from lapor_web.services import addresses
from lapor_web.services.keys import Keys
from lapor_web.services.sealing import decrypt, encrypt, new_key


@dataclass(frozen=True, slots=True)
class Identity:
    name: str = ""
    phone: str = ""
    email: str = ""


NOBODY = Identity()
"""Who left neither name nor contact."""


class Unreadable(Exception):
    """Erased, sealed under another secret, or moved here from another report's row."""


def seal(report_id: int, identity: Identity, *, keys: Keys) -> ReporterIdentity:
    """The row to store: sealed under a new key of this report, itself wrapped by ours.

    Both are bound to the report, so a row copied to another report does not open there.
    """
    key = new_key()
    words = json.dumps(asdict(identity)).encode()
    row = ReporterIdentity(
        report_id=report_id,
        wrapped_key=encrypt(keys.wrapping, key, _bound(report_id, "key")),
        sealed=encrypt(key, words, _bound(report_id, "identity")),
        has_contact=bool(identity.phone or identity.email),
    )
    mark(row, identity, keys=keys)
    return row


def mark(row: ReporterIdentity, identity: Identity, *, keys: Keys) -> None:
    """So that `services.senders` finds it."""
    row.phone_mark = addresses.mark(addresses.normal_phone(identity.phone), keys=keys)
    row.email_mark = addresses.mark(addresses.normal_email(identity.email), keys=keys)


def open_sealed(row: ReporterIdentity, *, keys: Keys) -> Identity:
    """Raises Unreadable. Who may ask is the caller's business, and so is the log of it."""
    if row.wrapped_key is None or row.sealed is None:
        raise Unreadable
    try:
        key = decrypt(keys.wrapping, row.wrapped_key, _bound(row.report_id, "key"))
        words = decrypt(key, row.sealed, _bound(row.report_id, "identity"))
    except InvalidTag:
        # No cause: what failed to open is nothing to print.
        raise Unreadable from None
    return Identity(**json.loads(words))


def _bound(report_id: int, what: str) -> bytes:
    return f"lapor/{what}/{report_id}".encode()
