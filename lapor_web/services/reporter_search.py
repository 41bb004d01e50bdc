"""Finding a reporter's other reports by an address that they gave: for who may read it, with a trace.

Words of the search box never look at identities. Here an officer types a whole phone number or
e-mail address and says why; found are only reports whose reporter they may read anyway, never an
anonymous one, and each that is found keeps who looked and what for.
"""

import datetime as dt

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from lapor_web.models import IdentityReveal, Report, ReporterIdentity, Role
from lapor_web.services import addresses
from lapor_web.services.desk import Desk
from lapor_web.services.identity import Unreadable, open_sealed
from lapor_web.services.keys import Keys
from lapor_web.services.permitted import KNOWS_REPORTERS

OPENED_AT_MOST = 1000
"""Of the newest that share the mark (`services.senders`), which a city of a million has thousands of:
each is unsealed to see."""


def normal_contact(typed: str) -> str:
    """Nothing for what is neither a whole number nor a whole address."""
    return addresses.normal_email(typed) or addresses.normal_phone(typed)


def find_by_contact(
    session: Session, desk: Desk, typed: str, *, reason: str, keys: Keys, now: dt.datetime
) -> list[Report]:
    """Newest first; leaves a trace at each."""
    contact = normal_contact(typed)
    mark = addresses.mark(contact, keys=keys)
    if mark is None or desk.user.role not in KNOWS_REPORTERS:
        return []
    column = ReporterIdentity.email_mark if "@" in contact else ReporterIdentity.phone_mark
    rows = session.execute(
        select(Report, ReporterIdentity)
        .join(ReporterIdentity, ReporterIdentity.report_id == Report.id)
        .where(_known_to(desk), column == mark, ReporterIdentity.sealed.is_not(None))
        .order_by(Report.id.desc())
        .limit(OPENED_AT_MOST)
    )
    found = [report for report, who in rows if _is_theirs(who, contact, keys)]
    session.add_all(
        IdentityReveal(report_id=one.id, user_id=desk.user.id, reason=reason, at=now)
        for one in found
    )
    return found


def _known_to(desk: Desk) -> ColumnElement[bool]:
    """Whose reporter the officer may read without opening an identity (`services.permitted`)."""
    hidden = or_(Report.anonymous, Report.about_conduct, Report.about_service)
    own = desk.held
    if desk.user.role is Role.INSPECTOR:
        own = Report.holder_opd_id.in_(desk.units)
    return and_(desk.scope, own, ~hidden)


def _is_theirs(who: ReporterIdentity, contact: str, keys: Keys) -> bool:
    try:
        known = open_sealed(who, keys=keys)
    except Unreadable:
        return False
    return contact in {addresses.normal_phone(known.phone), addresses.normal_email(known.email)}
