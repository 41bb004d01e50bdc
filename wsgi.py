"""For gunicorn: `gunicorn wsgi:app`."""

from lapor_web import create_app

app = create_app()
