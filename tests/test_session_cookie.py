"""The kept signer is that of its own application: another secret opens nothing."""

from flask import session

from lapor_web import create_app


def test_each_application_reads_its_own_cookies_alone(app):
    other = create_app(dict(app.config) | {"SECRET_KEY": "another secret, long enough for this"})
    with app.test_request_context():
        session["name"] = "Sari"
        cookie = app.session_interface.get_signing_serializer(app).dumps(dict(session))
    header = {"Cookie": f"{app.config['SESSION_COOKIE_NAME']}={cookie}"}

    with app.test_request_context(headers=header):
        assert session.get("name") == "Sari"
    with other.test_request_context(headers=header):
        assert "name" not in session
