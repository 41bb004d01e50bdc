"""The channels of this installation, opened once: e-mail by LAPOR_MAIL_URL, phones by the gateway."""

from urllib.parse import urlsplit

from flask import Flask, current_app

from lapor_web.config import UnsafeSettings
from lapor_web.gateways import phone_gateway
from lapor_web.models import Medium
from lapor_web.services.channels import Channels
from lapor_web.services.channels.mail import Mail, Server
from lapor_web.services.channels.urls import WrongUrl
from lapor_web.text import clean_line


def init_app(app: Flask) -> None:
    """Raises UnsafeSettings: better now than at the first letter."""
    url = app.config.get("LAPOR_MAIL_URL")
    try:
        mail = open_mail(url, app) if url else None
    except WrongUrl as problem:
        raise UnsafeSettings(str(problem)) from None
    app.extensions["lapor_mail"] = mail


def open_mail(url: str, app: Flask) -> Mail:
    server = Server.from_url(url)
    domain = urlsplit(app.config.get("LAPOR_BASE_URL", "")).hostname or "localhost"
    own = server.user if "@" in server.user else f"lapor@{domain}"
    return Mail(server, clean_line(app.config.get("LAPOR_MAIL_FROM")) or own, domain)


def channels() -> Channels:
    both = {Medium.EMAIL: current_app.extensions["lapor_mail"], Medium.PHONE: phone_gateway()}
    return {medium: channel for medium, channel in both.items() if channel is not None}
