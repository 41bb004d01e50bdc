"""The gateway that LAPOR_MESSAGE_URL names."""

from collections.abc import Callable
from dataclasses import fields
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from lapor_web.services.channels.gateway import HttpGateway
from lapor_web.services.channels.phone import Gateway
from lapor_web.services.channels.sms import Names, PlainSms
from lapor_web.services.channels.urls import LOOPBACK, WrongUrl
from lapor_web.services.channels.whatsapp import WhatsApp

SHORTEST_SECRET = 16


def open_gateway(url: str, *, in_session: Callable[[str], bool]) -> Gateway:
    """`https://SECRET@host/…` our own protocol, `whatsapp://TOKEN@…` the Cloud API,
    `sms://USER:PASSWORD@…` a plain gateway. Raises WrongUrl; README.md has every setting."""
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        kind, plain = _kind(parts)
        address = _address(parts, plain)
    except ValueError:
        raise WrongUrl("LAPOR_MESSAGE_URL bukan alamat.") from None
    match kind:
        case "sms":
            return _sms(address, user, password, options)
        case "whatsapp":
            return WhatsApp(
                address,
                _needed("token akses", user),
                app_secret=_needed("app_secret", options.get("app_secret", "")),
                verify_token=_needed("verify_token", options.get("verify_token", "")),
                in_session=in_session,
                language=options.get("language", "id"),
                prefix=options.get("prefix", "lapor_"),
            )
    return HttpGateway(address, _needed("rahasia", user))


def _kind(parts: SplitResult) -> tuple[str, bool]:
    """Which gateway, and whether without encryption: `sms` is short for `sms+https`."""
    first, _, second = parts.scheme.partition("+")
    kind, carrier = ("", first) if first in {"http", "https"} else (first, second or "https")
    if kind not in {"", "sms", "whatsapp"} or carrier not in {"http", "https"}:
        raise WrongUrl("LAPOR_MESSAGE_URL harus mulai dengan https://, whatsapp://, atau sms://.")
    return kind, carrier == "http"


def _address(parts: SplitResult, plain: bool) -> str:
    host = parts.hostname or ""
    if not host:
        raise WrongUrl("LAPOR_MESSAGE_URL tidak menyebut host.")
    if plain and host not in LOOPBACK:
        raise WrongUrl("LAPOR_MESSAGE_URL tanpa https hanya boleh ke komputer ini sendiri.")
    netloc = f"[{host}]" if ":" in host else host
    if parts.port:
        netloc += f":{parts.port}"
    return f"{'http' if plain else 'https'}://{netloc}{parts.path}"


def _needed(what: str, value: str) -> str:
    """Whoever has it can speak as the gateway, and so as any reporter."""
    if len(value) < SHORTEST_SECRET:
        raise WrongUrl(
            f"LAPOR_MESSAGE_URL: {what} belum ada atau kurang dari {SHORTEST_SECRET} huruf."
        )
    return value


def _sms(address: str, user: str, password: str, options: dict[str, str]) -> PlainSms:
    known = {one.name for one in fields(Names)}
    method = options.pop("method", "post").upper()
    if method not in {"GET", "POST"}:
        raise WrongUrl("LAPOR_MESSAGE_URL: method adalah get atau post.")
    secret = _needed("secret", options.pop("secret", ""))
    success = options.pop("success", "")
    names = {name: value for name, value in options.items() if name in known}
    fixed = {
        name.removeprefix("field."): value
        for name, value in options.items()
        if name.startswith("field.")
    }
    return PlainSms(
        address,
        user=user,
        password=password,
        secret=secret,
        method=method,
        success=success,
        names=Names(**names),
        fixed=fixed,
    )
