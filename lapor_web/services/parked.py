"""Messages that were given up: who looks after them, and what becomes of them then."""

import datetime as dt
import enum
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from lapor_web.models import Action, OutboxMessage, Report, ReporterIdentity, Role, User
from lapor_web.services import identity, outbox, report_links
from lapor_web.services.access import units_under, visible_to
from lapor_web.services.deeds import Act, DeedRefused, Told
from lapor_web.services.identity import Identity, Unreadable
from lapor_web.services.keys import Keys

SHOWN_AT_MOST = 100


class Settled(enum.StrEnum):
    """The value is its word in the form, and in the details of its row of history."""

    MENDED = "perbaiki"
    SENT_AGAIN = "kirim-lagi"
    DROPPED = "lepas"


@dataclass(frozen=True, slots=True)
class Parked:
    message: OutboxMessage
    report: Report | None
    officer: User | None
    """For whom it is, where it is for an officer."""


def list_parked(session: Session, user: User) -> list[Parked]:
    """Those that the officer may look after, the one that waits longest first."""
    rows = session.execute(_parked(session, user).limit(SHOWN_AT_MOST))
    return [Parked(*row) for row in rows]


def find_parked(session: Session, user: User, message_id: int) -> Parked | None:
    asked = _parked(session, user).where(OutboxMessage.id == message_id)
    row = session.execute(asked.with_for_update(of=OutboxMessage)).one_or_none()
    return Parked(*row) if row else None


def count_parked(session: Session, user: User) -> int:
    """Of the same messages as `list_parked`: a number must not tell of more."""
    mine = _parked(session, user).order_by(None).with_only_columns(func.count(OutboxMessage.id))
    return session.scalar(mine) or 0


def _parked(session: Session, user: User) -> Select[OutboxMessage, Report, User]:
    return (
        select(OutboxMessage, Report, User)
        .outerjoin(Report, Report.id == OutboxMessage.report_id)
        .outerjoin(User, User.id == OutboxMessage.user_id)
        .where(
            OutboxMessage.agency_id == user.agency_id,
            OutboxMessage.parked_at.is_not(None),
            _looks_after(session, user),
        )
        .order_by(OutboxMessage.parked_at, OutboxMessage.id)
    )


def _looks_after(session: Session, user: User) -> ColumnElement[bool]:
    """The coordinator; and the Inspektorat of what it holds itself and hides from them."""
    of_report = and_(Report.id.is_not(None), visible_to(session, user))
    match user.role:
        case Role.COORDINATOR:
            return or_(Report.id.is_(None), of_report)
        case Role.INSPECTOR:
            return and_(of_report, Report.holder_opd_id.in_(units_under(session, user.opd_id)))
        case _:
            return false()


@dataclass(frozen=True, slots=True)
class SettleMessage:
    """Mend the address and send it again, send it again as it is, or let it go.

    The new address is sealed as the old one was. What is sent to it opens nothing without the
    receipt code, and the reporter reads on their page that an officer changed it: whoever types an
    address of their own gets no page by it.
    """

    action: ClassVar[Action] = Action.SETTLE_MESSAGE

    message_id: int
    how: Settled
    keys: Keys
    phone: str = ""
    email: str = ""

    def change(self, act: Act) -> Told:
        message = act.session.get_one(
            OutboxMessage, self.message_id, with_for_update=True, populate_existing=True
        )
        if message.parked_at is None:
            raise DeedRefused("how", "settled_before")
        if self.how is Settled.DROPPED:
            message.parked_at, message.cancelled_at = None, act.now
        elif self.how is Settled.MENDED:
            self.mend(act)
            for one in parked_of_reporter(act.session, act.report.id):
                outbox.send_anew(one, act.now)
        else:
            outbox.send_anew(message, act.now)
        return Told(details={"how": self.how.value}, undoable=False)

    def mend(self, act: Act) -> None:
        if not (self.phone or self.email):
            raise DeedRefused("phone", "missing")
        row = act.session.get(ReporterIdentity, act.report.id)
        if row is not None and row.erased_at is not None:
            raise DeedRefused("phone", "erased")
        known = Identity()
        if row is not None:
            try:
                known = identity.open_sealed(row, keys=self.keys)
            except Unreadable:
                known = Identity()  # sealed under a secret that is gone: it starts anew
        # What nobody typed stays: only one of the two was wrong.
        who = Identity(known.name, self.phone or known.phone, self.email or known.email)
        sealed = identity.seal(act.report.id, who, keys=self.keys)
        sealed.contact_by_officer = True
        act.session.merge(sealed)
        report_links.make_void(act.session, act.report.id)


def parked_of_reporter(session: Session, report_id: int) -> list[OutboxMessage]:
    return list(
        session.scalars(
            select(OutboxMessage)
            .where(
                OutboxMessage.report_id == report_id,
                OutboxMessage.user_id.is_(None),
                OutboxMessage.parked_at.is_not(None),
            )
            .order_by(OutboxMessage.id)
            .with_for_update()
        )
    )


def settle_officers_message(message: OutboxMessage, how: Settled, now: dt.datetime) -> None:
    """Their address is theirs to mend, in their settings. Raises DeedRefused."""
    if how is Settled.MENDED:
        raise DeedRefused("how", "officers_own")
    if how is Settled.DROPPED:
        message.parked_at, message.cancelled_at = None, now
    else:
        outbox.send_anew(message, now)
