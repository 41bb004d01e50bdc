"""Keys derived from the one secret that is not in the database."""

import base64
import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# Crockford's alphabet: no I, L, O or U, so that a code can be read out over the telephone.
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("ILO", "110")
RECEIPT_LENGTH = 16
"""Characters of five bits each: 80 bits that nobody guesses."""


@dataclass(frozen=True, slots=True)
class Keys:
    """One key a purpose, so that what leaks of one tells nothing of another."""

    form: bytes
    receipt: bytes
    stored_receipt: bytes
    content: bytes
    wrapping: bytes
    """Wraps each report's own key; see `services.identity`."""
    subject: bytes
    address: bytes
    event: bytes
    message: bytes
    """Seals what came in by message until it is where it belongs, and what we answer."""
    letter: bytes

    @classmethod
    def from_secret(cls, secret: str) -> "Keys":
        def derive(purpose: str) -> bytes:
            hkdf = HKDF(SHA256(), length=32, salt=None, info=f"lapor/{purpose}/1".encode())
            return hkdf.derive(secret.encode())

        return cls(
            form=derive("form"),
            receipt=derive("receipt"),
            stored_receipt=derive("stored-receipt"),
            content=derive("content"),
            wrapping=derive("wrapping"),
            subject=derive("subject"),
            address=derive("address"),
            event=derive("event"),
            message=derive("message"),
            letter=derive("letter"),
        )

    def hash_of_form(self, key: str) -> bytes:
        return _hmac(self.form, key)

    def hash_of_content(self, *parts: str) -> bytes:
        """Tells a repeat from another text. The lengths keep ("ab", "c") from ("a", "bc")."""
        return _hmac(self.content, "".join(f"{len(part)}:{part}" for part in parts))

    def hash_of_subject(self, kind: str, value: str) -> bytes:
        """Of what is guessed at, so that the counters of `services.throttle` name nobody."""
        return _hmac(self.subject, f"{kind}:{value}")

    def hash_of_address(self, normal: str) -> bytes:
        """Of a phone or an e-mail address in the form of `services.addresses`."""
        return _hmac(self.address, normal)

    def hash_of_event(self, channel: str, event_id: str) -> bytes:
        """Of a provider's name for something that happened, so that it is taken once."""
        return _hmac(self.event, f"{channel}:{event_id}")

    def form_of_event(self, channel: str, event_id: str) -> str:
        """In place of a form's key, for a report that came without a form: the same event never
        makes a second one, and nobody who knows the event's id can make its receipt code."""
        return _hmac(self.event, f"form:{channel}:{event_id}").hex()[:32]

    def key_of_letter(self, message_id: int, created_at: dt.datetime) -> str:
        """Made, not drawn: in a database that was restored the same letter gets the same key again,
        and another one that was given its number since, another. URL-safe, and nobody's to guess."""
        instant = created_at.astimezone(dt.UTC).isoformat()
        made = _hmac(self.letter, f"{message_id}:{instant}")[:18]
        return base64.urlsafe_b64encode(made).decode()

    def receipt_code(self, form_key: str) -> str:
        """The reporter's secret, made from the form's key so that a repeat can show it again."""
        bits = int.from_bytes(_hmac(self.receipt, form_key)[:10])
        letters = [_CROCKFORD[bits >> shift & 31] for shift in range(75, -1, -5)]
        code = "".join(letters)
        return "-".join(code[at : at + 4] for at in range(0, RECEIPT_LENGTH, 4))

    def hash_of_receipt(self, typed: str) -> bytes:
        """Of a code as somebody typed it: small letters, spaces, O for 0 and I or L for 1."""
        bare = "".join(typed.upper().translate(_READ_AS).replace("-", " ").split())
        return _hmac(self.stored_receipt, bare)

    def receipt_matches(self, typed: str, stored: bytes | None) -> bool:
        """As slow for a report that does not exist (`None`) as for a wrong code."""
        right = hmac.compare_digest(self.hash_of_receipt(typed), stored or bytes(32))
        return right and stored is not None


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
