"""The folder that backups lie in: its key, its names, and which of them are kept."""

import contextlib
import datetime as dt
import fcntl
import hmac
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from lapor_web.backup.errors import BackupProblem

HEADER, LOCK, BLOBS = "cadangan.json", "kunci", "lampiran"
DATABASE, MANIFEST = "database", "manifest"
FORMAT = 1
UNFINISHED = "."
_NAME = re.compile(r"\d{8}T\d{6}Z")

SHORTEST_KEY = 16
"""Bytes."""
SCRYPT = {"n": 1 << 15, "r": 8, "p": 1}
"""32 MB and some 0.1 s: what guesses at a password shall cost."""

ALL_OF = dt.timedelta(hours=24)
"""Of the last day every backup is kept, of the days before the last of each day."""


@dataclass(frozen=True, slots=True)
class Repository:
    folder: Path
    key: bytes | None
    """None: not encrypted."""

    def backups(self) -> list[str]:
        """Names of the whole ones, oldest first."""
        return sorted(path.name for path in self.folder.iterdir() if _NAME.fullmatch(path.name))

    def blob(self, name: str) -> Path:
        return self.folder / BLOBS / name[:2] / name


def name_of(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def instant_of(name: str) -> dt.datetime:
    return dt.datetime.strptime(name, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)


def read_key(path: Path | None) -> bytes | None:
    """A password or random bytes, in a file: a command's arguments are read by everybody."""
    if path is None:
        return None
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise BackupProblem(f"Berkas kunci {path} tidak dapat dibaca: {error.strerror}.") from None
    if len(key) < SHORTEST_KEY:
        raise BackupProblem(
            f"Kunci di {path} kurang dari {SHORTEST_KEY} huruf. Buat satu dengan: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return key


def create_or_open(folder: Path, key: bytes | None) -> Repository:
    """For writing. Raises BackupProblem where another key wrote before."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / HEADER).exists():
        if any(path.name != LOCK for path in folder.iterdir()):
            raise BackupProblem(
                f"Folder {folder} berisi berkas lain. Pilih folder kosong, atau folder cadangan."
            )
        write_header(folder, key)
    return open_existing(folder, key)


def open_existing(folder: Path, key: bytes | None) -> Repository:
    header = read_header(folder)
    encryption = header["encryption"]
    if encryption is None:
        if key is not None:
            raise BackupProblem(
                f"Cadangan di {folder} tidak terenkripsi. Hapus --kunci, atau pilih folder lain."
            )
        return Repository(folder, None)
    if key is None:
        raise BackupProblem(
            f"Cadangan di {folder} terenkripsi. Sebut berkas kuncinya dengan --kunci."
        )
    derived = derive(key, bytes.fromhex(encryption["salt"]))
    if not hmac.compare_digest(check_of(derived), encryption["check"]):
        raise BackupProblem(
            f"Kunci tidak cocok dengan cadangan di {folder}. Pakai kunci yang dulu."
        )
    return Repository(folder, derived)


def read_header(folder: Path) -> dict[str, Any]:
    try:
        header: dict[str, Any] = json.loads((folder / HEADER).read_text())
        if header["format"] > FORMAT:
            raise BackupProblem(
                "Cadangan dibuat oleh versi yang lebih baru. Pasang versi itu, lalu ulangi."
            )
        if header["encryption"] is not None:
            bytes.fromhex(header["encryption"]["salt"] + header["encryption"]["check"])
    except (FileNotFoundError, NotADirectoryError):
        raise BackupProblem(f"Tidak ada cadangan di {folder}. Periksa nama foldernya.") from None
    except (ValueError, KeyError, TypeError):
        raise BackupProblem(
            f"Berkas {folder / HEADER} rusak. Ambil dari salinan lain folder ini, lalu ulangi."
        ) from None
    return header


def write_header(folder: Path, key: bytes | None) -> None:
    encryption = None
    if key is not None:
        salt = secrets.token_bytes(16)
        encryption = {"kdf": "scrypt", **SCRYPT, "salt": salt.hex()}
        encryption["check"] = check_of(derive(key, salt))
    header = {"format": FORMAT, "encryption": encryption}
    write_whole(folder / HEADER, json.dumps(header, indent=1).encode())


def derive(key: bytes, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, **SCRYPT).derive(key)


def check_of(derived: bytes) -> str:
    return hmac.digest(derived, b"lapor/backup/check", "sha256").hex()


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Two backups at once would clear away each other's files. Raises BackupProblem."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(folder / LOCK, "w", opener=private) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupProblem(
                f"Cadangan lain sedang ditulis ke {folder}. Tunggu sampai selesai, lalu ulangi."
            ) from None
        yield


def to_keep(names: Sequence[str], *, now: dt.datetime, days: int) -> set[str]:
    """All of the last day, the last of each day for `days`, and the newest whatever its age."""
    kept = set(names[-1:])
    last_of_day = {name[:8]: name for name in sorted(names)}
    for name in names:
        age = now - instant_of(name)
        if age <= ALL_OF or (age <= dt.timedelta(days=days) and last_of_day[name[:8]] == name):
            kept.add(name)
    return kept


def clear_unfinished(repository: Repository) -> None:
    """What was cut off; to be called by who is alone."""
    for path in repository.folder.glob(f"{UNFINISHED}[0-9]*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in (repository.folder / BLOBS).glob(f"*/{UNFINISHED}*"):
        path.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """All of it or nothing, and lasting."""
    unfinished = path.with_name(f"{UNFINISHED}{path.name}")
    with lasting(unfinished) as file:
        file.write(content)
    unfinished.rename(path)
    sync_folder(path.parent)


@contextlib.contextmanager
def lasting(path: Path) -> Iterator[BinaryIO]:
    """To write; on the disk when the block is left."""
    with open(path, "wb", opener=private) as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
