"""The browser's session: Flask's own signed cookie, whose signer is made once and not twice a request."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


def init_app(app: Flask) -> None:
    app.session_interface = KeptSigner()


class KeptSigner(SecureCookieSessionInterface):
    """For one application, whose secret stays what it was when the process began."""

    _kept: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._kept is None:
            self._kept = super().get_signing_serializer(app)
        return self._kept
