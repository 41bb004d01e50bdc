"""The rounds of the clock: every report that is due, each in a transaction of its own.

Whatever is cut off is found again at the next round, a minute later; what was committed is not.
"""

import logging

from flask import current_app
from sqlalchemy.exc import DBAPIError

from lapor_web import clock
from lapor_web.extensions import db
from lapor_web.services import clocks
from lapor_web.services.clocks import Round
from lapor_web.services.ladder import Ladder
from lapor_web.services.retention import Retention

logger = logging.getLogger(__name__)


def act_by_the_clock() -> None:
    """Silence, holds and the ladder."""
    for one in (clocks.SILENCE, clocks.HOLD, ladder().round()):
        go_round(one)


def erase_what_is_old() -> None:
    go_round(retention().round())


def clock_is_right() -> bool:
    """Asked before anything is done, or sent, because it is time for it."""
    agrees = clock.agrees(db.session())
    if not agrees:
        logger.error("clock: this machine and the database disagree, nothing is done")
    return agrees


def ladder() -> Ladder:
    return Ladder(*current_app.config.get("LAPOR_LADDER", ()))


def retention() -> Retention:
    return Retention(*current_app.config.get("LAPOR_RETENTION_DAYS", ()))


def go_round(one: Round) -> int:
    """How many reports were acted on. One that cannot be is logged, and holds up no other."""
    if not clock_is_right():
        return 0
    done, last = 0, 0
    while ids := clocks.find_due(db.session(), one, clock.now(), after=last):
        db.session.commit()
        done += sum(try_to_act(one, report_id) for report_id in ids)
        last = ids[-1]
    if done:
        logger.info("clock: %s, %d reports", one.name, done)
    return done


def try_to_act(one: Round, report_id: int) -> bool:
    try:
        acted = clocks.act_on(db.session(), one, report_id, clock.now())
        db.session.commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise  # the database is away: the next round finds what is left
        return give_up(one, report_id, error)
    except Exception as error:
        return give_up(one, report_id, error)
    return acted


def give_up(one: Round, report_id: int, error: Exception) -> bool:
    """For this round. Only the kind of error is logged: its text may be a reporter's."""
    db.session.rollback()
    logger.error("clock: %s cannot act on report %d: %s", one.name, report_id, type(error).__name__)
    return False
