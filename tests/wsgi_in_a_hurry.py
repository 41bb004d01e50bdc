"""The application for gunicorn, for tests: it waits for a silent sender no longer than a test can."""

from lapor_web import body_size, create_app

body_size.SECONDS_OF_SILENCE = 1.0
app = create_app()
