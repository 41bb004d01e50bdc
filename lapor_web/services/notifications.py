"""Who is told of what: rows of the outbox, written in the transaction of what they tell of.

The reporter is told by `deeds.perform`. Here are the officers, the digest of the morning, and what
somebody asked for: a link for a lost code, or for a forgotten password.
"""

import datetime as dt
import re
from collections.abc import Collection

from sqlalchemy import Date, Select, cast, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lapor_web.models import (
    Action,
    HistoryEntry,
    MessageKind,
    NoticeSettings,
    OutboxMessage,
    Report,
    Role,
    Substitution,
    User,
)
from lapor_web.services.calendars import calendar_of
from lapor_web.services.jobs import Job, defer
from lapor_web.services.working_days import WITA, wita_date

DIGEST_FROM, DIGEST_UNTIL = dt.time(8), dt.time(17)
"""In WITA. A worker that was away at eight makes up for it, but not in the evening."""
HANDLES = frozenset({Role.LIAISON, Role.INSPECTOR})
"""Who works on what is disposed to their office."""

# "kata@kata.id" is an address, and no name in it is meant.
MENTION = re.compile(r"(?<![\w@.])@([a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?)", re.IGNORECASE)

_REACHABLE = or_(NoticeSettings.email.is_not(None), NoticeSettings.phone.is_not(None))


def tell_officers(
    session: Session, report: Report, entry: HistoryEntry, *, not_before: dt.datetime
) -> int:
    """Of what is assigned to them, disposed to their office, or says their name: how many rows.

    Whether they may see the report is asked when the message leaves.
    """
    match entry.action:
        case Action.ASSIGN:
            whom = select(User.id).where(User.id == report.assignee_id)
            if report.assignee_id is None:
                whom = select(User.id).where(
                    User.opd_id == report.assigned_opd_id, User.role.in_(HANDLES)
                )
            return _tell(session, whom, MessageKind.ASSIGNED, report, entry, not_before)
        case Action.VERIFY | Action.REASSIGN:
            whom = select(User.id).where(
                User.opd_id == report.holder_opd_id, User.role.in_(HANDLES)
            )
            return _tell(session, whom, MessageKind.DISPOSED, report, entry, not_before)
        case Action.NOTE if names := mentioned(entry.text):
            whom = select(User.id).where(User.username.in_(names))
            return _tell(session, whom, MessageKind.MENTIONED, report, entry, not_before)
    return 0


def substitutes_of(absent: Select[int] | Collection[int], today: dt.date) -> Select[int]:
    """What waits for somebody absent waits with whoever stands in for them."""
    return select(Substitution.substitute_id).where(
        Substitution.absent_id.in_(absent),
        Substitution.starts_on <= today,
        Substitution.ends_on >= today,
        Substitution.ended_at.is_(None),
    )


def mentioned(text: str) -> list[str]:
    """The user names that a note names, "@budi.s" for one."""
    return sorted({name.casefold() for name in MENTION.findall(text)})


def _tell(
    session: Session,
    whom: Select[int],
    kind: MessageKind,
    report: Report,
    entry: HistoryEntry,
    not_before: dt.datetime,
) -> int:
    """And whoever stands in for them. Nobody of what they did themselves; nobody who left no address."""
    switch = (
        NoticeSettings.dispositions if kind is MessageKind.DISPOSED else NoticeSettings.personal
    )
    stand_ins = substitutes_of(whom, wita_date(entry.at))
    officers = (
        select(User.id)
        .join(NoticeSettings, NoticeSettings.user_id == User.id)
        .where(
            or_(User.id.in_(whom), User.id.in_(stand_ins)),
            User.agency_id == report.agency_id,
            User.active,
            User.id.is_distinct_from(entry.user_id),
            _REACHABLE,
            switch,
        )
    )
    rows = [
        {
            "agency_id": report.agency_id,
            "report_id": report.id,
            "sequence": entry.sequence,
            "user_id": user_id,
            "kind": kind,
            "not_before": not_before,
            "created_at": entry.at,
        }
        for user_id in session.scalars(officers.order_by(User.id))
    ]
    if rows:
        session.execute(insert(OutboxMessage).on_conflict_do_nothing(), rows)
    return len(rows)


