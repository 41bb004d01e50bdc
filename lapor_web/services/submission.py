"""A report comes in: from a citizen's form, once however often the phone tries, or typed by an officer."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import BigInteger, Date, Integer, bindparam, func, select
from sqlalchemy.orm import Session

from lapor_web.models import (
    Action,
    Agency,
    Channel,
    Classification,
    Opd,
    Report,
    ReporterIdentity,
    ReportPoint,
    Role,
    Step,
    User,
)
from lapor_web.models.opd import INSPECTORATE
from lapor_web.services import attachments, holding, verification
from lapor_web.services.calendars import select_newest_calendar, working_days
from lapor_web.services.deeds import SYSTEM, Act, Told, perform
from lapor_web.services.first_rows import insert_first_rows
from lapor_web.services.identity import NOBODY, Identity, seal
from lapor_web.services.keys import Keys
from lapor_web.services.limits import select_limit
from lapor_web.services.numbers import format_number
from lapor_web.services.places import Point
from lapor_web.services.working_days import wita_date


@dataclass(frozen=True, slots=True)
class Entry:
    """What an officer adds who types a report in for somebody: how it came, and when."""

    officer: User
    channel: Channel
    received_at: dt.datetime
    """May be past; the clocks start there."""
    source_account: str | None = None
    tracking_id: str | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """What the form holds, cleaned. `key` is the form's own; one form makes one report."""

    key: str
    story: str
    place: str
    area_id: int | None = None
    happened_on: dt.date | None = None
    point: Point | None = None
    outside: bool = False
    """Its point lies in none of the city's areas."""
    anonymous: bool = False
    confidential: bool = False
    about_conduct: bool = False
    about_service: bool = False
    identity: Identity = NOBODY
    quarantined: bool = False
    channel: Channel = Channel.WEB
    """By which the reporter sent it; what an officer typed in has its own."""
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    report_id: int
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
    """Report, first history row, outbox row, and the photos that waited for it under the form's key,
    in one statement; where a deed follows, the caller commits both.

    Equal posts at once wait for the first one on the unique key, and then see its report.
    Raises KeyUsedForAnotherText.
    """
    code = keys.receipt_code(submission.key)
    started = ask_to_begin(session, agency, submission, now)
    report_id = started.report_id
    report = {
        "id": report_id,
        "agency_id": agency.id,
        "number": started.number,
        "key_hash": keys.hash_of_form(submission.key),
        "content_hash": content_hash(submission, keys),
        "receipt_hash": keys.hash_of_receipt(code),
        **what_was_said(submission),
        **who_may_know(submission),
        **clocks(session, submission, started, now),
    }
    is_new = insert_first_rows(
        session,
        report,
        first_entry(submission, now),
        identity_of(report_id, submission, keys),
        point_of(report_id, submission),
    )
    if not is_new:
        return repeat(session, agency, submission, keys=keys)
    if submission.about_service:
        hand_to_inspectorate(session, agency, report_id, now)
    return Receipt(report_id, started.number, code, now, repeated=False)


def identity_of(report_id: int, submission: Submission, keys: Keys) -> ReporterIdentity | None:
    if submission.identity == NOBODY:
        return None
    return seal(report_id, submission.identity, keys=keys)


def point_of(report_id: int, submission: Submission) -> ReportPoint | None:
    point = submission.point
    if point is None:
        return None
    return ReportPoint(
        report_id=report_id,
        latitude=point.latitude,
        longitude=point.longitude,
        accuracy=point.accuracy,
        outside=submission.outside,
    )


def what_was_said(submission: Submission) -> dict[str, object]:
    entry = submission.entry
    return {
        "story": submission.story,
        "place": submission.place,
        "area_id": submission.area_id,
        "happened_on": submission.happened_on,
        "quarantined": submission.quarantined,
        "channel": entry.channel if entry else submission.channel,
        "source_account": entry.source_account if entry else None,
        "tracking_id": entry.tracking_id if entry else None,
        "entered_by_id": entry.officer.id if entry else None,
    }


