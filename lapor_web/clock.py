"""The one place the web asks what time it is, so that tests can set it."""

import datetime as dt

from lapor_web.models import utc_now


def now() -> dt.datetime:
    """The instant, aware, in UTC."""
    return utc_now()