def wake(session: Session, at: dt.datetime) -> None:
    """The worker looks when this is due, and not only by its clock."""
    defer(session, Job.SEND_MESSAGES, not_before=at)


# ---- the morning ----


def queue_digests(session: Session, agency_id: int, now: dt.datetime) -> None:
    """One a working day for each officer who wants it, however often this runs; what it says is
    counted when it leaves."""
    today, time = wita_date(now), now.astimezone(WITA).time()
    if not DIGEST_FROM <= time < DIGEST_UNTIL:
        return
    if not calendar_of(session, agency_id).is_working_day(today):
        return
    officers = (
        select(
            literal(agency_id),
            User.id,
            literal(MessageKind.DIGEST, OutboxMessage.kind.type),
            cast(today, Date),
            literal(now, OutboxMessage.not_before.type),
            literal(now, OutboxMessage.created_at.type),
        )
        .join(NoticeSettings, NoticeSettings.user_id == User.id)
        .where(User.agency_id == agency_id, User.active, NoticeSettings.digest, _REACHABLE)
    )
    columns = ["agency_id", "user_id", "kind", "about_on", "not_before", "created_at"]
    session.execute(insert(OutboxMessage).from_select(columns, officers).on_conflict_do_nothing())


# ---- what was asked for ----


def send_link(session: Session, report: Report, now: dt.datetime) -> None:
    """A new link to the reporter's own page. Whoever asks has to be limited by the caller."""
    session.add(
        OutboxMessage(
            agency_id=report.agency_id,
            report_id=report.id,
            kind=MessageKind.LINK,
            not_before=now,
            created_at=now,
        )
    )
    wake(session, now)


def send_invitation(session: Session, agency_id: int, username: str, now: dt.datetime) -> None:
    """A link to set the password, to the address on file. The same statements whether there is
    such an account or not (S-33); the link itself is made when the letter is."""
    account = (
        select(
            User.agency_id,
            User.id,
            literal(MessageKind.INVITATION, OutboxMessage.kind.type),
            literal(now, OutboxMessage.not_before.type),
            literal(now, OutboxMessage.created_at.type),
        )
        .join(NoticeSettings, NoticeSettings.user_id == User.id)
        .where(
            User.agency_id == agency_id,
            User.username == username,
            User.active,
            NoticeSettings.email.is_not(None),
        )
    )
    columns = ["agency_id", "user_id", "kind", "not_before", "created_at"]
    session.execute(insert(OutboxMessage).from_select(columns, account))
    wake(session, now)


def settings_of(session: Session, user_id: int) -> NoticeSettings:
    """Of an officer who never chose, the usual ones; `session.add` is the caller's."""
    return session.get(NoticeSettings, user_id) or NoticeSettings(
        user_id=user_id,
        email=None,
        phone=None,
        digest=True,
        personal=True,
        dispositions=True,
        quiet_from=20,
        quiet_until=6,
    )


def end_of_quiet(settings: NoticeSettings, now: dt.datetime) -> dt.datetime:
    """`now`, or the end of the quiet hours that it falls into."""
    return end_of_quiet_hours(settings.quiet_from, settings.quiet_until, now)


def end_of_quiet_hours(start: int, end: int, now: dt.datetime) -> dt.datetime:
    """Between two hours of WITA, which may lie on both sides of midnight."""
    local = now.astimezone(WITA)
    quiet = start <= local.hour < end if start <= end else not end <= local.hour < start
    if not quiet:
        return now
    opens = local.replace(hour=end, minute=0, second=0, microsecond=0)
    if opens <= local:
        opens += dt.timedelta(days=1)
    return opens.astimezone(dt.UTC)
