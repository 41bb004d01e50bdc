"""What became of a message of ours, as its gateway or a returned mail tells."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lapor_web.models import Answer, OutboxMessage
from lapor_web.services import answers, outbox
from lapor_web.services.channels.phone import Delivery

NOT_DELIVERED = "not_delivered"


def note(session: Session, delivery: Delivery) -> bool:
    """Whether it is one of ours. Reports come twice and in any order: delivered is delivered.

    What could not be delivered is parked, where an officer can mend the address.
    """
    if not delivery.provider_id:
        return False
    row = session.scalar(
        select(OutboxMessage)
        .where(OutboxMessage.provider_id == delivery.provider_id)
        .with_for_update()
    )
    if row is None:
        return _note_answer(session, delivery)
    if delivery.delivered:
        row.delivered_at = row.delivered_at or delivery.at
        if row.parked_at is not None and row.sent_at is None and row.cancelled_at is None:
            row.sent_at, row.parked_at, row.reason = row.delivered_at, None, None
    elif row.delivered_at is None and row.sent_at is not None:
        row.sent_at = None
        outbox.give_up(row, delivery.reason or NOT_DELIVERED, delivery.at)
    return True


def _note_answer(session: Session, delivery: Delivery) -> bool:
    found = session.scalars(select(Answer).where(Answer.provider_id == delivery.provider_id)).all()
    if not delivery.delivered:
        for answer in found:
            answer.reason = delivery.reason or NOT_DELIVERED
            answers.say_it_otherwise(session, answer, delivery.at)
    return bool(found)
