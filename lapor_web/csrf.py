"""No unsafe request without proof that it comes from a page of ours (promise 12).

Checked once for every route, so no view and no form can forget it. The proof is a token bound to
the browser's session; where it comes from (Origin, Sec-Fetch-Site) can only speak against it.
"""

import secrets
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, make_response, render_template, request, session
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, TimestampSigner

from lapor_web import resend

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SIGNED_BY_THE_SENDER = frozenset({"public.stop_news", "webhooks.receive"})
"""Endpoints for programs, which have no page of ours to come from. Each checks a signature or a
secret of its own before it reads anything; there are no others."""
SECONDS_VALID = 24 * 60 * 60
"""A form left open longer comes back with its text, to be sent again."""


def init_app(app: Flask) -> None:
    def csrf_field() -> Any:
        if "csrf_field" not in g:
            # A macro, so that Jinja itself escapes the value.
            macros: Any = app.jinja_env.get_template("macros/csrf.html").module
            g.csrf_field = macros.csrf_field()
        return g.csrf_field

    app.jinja_env.globals.update(csrf_token=csrf_token, csrf_field=csrf_field)
    app.before_request(refuse_forgeries)


def refuse_forgeries() -> ResponseReturnValue | None:
    # Where there is no such route (404, 405), there is nothing to forge.
    if request.method in SAFE_METHODS or request.routing_exception is not None:
        return None
    if request.endpoint in SIGNED_BY_THE_SENDER:
        return None
    if came_from_elsewhere():
        return refuse()
    if token_is_ours(sent_token()):
        return None
    return resend.offer(resend.EXPIRED) if came_from_us() else refuse()


def csrf_token() -> str:
    """For this browser, good for a day: one a page. It differs from second to second, so that what
    compression tells about a page (BREACH) tells little of it."""
    if "csrf_token" not in g:
        if "csrf" not in session:
            session["csrf"] = secrets.token_urlsafe(16)
        nonce: str = session["csrf"]
        g.csrf_token = signer().sign(nonce).decode().removeprefix(f"{nonce}.")
    token: str = g.csrf_token
    return token


def sent_token() -> str:
    """From the header or the body; never from the address, which others get to see."""
    return request.headers.get("X-CSRFToken") or request.form.get("csrf_token", "")


def token_is_ours(token: str) -> bool:
    try:
        signer().unsign(f"{session['csrf']}.{token}", max_age=SECONDS_VALID)
    except (KeyError, BadSignature):
        return False
    return True


def signer() -> TimestampSigner:
    return TimestampSigner(current_app.config["SECRET_KEY"], salt="lapor/csrf")


def came_from_elsewhere() -> bool:
    """`same-site` is elsewhere too: the city's other sites are not ours."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "none")
    return (origin is not None and not is_own(origin)) or site not in {"same-origin", "none"}


def came_from_us() -> bool:
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    return site == "same-origin" or (origin is not None and is_own(origin))


def is_own(origin: str) -> bool:
    """Behind a proxy we may be spoken to by another scheme than the browser uses, hence the host
    alone; that the host is ours, TRUSTED_HOSTS has seen to."""
    base = urlsplit(current_app.config.get("LAPOR_BASE_URL", ""))
    return urlsplit(origin).netloc in {base.netloc, request.host} - {""}


def refuse() -> Response:
    page = render_template(
        "errors/error.html",
        status=403,
        heading="Kiriman ini tidak kami terima",
        text="Buka halamannya langsung di sini, lalu kirim dari sana.",
    )
    return make_response(page, 403)
