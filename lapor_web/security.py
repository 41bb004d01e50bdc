"""The headers of every answer, errors too (promise 16)."""

import secrets

from flask import Flask, Response, g, request


def init_app(app: Flask) -> None:
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.after_request(add_headers)


def csp_nonce() -> str:
    """One for the whole answer; only a style of ours may carry it."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(12)
    nonce: str = g.csp_nonce
    return nonce


def image_origin() -> str:
    """Where else pictures may come from: on the map's page alone, and only where tiles are set."""
    return f" {g.image_origin}" if "image_origin" in g else ""


def add_headers(response: Response) -> Response:
    # A picture inside a page (`data:`) fetches nothing from anywhere: citizens' pages carry their icon.
    response.headers.setdefault(  # an attachment brings a stricter one
        "Content-Security-Policy",
        f"default-src 'none'; script-src 'self'; img-src 'self' data:{image_origin()};"
        " connect-src 'self';"
        f" style-src 'self' 'nonce-{csp_nonce()}';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.endpoint != "static":
        # Nothing is kept by anybody unless a view says that it may.
        response.headers.setdefault("Cache-Control", "no-store")
    response.vary.update(["HX-Request", "Cookie"])
    return response
