"""Where citizens write to this installation: the gateway of LAPOR_MESSAGE_URL, opened once, and the
mailbox of LAPOR_INBOUND_MAIL_URL."""

from flask import Flask, current_app

from lapor_web import city, clock
from lapor_web.config import UnsafeSettings
from lapor_web.extensions import db
from lapor_web.services.channels.mailbox import Mailbox
from lapor_web.services.channels.opening import open_gateway
from lapor_web.services.channels.phone import Gateway
from lapor_web.services.channels.urls import WrongUrl
from lapor_web.services.dialogues import wrote_lately


def init_app(app: Flask) -> None:
    """Raises UnsafeSettings: better now than at the first message."""
    url = app.config.get("LAPOR_MESSAGE_URL")
    try:
        gateway = open_gateway(url, in_session=in_session) if url else None
        mailbox(app)
    except WrongUrl as problem:
        raise UnsafeSettings(str(problem)) from None
    app.extensions["lapor_gateway"] = gateway


def mailbox(app: Flask) -> Mailbox | None:
    """Raises WrongUrl."""
    url = app.config.get("LAPOR_INBOUND_MAIL_URL")
    return Mailbox.from_url(url) if url else None


def phone_gateway() -> Gateway | None:
    gateway: Gateway | None = current_app.extensions["lapor_gateway"]
    return gateway


def in_session(phone: str) -> bool:
    return wrote_lately(
        db.session(), city.current_agency(), phone, keys=city.keys(), now=clock.now()
    )
