"""What a city keeps in its folder beside the database: its secret, and whether it is a demo."""

import os
import secrets
from pathlib import Path

SECRET, MARK = "secret-key", "kota-percobaan"


def secret_of(folder: Path) -> str:
    """Made once: receipt codes and sealed names hang on it."""
    path = folder / SECRET
    if not path.exists():
        new = path.with_suffix(".new")
        with open(new, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())  # or a power cut leaves a name with nothing in it
        new.rename(path)
    return path.read_text()


def is_demo(folder: Path) -> bool:
    """Whether everybody in it has the same password, and nobody is real."""
    return (folder / MARK).exists()


def mark_as_demo(folder: Path) -> None:
    (folder / MARK).touch()
