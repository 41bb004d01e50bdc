"""Links in messages: random, stored as a hash, gone after 30 days; each opens one report."""

import datetime as dt
import secrets
import string

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lapor_web.models import Report, ReporterIdentity, ReportLink
from lapor_web.services.keys import Keys

LIFETIME = dt.timedelta(days=30)
CHARACTERS = 22
"""Of letters and digits: 131 bits."""
CHARACTERS_FOR_PHONES = 10
"""59 bits, so that a link fits into an SMS (ux.md 7.3): too many to guess at an address that
counts its tries, and keyed in the database, so that nobody searches for them there."""

_ALPHABET = string.ascii_letters + string.digits  # no sign that a phone leaves out of the link


def make_link(
    session: Session, report: Report, now: dt.datetime, *, keys: Keys, characters: int = CHARACTERS
) -> str:
    """The token for `/l/<token>`. It is in no table and must be in no log."""
    token = "".join(secrets.choice(_ALPHABET) for _ in range(characters))
    who = session.get(ReporterIdentity, report.id)
    session.add(
        ReportLink(
            token_hash=_hash(token, keys),
            report_id=report.id,
            expires_at=now + LIFETIME,
            asks_code=bool(who and who.contact_by_officer),
        )
    )
    session.flush()
    return token


def find(session: Session, token: str, now: dt.datetime, *, keys: Keys) -> ReportLink | None:
    """None for one that never was, is too old, or was made void. Uses nothing up, since programs
    that preview links open them too."""
    return session.scalar(
        select(ReportLink).where(
            ReportLink.token_hash == _hash(token, keys), ReportLink.expires_at > now
        )
    )


def asks_code(link: ReportLink, report: Report) -> bool:
    """Whether the link alone is not enough: whoever holds the phone may be whom it is about."""
    return link.asks_code or not report.is_ordinary


def make_void(session: Session, report_id: int) -> None:
    """All links of a report: the address they were sent to is no longer the reporter's."""
    session.execute(delete(ReportLink).where(ReportLink.report_id == report_id))


def stop_news(session: Session, link: ReportLink, now: dt.datetime) -> None:
    """Unsubscribe (RFC 8058): the reporter of that link is told no more; the page stays."""
    who = session.get(ReporterIdentity, link.report_id)
    if who is not None:
        who.news_stopped_at = who.news_stopped_at or now


def forget_old(session: Session, now: dt.datetime) -> None:
    """For the worker."""
    session.execute(delete(ReportLink).where(ReportLink.expires_at <= now))


def _hash(token: str, keys: Keys) -> bytes:
    return keys.hash_of_subject("report-link", token)
