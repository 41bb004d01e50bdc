"""`/gerbang/<name>`: where the message gateway tells what came in, and what became of ours.

Nothing is believed but a signature, and nothing is done but noted: the worker reads it.
"""

import logging

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.gateways import phone_gateway
from lapor_web.services import inbound_events
from lapor_web.services.channels.phone import Gateway, Hook, Unreadable, WrongSignature

logger = logging.getLogger(__name__)

bp = Blueprint("webhooks", __name__)

TEXT = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}


@bp.get("/gerbang/<name>")
def confirm(name: str) -> ResponseReturnValue:
    """The gateway asks once, when its webhook is set up, whether we are who it was told."""
    answer = gateway_called(name).challenge(hook())
    if answer is None:
        return "", 403, TEXT
    return answer, 200, TEXT


@bp.post("/gerbang/<name>")
def receive(name: str) -> ResponseReturnValue:
    """200 once it is safe in the database; anything else makes the gateway try again."""
    gateway = gateway_called(name)
    try:
        events = gateway.read(hook(), clock.now())
    except WrongSignature:
        logger.warning("webhook refused: signature")
        return "", 403, TEXT
    except Unreadable:
        logger.warning("webhook refused: shape")
        return "", 400, TEXT
    inbound_events.take(
        db.session(), city.current_agency(), events, keys=city.keys(), now=clock.now()
    )
    db.session.commit()
    return "", 200, TEXT


def gateway_called(name: str) -> Gateway:
    """Only the one that is set up has an address."""
    gateway = phone_gateway()
    if gateway is None or gateway.name != name:
        abort(404)
    return gateway


def hook() -> Hook:
    # Flask's own limit of a body holds here as everywhere (413).
    return Hook(headers=dict(request.headers), body=request.get_data(), query=request.args)
