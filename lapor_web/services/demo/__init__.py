"""An invented city to look at: two years of reports in every state, and the year 2022.

Nothing is written around the verbs: each report lives its life by the deeds that officers,
reporters and the clock do in earnest, at instants of the past. The same number and the same
moment make the same city.
"""

import datetime as dt
from random import Random

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lapor_web.models import Agency, Area, Category, Opd, OutboxMessage, Report, User
from lapor_web.services import jobs
from lapor_web.services.calendars import calendar_of
from lapor_web.services.demo.casting import REPORTS, Casting, in_order
from lapor_web.services.demo.corpus import Corpus
from lapor_web.services.demo.desks import lay_out
from lapor_web.services.demo.examples import Example, find_examples
from lapor_web.services.demo.meetings import Meetings
from lapor_web.services.demo.officers import (
    Account,
    add_officers,
    principal_accounts,
    set_passwords,
)
from lapor_web.services.demo.places import put_on_the_map
from lapor_web.services.demo.scene import City
from lapor_web.services.demo.year_2022 import cast_year
from lapor_web.services.figures import fold
from lapor_web.services.keys import Keys
from lapor_web.services.seed import by_code
from lapor_web.services.storage import Storage

__all__ = [
    "REPORTS",
    "Account",
    "Example",
    "fill",
    "find_examples",
    "is_untouched",
    "principal_accounts",
    "set_passwords",
]


def is_untouched(session: Session) -> bool:
    """Neither a report nor an officer: a city that nobody has used yet."""
    return all(session.scalar(select(table.id).limit(1)) is None for table in (Report, User))


def fill(
    session: Session,
    agency: Agency,
    *,
    keys: Keys,
    storage: Storage,
    now: dt.datetime,
    seed: int = 1,
    reports: int = REPORTS,
) -> None:
    """Needs the reference data of `services.seed`, and a city without reports."""
    rng = Random(seed)  # noqa: S311  invented lives, no secret
    city = build(session, agency, keys, storage, rng)
    casting = Casting(city, now, reports)
    casting.everything()
    year_2022 = [part.scene for part in cast_year(casting)]
    meetings = Meetings(casting)
    # Each deed flushes at its end; to look for changes before every query of it takes long.
    with session.no_autoflush:
        for at, scene, step in in_order(casting.parts, casting.horizon):
            meetings.hold_by(at)
            scene.now = at
            step.do(scene)
        meetings.plan_next()
    session.flush()
    exempt_from_clocks(session, [scene.report.id for scene in year_2022])
    note_messages_as_sent(session)
    put_on_the_map(session, agency)
    lay_out(city, now)
    fold(session)


def build(session: Session, agency: Agency, keys: Keys, storage: Storage, rng: Random) -> City:
    corpus = Corpus(rng)
    opds = by_code(session, agency, Opd)
    return City(
        session=session,
        agency=agency,
        keys=keys,
        storage=storage,
        rng=rng,
        corpus=corpus,
        officers=add_officers(session, agency, opds, corpus.people, rng),
        opds=opds,
        areas=by_code(session, agency, Area),
        categories=by_code(session, agency, Category),
        days=calendar_of(session, agency.id),
    )


def exempt_from_clocks(session: Session, report_ids: list[int]) -> None:
    """So that the figures of a past year stay what the letter said."""
    session.execute(
        update(Report).where(Report.id.in_(report_ids)).values(imported=True, due_on=None)
    )


def note_messages_as_sent(session: Session) -> None:
    """Nobody is there to be told of an invented past."""
    jobs.forget(session, jobs.Job.SEND_MESSAGES)
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.cancelled_at.is_(None))
        .values(sent_at=OutboxMessage.not_before, created_at=OutboxMessage.not_before)
    )
