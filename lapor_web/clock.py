"""The one place the web asks what time it is, so that tests can set it."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lapor_web.models import utc_now

MOST_APART = dt.timedelta(minutes=5)


def now() -> dt.datetime:
    """The instant, aware, in UTC."""
    return utc_now()


def agrees(session: Session) -> bool:
    """Whether this machine and the database tell about the same time. A host that woke up with a
    wrong clock must not close a year of reports in its first minute."""
    told = session.scalar(select(func.clock_timestamp()))
    return told is not None and abs(told - now()) <= MOST_APART
