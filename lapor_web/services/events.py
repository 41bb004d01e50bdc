"""What changed, told to the screens that are open: written in the transaction of the change.

PostgreSQL delivers it when that transaction commits, and never when it does not. An event is a
nudge and carries no facts: whoever hears it reads the database again, within their own rights.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

CHANNEL = "lapor"

REPORTS = "reports"
"""Some deed was done on some report: its figures, or its place in a list, may be others now."""

CITY = "city"
"""What a city calls itself, or one of its rules: processes that keep a copy read it again."""


def meeting_topic(meeting_id: int) -> str:
    """What the walls and phones of one meeting show changed."""
    return f"meeting:{meeting_id}"


def wall_topic(wall_id: int) -> str:
    """One wall was bound, or let go."""
    return f"wall:{wall_id}"


def announce(session: Session, topic: str) -> None:
    """Nudge those who listen to `topic`. Said twice in one transaction, it is heard once.

    PostgreSQL commits transactions that announce one after another; so what citizens send in
    announces nothing, and screens find it at their next look (`lapor_web.live`).
    """
    session.execute(select(func.pg_notify(CHANNEL, topic)))
