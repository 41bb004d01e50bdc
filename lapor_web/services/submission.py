"""A citizen sends a report: once, however often the phone tries."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lapor_web.models import (
    Action,
    Agency,
    Channel,
    HistoryEntry,
    Limit,
    MessageKind,
    OutboxMessage,
    Report,
    Role,
    Status,
    Step,
)
from lapor_web.services.keys import Keys
from lapor_web.services.numbers import format_number
from lapor_web.services.working_days import wita_date


@dataclass(frozen=True, slots=True)
class Submission:
    """What the form holds, cleaned. `key` is the form's own; one form makes one report."""

    key: str
    story: str
    place: str
    area_id: int | None = None
    happened_on: dt.date | None = None
    anonymous: bool = False
    confidential: bool = False
    about_conduct: bool = False
    about_service: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    number: str
    code: str
    received_at: dt.datetime
    repeated: bool
    """The same form was sent before: this is the report it made then."""


class KeyUsedForAnotherText(Exception):
    """The form's key already made a report, and that one said something else (409)."""


def submit(
    session: Session, agency: Agency, submission: Submission, *, keys: Keys, now: dt.datetime
) -> Receipt:
    """Report, first history row and outbox row in one transaction, which the caller commits.

    Equal posts at once wait for the first one on the unique key, and then see its report.
    Raises KeyUsedForAnotherText.
    """
    code = keys.receipt_code(submission.key)
    content_hash = keys.hash_of_content(submission.story, submission.place)
    # About whoever runs this service is about conduct too. Both hide a report twice over, unless
    # a coordinator decides otherwise later: those it accuses may read the inbox.
    about_conduct = submission.about_conduct or submission.about_service
    number = next_number(session, agency, now)
    inserted = session.execute(
        insert(Report)
        .values(
            agency_id=agency.id,
            number=number,
            key_hash=keys.hash_of_form(submission.key),
            content_hash=content_hash,
            receipt_hash=keys.hash_of_receipt(code),
            channel=Channel.WEB,
            story=submission.story,
            place=submission.place,
            area_id=submission.area_id,
            happened_on=submission.happened_on,
            anonymous=submission.anonymous or about_conduct,
            confidential=submission.confidential or about_conduct,
            about_conduct=about_conduct,
            about_service=submission.about_service,
            status=Status.UNVERIFIED,
            version=1,
            received_at=now,
            received_on=wita_date(now),
            entered_at=now,
            verification_limit=verification_limit(session, agency, wita_date(now)),
        )
        .on_conflict_do_nothing(index_elements=["agency_id", "key_hash"])
        .returning(Report.id)
    ).scalar()
    if inserted is None:
        return repeat(session, agency, submission, content_hash=content_hash, keys=keys)
    session.add_all(
        [
            HistoryEntry(
                report_id=inserted,
                sequence=1,
                action=Action.SUBMIT,
                to_status=Status.UNVERIFIED,
                role=Role.REPORTER,
                at=now,
            ),
            OutboxMessage(
                agency_id=agency.id,
                report_id=inserted,
                sequence=1,
                kind=MessageKind.RECEIVED,
                not_before=now,
            ),
        ]
    )
    session.flush()
    return Receipt(number, code, now, repeated=False)


def repeat(
    session: Session, agency: Agency, submission: Submission, *, content_hash: bytes, keys: Keys
) -> Receipt:
    """The receipt of the report that the same form made before."""
    first = session.execute(
        select(Report.number, Report.content_hash, Report.received_at).where(
            Report.agency_id == agency.id, Report.key_hash == keys.hash_of_form(submission.key)
        )
    ).one()
    if first.content_hash != content_hash:
        raise KeyUsedForAnotherText
    code = keys.receipt_code(submission.key)
    return Receipt(first.number, code, first.received_at, repeated=True)


def next_number(session: Session, agency: Agency, now: dt.datetime) -> str:
    """The next public number; its year is the WITA year of entry."""
    year = wita_date(now).year
    sequence = session.scalar(select(func.next_report_sequence(agency.id, year)))
    assert sequence is not None  # noqa: S101  the function always answers
    return format_number(agency.number_prefix, year, sequence)


def verification_limit(session: Session, agency: Agency, on: dt.date) -> int | None:
    """Working days, of the newest limit that holds on that day; None where none is set."""
    return session.scalar(
        select(Limit.days)
        .where(
            Limit.agency_id == agency.id, Limit.step == Step.VERIFICATION, Limit.valid_from <= on
        )
        .order_by(Limit.valid_from.desc())
        .limit(1)
    )
