"""Settings from the environment. README → Settings has a line for each."""

import os
from collections.abc import Mapping
from typing import Any

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
        "SESSION_COOKIE_NAME": "lapor",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": base_url.startswith("https://"),
    }


def with_psycopg(url: str) -> str:
    """Managed hosts print `postgres://` or `postgresql://`; SQLAlchemy wants the driver named."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url
