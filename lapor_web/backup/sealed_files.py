"""Files of any length under AES-GCM, piece by piece.

Each file has a key of its own, derived from the repository's by a random salt at its beginning, so that nonces may
simply count. The name of the file, a piece's number and whether it is the last are bound in: nothing can be
renamed, reordered or cut off unseen. Without a key the bytes are as they are.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lapor_web.backup.errors import Damaged

PIECE = 1 << 20
"""Bytes."""
SALT = 16
TAG = 16


def write(file: BinaryIO, pieces: Iterable[bytes], *, key: bytes | None, name: str) -> str:
    """The SHA-256 of what stands in the file."""
    written = hashlib.sha256()
    for piece in pieces if key is None else sealed(pieces, key, name):
        written.update(piece)
        file.write(piece)
    return written.hexdigest()


def read(path: Path, *, key: bytes | None, name: str) -> Iterator[bytes]:
    """Raises Damaged, after pieces that were whole; FileNotFoundError."""
    with path.open("rb") as file:
        if key is None:
            while piece := file.read(PIECE):
                yield piece
            return
        yield from opened(file, key, name)


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sealed(pieces: Iterable[bytes], key: bytes, name: str) -> Iterator[bytes]:
    salt = secrets.token_bytes(SALT)
    cipher = cipher_of(key, salt, name)
    yield salt
    number, waiting = 0, b""
    for piece in even(pieces):
        if waiting:
            yield cipher.encrypt(nonce(number, last=False), waiting, None)
            number += 1
        waiting = piece
    yield cipher.encrypt(nonce(number, last=True), waiting, None)


def opened(file: BinaryIO, key: bytes, name: str) -> Iterator[bytes]:
    cipher = cipher_of(key, file.read(SALT), name)
    number, piece = 0, file.read(PIECE + TAG)
    while True:
        following = file.read(PIECE + TAG)
        try:
            yield cipher.decrypt(nonce(number, last=not following), piece, None)
        except (InvalidTag, ValueError):
            raise Damaged(name) from None
        if not following:
            return
        number, piece = number + 1, following


def cipher_of(key: bytes, salt: bytes, name: str) -> AESGCM:
    hkdf = HKDF(SHA256(), length=32, salt=salt, info=f"lapor/backup/{name}".encode())
    return AESGCM(hkdf.derive(key))


def nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def even(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces of `PIECE` bytes and a shorter last one; none of nothing."""
    buffer = bytearray()
    for piece in pieces:
        buffer += piece
        while len(buffer) >= PIECE:
            yield bytes(buffer[:PIECE])
            del buffer[:PIECE]
    if buffer:
        yield bytes(buffer)
