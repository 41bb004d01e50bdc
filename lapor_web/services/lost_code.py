"""A way back for whoever lost the receipt code: a new link, to the contact they gave at first.

Asking looks nothing up. It leaves a job, the same for every number and contact, and the worker
finds out whether they belong together: no answer and no measured time can tell (promise 14).
"""

import datetime as dt
import hmac
from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lapor_web.models import MessageKind, OutboxMessage, Report, ReporterIdentity
from lapor_web.services import addresses, jobs, notifications, outbox
from lapor_web.services.identity import Unreadable, open_sealed
from lapor_web.services.jobs import Job
from lapor_web.services.keys import Keys

Proofs = list[tuple[str, str]]
"""Of each number that may be meant: the number, and in hex a keyed hash of number and contact."""


def ask(session: Session, numbers: Sequence[str], contact: str, *, keys: Keys) -> None:
    """`contact` is a phone number or an e-mail address, as it was typed."""
    normal = normal_contact(contact)
    jobs.defer(session, Job.SEND_LINK, proofs=[(one, proof(one, normal, keys)) for one in numbers])


def normal_contact(typed: str) -> str:
    return addresses.normal_phone(typed) or addresses.normal_email(typed)


def proof(number: str, normal: str, keys: Keys) -> str:
    """Bound to the number: what waits in the queue does not tell that two reports are of one."""
    return keys.hash_of_subject("lost-code", f"{number}:{normal}").hex()


def send_link(session: Session, proofs: Proofs, *, keys: Keys, now: dt.datetime) -> None:
    """For the worker. Where a link alone opens nothing, none is sent."""
    for number, given in proofs:
        report = session.scalar(select(Report).where(Report.number == number))
        if report is None or not can_be_opened_by_link(session, report):
            continue
        if is_contact_of(session, report, given, keys) and not waits(session, report):
            notifications.send_link(session, report, now)


def can_be_opened_by_link(session: Session, report: Report) -> bool:
    """As `report_links.asks_code` has it: nobody who merely holds the phone reads what is hidden,
    nor what an officer may have addressed wrongly."""
    who = session.get(ReporterIdentity, report.id)
    return report.is_ordinary and who is not None and not who.contact_by_officer


def is_contact_of(session: Session, report: Report, given: str, keys: Keys) -> bool:
    row = session.get(ReporterIdentity, report.id)
    if row is None or not row.has_contact:
        return False
    try:
        who = open_sealed(row, keys=keys)
    except Unreadable:
        return False
    kept = (addresses.normal_phone(who.phone), addresses.normal_email(who.email))
    return any(hmac.compare_digest(proof(report.number, one, keys), given) for one in kept if one)


def waits(session: Session, report: Report) -> bool:
    """One that has not left yet serves as well, also where the job ran twice."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    OutboxMessage.report_id == report.id,
                    OutboxMessage.kind == MessageKind.LINK,
                    outbox.WAITING,
                )
            )
        )
    )
