"""For gunicorn: `gunicorn wsgi:app`."""

from lapor_web import create_app
from lapor_web.config import read_config, refuse_without_storage

app = create_app(refuse_without_storage(read_config()))
