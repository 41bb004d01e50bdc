"""Seals who sent a report, so that the database alone tells nobody."""

import json
import secrets
from dataclasses import asdict, dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lapor_web.models import ReporterIdentity
from lapor_web.services.keys import Keys

_NONCE_BYTES = 12  # the length that NIST SP 800-38D recommends for GCM


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
    key = AESGCM.generate_key(bit_length=256)
    words = json.dumps(asdict(identity)).encode()
    return ReporterIdentity(
        report_id=report_id,
        wrapped_key=_encrypt(keys.wrapping, key, _bound(report_id, "key")),
        sealed=_encrypt(key, words, _bound(report_id, "identity")),
        has_contact=bool(identity.phone or identity.email),
    )


def open_sealed(row: ReporterIdentity, *, keys: Keys) -> Identity:
    """Raises Unreadable. Who may ask is the caller's business, and so is the log of it."""
    if row.wrapped_key is None or row.sealed is None:
        raise Unreadable
    try:
        key = _decrypt(keys.wrapping, row.wrapped_key, _bound(row.report_id, "key"))
        words = _decrypt(key, row.sealed, _bound(row.report_id, "identity"))
    except InvalidTag:
        # No cause: what failed to open is nothing to print.
        raise Unreadable from None
    return Identity(**json.loads(words))


def _bound(report_id: int, what: str) -> bytes:
    return f"lapor/{what}/{report_id}".encode()


def _encrypt(key: bytes, plain: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def _decrypt(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound)
