"""Messages and mails that came in and could not be read: what is known of them, and once more.

What they say stays sealed: no officer knows yet whose it is, nor of what. It waits until somebody
has it read again, or lets it go.
"""

import datetime as dt

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session

from lapor_web.models import Handled, InboundEvent, Role, User
from lapor_web.services import inbound_events
from lapor_web.services.keys import Keys

SHOWN_AT_MOST = 50
LET_GO = "let_go"
"""The reason of one whose words an officer had destroyed."""


def list_unread(session: Session, user: User) -> list[InboundEvent]:
    """Without their words, the oldest first."""
    rows = _unread(user).order_by(InboundEvent.received_at, InboundEvent.id).limit(SHOWN_AT_MOST)
    return list(session.scalars(rows))


def find_unread(session: Session, user: User, event_id: int) -> InboundEvent | None:
    """Locked."""
    return session.scalar(_unread(user).where(InboundEvent.id == event_id).with_for_update())


def count_unread(session: Session, user: User) -> int:
    counted = _unread(user).with_only_columns(func.count(InboundEvent.id))
    return session.scalar(counted) or 0


def _unread(user: User) -> Select[InboundEvent]:
    """For who sees the queue that they would come into."""
    return select(InboundEvent).where(
        InboundEvent.agency_id == user.agency_id,
        InboundEvent.outcome == Handled.FAILED,
        literal(user.role == Role.COORDINATOR),
    )


def read_again(session: Session, row: InboundEvent, *, keys: Keys, now: dt.datetime) -> None:
    """With all its tries, as if it had just come."""
    row.outcome, row.tries, row.handled_at = Handled.WAITING, 0, None
    inbound_events.recall_sender(row, keys)
    session.flush()
    inbound_events.ask_to_read(session, row.id, now)


def let_go(row: InboundEvent) -> None:
    row.outcome, row.sealed, row.reason = Handled.IGNORED, None, LET_GO
