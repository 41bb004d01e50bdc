"""What can be wrong, in Indonesian sentences that say what to do."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path


class EmbeddedDatabaseError(Exception):
    """The database cannot be used; says in Indonesian what to do."""


class ProgramFailed(Exception):
    """A program of PostgreSQL ended or hung; why stands in its log."""


def refuse_other_platforms() -> None:
    if sys.platform != "linux":
        raise EmbeddedDatabaseError(
            "Basis data bawaan hanya berjalan di Linux. Pakai PostgreSQL sendiri lewat DATABASE_URL."
        )


@contextlib.contextmanager
def explained(data_dir: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        said = os.strerror(error.errno) if error.errno else str(error)
        raise EmbeddedDatabaseError(advice(said, error.filename or data_dir)) from error


def advice(said: str, where: object) -> str:
    """What to do about an error of the system or of PostgreSQL, which both speak English."""
    for sign, sentence in ADVICE.items():
        if sign in said:
            return f"{sentence} ({where})"
    lines = said.strip().splitlines() or ["tanpa pesan"]
    fatal = [line for line in lines if "FATAL" in line or "PANIC" in line or "error:" in line]
    return f"Basis data tidak dapat dimulai: {(fatal or lines)[-1]} (rinciannya di {where})"


ADVICE = {
    "No space left on device": "Ruang disk habis. Kosongkan ruang, lalu ulangi.",
    "Disk quota exceeded": "Kuota disk habis. Kosongkan ruang, lalu ulangi.",
    "Read-only file system": "Disk hanya dapat dibaca. Pilih LAPOR_DATA_DIR di tempat lain.",
    "Permission denied": "Izin ditolak. Beri pengguna ini hak tulis, atau pilih LAPOR_DATA_DIR lain.",
    "Operation not permitted": (
        "Sistem tidak mengizinkan berganti pengguna atau mengubah pemilik berkas. "
        "Jalankan lapor sebagai pengguna biasa, atau pakai DATABASE_URL."
    ),
    "Not a directory": "Yang ditunjuk LAPOR_DATA_DIR bukan folder. Pilih tempat lain.",
    "Cannot allocate memory": "Memori tidak cukup untuk basis data. Hentikan program lain, lalu ulangi.",
    "could not create shared memory": "Memori tidak cukup untuk basis data. Hentikan program lain, lalu ulangi.",
    "database files are incompatible with server": (
        "Data dibuat oleh versi PostgreSQL lain. Pasang kembali versi lama, buat cadangan dengan "
        "lapor backup, lalu pulihkan ke folder baru dengan lapor restore."
    ),
}
