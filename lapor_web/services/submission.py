"""A report comes in: from a citizen's form, once however often the phone tries, or typed by an officer."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func, select
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
    User,
)
from lapor_web.models.opd import INSPECTORATE
from lapor_web.services import attachments, holding, verification
from lapor_web.services.calendars import working_days
from lapor_web.services.deeds import SYSTEM, Act, Told, perform
from lapor_web.services.first_rows import Made, Numbering, insert_first_rows, reserve_id
from lapor_web.services.first_rules import FirstRules, remember, remembered
from lapor_web.services.identity import NOBODY, Identity, seal
from lapor_web.services.keys import Keys
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
    in one statement, after another for its id where somebody left a name. The caller commits, unless
    each statement is its own transaction (`lapor_web.no_transaction`).

    Equal posts at once wait for the first one on the unique key, and then see its report.
    Raises KeyUsedForAnotherText.
    """
    code = keys.receipt_code(submission.key)
    report = {
        "agency_id": agency.id,
        "key_hash": keys.hash_of_form(submission.key),
        "content_hash": content_hash(submission, keys),
        "receipt_hash": keys.hash_of_receipt(code),
        **what_was_said(submission),
        **who_may_know(submission),
    }
    made = make_under_the_rules_of_the_day(session, agency, submission, report, keys, now)
    if made.report_id is None:
        return repeat(session, agency, submission, keys=keys)
    if submission.about_service:
        hand_to_inspectorate(session, agency, made.report_id, now)
    return Receipt(made.report_id, made.number, code, now, repeated=False)


def make_under_the_rules_of_the_day(
    session: Session,
    agency: Agency,
    submission: Submission,
    report: Mapping[str, object],
    keys: Keys,
    now: dt.datetime,
) -> Made:
    """Its year is the WITA year of entry, its rules are those of the day it was received on. What
    this process remembers of them may have been changed; then nothing was written, and it is tried
    with those that hold."""
    day = wita_date(received_at(submission, now))
    identity = identity_of(session, submission, keys)
    while True:
        rules = remembered(session, agency.id, day)
        made = insert_first_rows(
            session,
            {**report, **clocks(session, submission, rules, now)},
            first_entry(submission, now),
            numbering=Numbering(agency.number_prefix, wita_date(now).year),
            identity=identity,
            point=point_of(submission),
        )
        if made.rules == rules:
            return made
        remember(session, agency.id, day, made.rules)


def identity_of(session: Session, submission: Submission, keys: Keys) -> ReporterIdentity | None:
    if submission.identity == NOBODY:
        return None
    return seal(reserve_id(session), submission.identity, keys=keys)


def point_of(submission: Submission) -> ReportPoint | None:
    point = submission.point
    if point is None:
        return None
    return ReportPoint(
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


def received_at(submission: Submission, now: dt.datetime) -> dt.datetime:
    return submission.entry.received_at if submission.entry else now


def clocks(
    session: Session, submission: Submission, rules: FirstRules, now: dt.datetime
) -> dict[str, object]:
    received = received_at(submission, now)
    day, limit = wita_date(received), rules.verification_limit
    days = working_days(session, rules.calendar_id)
    return {
        "received_at": received,
        "received_on": day,
        "entered_at": now,
        "verification_limit": limit,
        "calendar_id": rules.calendar_id,
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
    sequence = func.next_report_sequence(agency.id, year)
    return session.execute(
        select(func.report_number(agency.number_prefix, year, sequence))
    ).scalar_one()


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
