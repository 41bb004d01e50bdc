"""Settings from the environment. README → Settings has a line for each."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lapor_web.map_tiles import Tiles, UnusableTiles, read_tiles
from lapor_web.models import Role
from lapor_web.models.user import ACCOUNT_ROLES

SHORTEST_SECRET = 32
"""Characters. Sessions, receipt codes and the key of identities all hang on the secret."""


class UnsafeSettings(Exception):
    """The application must not start like this; the text says what to do."""


def read_config(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """What Flask needs. Raises UnsafeSettings when something that must be secret is not."""
    secret = environ.get("SECRET_KEY", "")
    if len(secret) < SHORTEST_SECRET:
        raise UnsafeSettings(
            f"SECRET_KEY belum diisi atau kurang dari {SHORTEST_SECRET} huruf. "
            "Buat satu dengan: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    url = environ.get("DATABASE_URL", "")
    if not url:
        raise UnsafeSettings("DATABASE_URL belum diisi. Isi dengan alamat PostgreSQL.")
    base_url = environ.get("LAPOR_BASE_URL", "http://localhost:8000")
    return {
        "SECRET_KEY": secret,
        "SQLALCHEMY_DATABASE_URI": with_psycopg(url),
        "LAPOR_BASE_URL": base_url,
        "LAPOR_PROXIES": read_proxies(environ.get("LAPOR_PROXIES") or "0"),
        "LAPOR_FOLDERS": folders_of(environ),
        "LAPOR_METRICS_TOKEN": read_metrics_token(environ.get("LAPOR_METRICS_TOKEN", "")),
        "LAPOR_STORAGE": environ.get("LAPOR_STORAGE") or storage_beside(environ),
        "LAPOR_MESSAGE_URL": environ.get("LAPOR_MESSAGE_URL", ""),
        "LAPOR_INBOUND_MAIL_URL": environ.get("LAPOR_INBOUND_MAIL_URL", ""),
        "LAPOR_MAIL_URL": environ.get("LAPOR_MAIL_URL", ""),
        "LAPOR_MAIL_FROM": environ.get("LAPOR_MAIL_FROM", ""),
        "LAPOR_MAIL_REPLY_TO": environ.get("LAPOR_MAIL_REPLY_TO", ""),
        "LAPOR_INVITATION_HOURS": read_hours(environ.get("LAPOR_INVITATION_HOURS", "72")),
        "LAPOR_LADDER": read_ladder(environ.get("LAPOR_LADDER") or "2,1,5"),
        "LAPOR_RETENTION_DAYS": read_retention(environ.get("LAPOR_RETENTION_DAYS") or "730,730"),
        "LAPOR_SECOND_FACTOR": read_roles(environ.get("LAPOR_SECOND_FACTOR", "")),
        "LAPOR_TILES": tiles_of(environ),
        "TRUSTED_HOSTS": trusted_hosts(environ.get("LAPOR_BASE_URL")),
        "SESSION_COOKIE_NAME": "lapor",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": base_url.startswith("https://"),
    }


def tiles_of(environ: Mapping[str, str]) -> Tiles | None:
    try:
        return read_tiles(environ.get("LAPOR_TILES", ""))
    except UnusableTiles as problem:
        raise UnsafeSettings(str(problem)) from None


def trusted_hosts(base_url: str | None) -> list[str] | None:
    """Whose name a request may call us by: our own, and this machine's, by which probes ask.
    Where nobody has said what our name is, any."""
    if not base_url:
        return None
    return [urlsplit(base_url).hostname or "", "localhost", "127.0.0.1", "[::1]"]


def read_hours(text: str) -> float:
    """How long an invitation opens the door; raises UnsafeSettings when that is too long."""
    try:
        hours = float(text)
    except ValueError:
        hours = 0
    if not 0.5 <= hours <= 72:
        raise UnsafeSettings("Isi LAPOR_INVITATION_HOURS dengan angka dari 0.5 sampai 72.")
    return hours


def read_ladder(text: str) -> tuple[int, int, int]:
    """Working days: before the last day, and after it until supervisor and leaders are told."""
    days = read_numbers(text, 3)
    if days is None or not 0 < days[1] <= days[2]:
        raise UnsafeSettings(
            "LAPOR_LADDER adalah tiga angka hari kerja, misalnya 2,1,5: sebelum tenggat, lalu "
            "sesudah tenggat untuk atasan dan untuk pimpinan."
        )
    return days[0], days[1], days[2]


def read_retention(text: str) -> tuple[int, int]:
    """Days after a report was closed until identity and attachments are erased."""
    days = read_numbers(text, 2)
    if days is None or min(days) < 30:
        raise UnsafeSettings(
            "LAPOR_RETENTION_DAYS adalah dua angka hari, paling sedikit 30, misalnya 730,730: "
            "untuk identitas pelapor dan untuk lampiran."
        )
    return days[0], days[1]


def read_numbers(text: str, how_many: int) -> list[int] | None:
    words = [word.strip() for word in text.split(",")]
    right = len(words) == how_many and all(re.fullmatch("[0-9]{1,5}", word) for word in words)
    return [int(word) for word in words] if right else None


def read_roles(text: str) -> frozenset[Role]:
    """Who has to show a code at sign-in; nobody has to where nothing is said."""
    words = {word.strip() for word in text.split(",") if word.strip()}
    if not words <= set(ACCOUNT_ROLES):
        raise UnsafeSettings(
            "LAPOR_SECOND_FACTOR berisi peran, dipisah koma, misalnya coordinator,inspector. "
            f"Peran yang ada: {', '.join(ACCOUNT_ROLES)}."
        )
    return frozenset(Role(word) for word in words)


def folders_of(environ: Mapping[str, str]) -> list[str]:
    """Where one machine keeps its database and its attachments; others keep them elsewhere."""
    named = (environ.get("LAPOR_DATA_DIR"), environ.get("LAPOR_STORAGE"))
    return [str(Path(one).absolute()) for one in named if one and "://" not in one]


def read_metrics_token(text: str) -> str:
    """Empty: `/metrics` is closed."""
    if text and len(text) < SHORTEST_SECRET:
        raise UnsafeSettings(
            f"LAPOR_METRICS_TOKEN kurang dari {SHORTEST_SECRET} huruf. Perpanjang, atau kosongkan."
        )
    return text


def read_proxies(text: str) -> int:
    if not re.fullmatch("[0-9]", text):
        raise UnsafeSettings("LAPOR_PROXIES adalah banyaknya proksi di depan, 0 sampai 9.")
    return int(text)


def storage_beside(environ: Mapping[str, str]) -> str | None:
    """One machine keeps attachments beside its database; several hosts need a place they share."""
    data_dir = environ.get("LAPOR_DATA_DIR")
    return str(Path(data_dir) / "lampiran") if data_dir else None


def refuse_without_storage(config: dict[str, Any]) -> dict[str, Any]:
    """For what serves: it would fail at the first photo. Raises UnsafeSettings."""
    if not config["LAPOR_STORAGE"]:
        raise UnsafeSettings(
            "LAPOR_STORAGE belum diisi. Isi dengan folder atau s3:// tempat lampiran disimpan."
        )
    return config


def with_psycopg(url: str) -> str:
    """Managed hosts print `postgres://` or `postgresql://`; SQLAlchemy wants the driver named."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url