def who_may_know(submission: Submission) -> dict[str, bool]:
    """About whoever runs this service is about conduct too. Both hide a report twice over, unless
    a coordinator decides otherwise later: those it accuses may read the inbox."""
    about_conduct = submission.about_conduct or submission.about_service
    return {
        "anonymous": submission.anonymous or about_conduct,
        "confidential": submission.confidential or about_conduct,
        "about_conduct": about_conduct,
        "about_service": submission.about_service,
    }


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new report needs of the database, in one question."""

    report_id: int
    number: str
    verification_limit: int | None
    calendar_id: int | None


def ask_to_begin(
    session: Session, agency: Agency, submission: Submission, now: dt.datetime
) -> Beginning:
    """The id and public number of the next report (its year is the WITA year of entry), and the
    rules of the day it was received on."""
    year = wita_date(now).year
    day = wita_date(received_at(submission, now))
    asked = {"agency_id": agency.id, "year": year, "day": day}
    row = session.connection().execute(_BEGIN, asked).one()  # columns, no objects
    number = format_number(agency.number_prefix, year, row.sequence)
    return Beginning(row.report_id, number, row.limit, row.calendar_id)


_AGENCY, _DAY = bindparam("agency_id", type_=BigInteger), bindparam("day", type_=Date)
_BEGIN = select(
    func.nextval("report_id_seq").label("report_id"),
    func.next_report_sequence(_AGENCY, bindparam("year", type_=Integer)).label("sequence"),
    select_limit(_AGENCY, Step.VERIFICATION, _DAY).scalar_subquery().label("limit"),
    select_newest_calendar(_AGENCY).scalar_subquery().label("calendar_id"),
)


def received_at(submission: Submission, now: dt.datetime) -> dt.datetime:
    return submission.entry.received_at if submission.entry else now


def clocks(
    session: Session, submission: Submission, started: Beginning, now: dt.datetime
) -> dict[str, object]:
    received = received_at(submission, now)
    day, limit = wita_date(received), started.verification_limit
    days = working_days(session, started.calendar_id)
    return {
        "received_at": received,
        "received_on": day,
        "entered_at": now,
        "verification_limit": limit,
        "calendar_id": started.calendar_id,
        "due_on": None if limit is None else days.add(day, limit),
    }


def first_entry(submission: Submission, now: dt.datetime) -> dict[str, object]:
    officer = submission.entry.officer if submission.entry else None
    return {
        "role": officer.role if officer else Role.REPORTER,
        "user_id": officer.id if officer else None,
        "doer_name": officer.name if officer else "",
        "at": now,
    }


def content_hash(submission: Submission, keys: Keys) -> bytes:
    """Of all that the reporter decided: a box ticked since is no repeat of the first post."""
    boxes = (
        submission.anonymous,
        submission.confidential,
        submission.about_conduct,
        submission.about_service,
    )
    who = submission.identity
    return keys.hash_of_content(
        submission.story,
        submission.place,
        str(submission.area_id),
        str(submission.happened_on),
        str(boxes),
        who.name,
        who.phone,
        who.email,
    )


def repeat(session: Session, agency: Agency, submission: Submission, *, keys: Keys) -> Receipt:
    """The receipt of the report that the same form made before."""
    first = session.execute(
        select(Report.id, Report.number, Report.content_hash, Report.received_at).where(
            Report.agency_id == agency.id, Report.key_hash == keys.hash_of_form(submission.key)
        )
    ).one()
    if first.content_hash != content_hash(submission, keys):
        raise KeyUsedForAnotherText
    attachments.bind(session, keys.hash_of_form(submission.key), first.id)
    code = keys.receipt_code(submission.key)
    return Receipt(first.id, first.number, code, first.received_at, repeated=True)


def next_number(session: Session, agency: Agency, now: dt.datetime) -> str:
    """The next public number; its year is the WITA year of entry."""
    year = wita_date(now).year
    sequence = session.scalar(select(func.next_report_sequence(agency.id, year)))
    assert sequence is not None  # noqa: S101  the function always answers
    return format_number(agency.number_prefix, year, sequence)


@dataclass(frozen=True, slots=True)
class _ToInspectorate:
    """Without the coordinators, whom it may accuse; the Inspektorat names and classes it itself."""

    action: ClassVar[Action] = Action.VERIFY

    opd: Opd

    def change(self, act: Act) -> Told:
        act.report.verified_at = act.now
        verification.classify(act, Classification.SUPERVISORY)
        holding.hand_to(act, self.opd)
        verification.start_follow_up_clock(act)
        return Told(opd=self.opd)


def hand_to_inspectorate(
    session: Session, agency: Agency, report_id: int, now: dt.datetime
) -> None:
    """A city without an Inspektorat leaves it in the queue that only an inspector sees."""
    inspectorate = session.scalar(
        select(Opd)
        .where(Opd.agency_id == agency.id, Opd.kind == INSPECTORATE, Opd.active)
        .order_by(Opd.id)
        .limit(1)
    )
    if inspectorate is not None:
        perform(session, report_id, _ToInspectorate(inspectorate), doer=SYSTEM, version=1, now=now)
