"""Browsers that signed in before: their tries are counted apart, so that strangers who guess at
an account never keep its owner out (promise 13)."""

import secrets

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from lapor_web import city
from lapor_web.services.accounts import normal_username
from lapor_web.services.throttle import ACCOUNT, ADDRESS, Gate

COOKIE = "lapor_perangkat"
YEAR = 365 * 24 * 60 * 60
NAMES_KEPT = 5
"""Officers who share a browser."""


def gates_for(username: str) -> list[Gate]:
    """What counts a try of this browser at this account."""
    username = normal_username(username)
    keys = city.keys()
    device, names = read_cookie()
    if name_in_cookie(username) in names:
        return [Gate(keys.hash_of_subject("device", f"{device}:{username}"), ACCOUNT)]
    return [
        Gate(keys.hash_of_subject("account", username), ACCOUNT),
        Gate(keys.hash_of_subject("address", request.remote_addr or ""), ADDRESS),
    ]


def remember(response: Response, username: str) -> None:
    device, names = read_cookie()
    name = name_in_cookie(normal_username(username))
    names = [name, *(other for other in names if other != name)][:NAMES_KEPT]
    response.set_cookie(
        COOKIE,
        serializer().dumps([device, names]),
        max_age=YEAR,
        path="/masuk",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def read_cookie() -> tuple[str, list[str]]:
    try:
        device, names = serializer().loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError):
        return secrets.token_urlsafe(16), []
    return device, names


def name_in_cookie(username: str) -> str:
    """Whoever borrows the browser reads no names in it."""
    return city.keys().hash_of_subject("device-name", username).hex()[:16]


def serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="lapor/device")
