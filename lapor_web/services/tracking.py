"""The reporter's own page: opened by number and receipt code, and what there is to read and do."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload, load_only

from lapor_web.models import (
    Action,
    Agency,
    Attachment,
    HistoryEntry,
    Report,
    ReporterIdentity,
    Role,
    Rung,
    Status,
    Step,
    actions_for,
)
from lapor_web.services.access import ordinary
from lapor_web.services.conversation import may_contest, may_reopen
from lapor_web.services.keys import Keys
from lapor_web.services.limits import select_limit
from lapor_web.services.numbers import bare_tracking_id, candidates, check_digit
from lapor_web.services.parked import Settled
from lapor_web.services.working_days import wita_date

FIRST_YEAR = 20
"""Of this century: none of ours is older, and most ids of the national system look like one."""
READINGS = 2
"""Of a typed number, with and without its check digit; always as many codes are compared."""

TOLD = frozenset(Action) - {
    Action.NOTE,
    Action.ASSIGN,
    Action.ASK_TIME,
    Action.GRANT_TIME,
    Action.REJECT,
    Action.REVEAL_IDENTITY,
    Action.SETTLE_MESSAGE,
    Action.EDIT,
    Action.PROPOSE,
    Action.UNDO,
}
"""What the reporter is told of by its kind alone; of the others, see `is_told`."""

RUNGS_TOLD = frozenset({Rung.SUPERVISOR, Rung.OMBUDSMAN_READY, Rung.OMBUDSMAN})
"""Of the ladder: that it is late, and what becomes of that."""

NOT_FOR_THE_PUBLIC = frozenset(
    {
        Action.REPLY,
        Action.SPLIT,
        Action.ERASE,
        Action.CONSENT_OMBUDSMAN,
        Action.CHANGE_CONTACT,
        Action.SETTLE_MESSAGE,
        Action.ESCALATE,
    }
)


# ---- opening ----


def open_with_code(
    session: Session, agency: Agency, typed: str, code: str, *, keys: Keys
) -> Report | None:
    """The report that number and code belong to. A wrong code, a wrong number and no number at
    all cost the same work (promise 14)."""
    numbers = candidates(agency.prefixes, typed)
    known = session.execute(
        select(Report.number, Report.receipt_hash).where(
            Report.agency_id == agency.id, Report.number.in_(numbers)
        )
    )
    stored = {row.number: row.receipt_hash for row in known}
    work = READINGS * len(agency.prefixes)
    tried: list[str] = [*numbers, *[""] * work][:work]
    right = [number for number in tried if keys.receipt_matches(code, stored.get(number))]
    return find_report(session, agency, right[0]) if right else None


def find_report(session: Session, agency: Agency, number: str) -> Report | None:
    """By its exact number, whoever asks: the caller knows whether this browser may."""
    if number not in candidates(agency.prefixes, number):
        return None
    return session.scalar(_BY_NUMBER, {"agency_id": agency.id, "number": number})


# Built once: to put a statement together costs as much as to execute it.
_BY_NUMBER = (
    select(Report)
    .where(
        Report.agency_id == bindparam("agency_id"),
        Report.number == bindparam("number"),
    )
    .options(joinedload(Report.area), joinedload(Report.holder))
)


def is_mistyped(prefixes: Sequence[str], typed: str) -> bool:
    """Whether it is written as a number with a check digit, and that digit is another one."""
    bare = re.sub(r"[‐-―]", "-", "".join(typed.upper().split()))
    for prefix in prefixes:
        bare = bare.removeprefix(prefix.upper())
    whole = re.fullmatch(r"-?([0-9]{6,17})-([0-9])", bare)
    return whole is not None and check_digit(whole[1] + whole[2]) != 0


def is_tracking_id(typed: str, now: dt.datetime) -> bool:
    """Whether it can only be one of the national system's: `#916 5816`, or digits that would be
    a number of ours from a year to come, or from one in which there was none of us."""
    digits = bare_tracking_id(typed)
    if not re.fullmatch(r"[0-9]{5,10}", digits):
        return False
    told = typed.strip().startswith("#")
    return told or not FIRST_YEAR <= int(digits[:2]) <= wita_date(now).year % 100


# ---- reading ----


def is_told(entry: HistoryEntry) -> bool:
    """Whether the reporter is told of it: not of what officers do among themselves, nor of what
    was taken back."""
    if entry.undone:
        return False
    match entry.action:
        case Action.PROPOSE:
            return entry.visible  # else it waits for the supervisor
        case Action.EDIT:
            return bool(entry.details.get("taken_down"))
        case Action.SETTLE_MESSAGE:
            return entry.details.get("how") == Settled.MENDED
        case Action.ESCALATE:
            return entry.opd_id is not None and entry.details.get("rung") in RUNGS_TOLD
        case action:
            return action in TOLD


def told_to_reporter(history: Iterable[HistoryEntry]) -> list[HistoryEntry]:
    return [entry for entry in history if is_told(entry)]


def reminded_at(report: Report, history: Iterable[HistoryEntry]) -> dt.datetime | None:
    """When whoever holds it now was last reminded that it is late, and their supervisor with them."""
    return max(
        (
            entry.at
            for entry in history
            if entry.action is Action.ESCALATE
            and not entry.undone
            and entry.details.get("rung") == Rung.SUPERVISOR
            and entry.opd_id == report.holder_opd_id
        ),
        default=None,
    )


def told_to_public(history: Iterable[HistoryEntry]) -> list[HistoryEntry]:
    """Without what reporter and office have between them."""
    return [entry for entry in history if is_told(entry) and entry.action not in NOT_FOR_THE_PUBLIC]


def readable_text(entry: HistoryEntry, *, public: bool) -> str:
    """What stands below the event: never a note, and to the public never the reporter's words."""
    reporters = entry.role is Role.REPORTER or entry.action is Action.COMPLETE
    hidden = not entry.visible or (public and reporters)
    return "" if hidden else entry.text


def news_since(history: Iterable[HistoryEntry], version: int) -> HistoryEntry | None:
    """The newest thing that whoever read `version` does not know of. What is not told to the
    reporter, such as a note among officers, does not overtake them."""
    later = [
        entry
        for entry in history
        if entry.sequence > version
        and entry.action is not Action.ESCALATE  # it changes nothing that they answer to
        and (is_told(entry) or entry.action is Action.UNDO)
    ]
    return later[-1] if later else None


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the report itself, asked in one go."""

    companions: int
    """How many other reports were merged with this one: of one matter, only their number."""
    has_attachments: bool
    ombudsman_days: int | None
    """Calendar days after which the Ombudsman may take over, where the city has set them."""
    has_contact: bool
    """Whether news can go anywhere, and a new link where the receipt code is lost."""


def read_beside(session: Session, report: Report) -> Beside:
    row = session.execute(_BESIDE_ONE, {"report_id": report.id}).one()
    return _beside(report, *row)


def find_with_beside(session: Session, agency: Agency, number: str) -> tuple[Report, Beside] | None:
    """`find_report` and `read_beside` in one question, for the page that reporters look at all day."""
    if number not in candidates(agency.prefixes, number):
        return None
    asked = {"agency_id": agency.id, "number": number}
    row = session.execute(_WITH_BESIDE, asked).one_or_none()
    return (row[0], _beside(*row)) if row else None


def _beside(
    report: Report, companions: int, pictures: bool, days: int | None, contact: bool
) -> Beside:
    return Beside(companions + (report.parent_id is not None), pictures, days, contact)


_OTHER = aliased(Report)
_BESIDE = (
    select(func.count())
    .where(
        _OTHER.parent_id == func.coalesce(Report.parent_id, Report.id),
        _OTHER.id != Report.id,
        # That a hidden report is about the same tells nobody.
        ordinary(_OTHER),
    )
    .scalar_subquery()
    .label("companions"),
    exists().where(Attachment.report_id == Report.id).label("pictures"),
    select_limit(Report.agency_id, Step.OMBUDSMAN, Report.received_on)
    .scalar_subquery()
    .label("days"),
    exists()
    .where(ReporterIdentity.report_id == Report.id, ReporterIdentity.has_contact)
    .label("contact"),
)
_BESIDE_ONE = select(*_BESIDE).where(Report.id == bindparam("report_id"))
_READ_HERE = load_only(
    *(Report.number, Report.receipt_hash, Report.status, Report.version, Report.quarantined),
    *(Report.story, Report.place, Report.title, Report.public_text),
    *(Report.anonymous, Report.confidential, Report.about_conduct, Report.about_service),
    *(Report.area_id, Report.holder_opd_id, Report.parent_id, Report.split_from_id),
    *(Report.finish_mode, Report.outcome, Report.outcome_on, Report.rating, Report.belongs_to),
    *(Report.archive_reason, Report.reopened_count, Report.objected, Report.promised_on),
    *(Report.received_at, Report.received_on, Report.verified_at, Report.disposed_at),
    *(Report.first_follow_up_at, Report.answered_at, Report.finished_at, Report.calendar_id),
    *(Report.due_on, Report.follow_up_due_on, Report.waiting_from, Report.ombudsman_consent_at),
    Report.agency_id,
)
"""Half of a report's columns: what its reporter's page never names is not fetched for it."""
_WITH_BESIDE = _BY_NUMBER.options(_READ_HERE).add_columns(*_BESIDE)


# ---- doing ----


def offered(report: Report, beside: Beside, now: dt.datetime) -> list[Action]:
    """What the reporter may do now: what the table allows, and what each deed would not refuse."""
    return [
        action
        for action in actions_for(report.status, Role.REPORTER)
        if _is_open(report, action, beside, now)
    ]


def _is_open(report: Report, action: Action, beside: Beside, now: dt.datetime) -> bool:
    match action:
        case Action.OBJECT if report.status is not Status.AWAITING_REPORTER:
            return may_contest(report)
        case Action.RATE:
            return report.rating is None
        case Action.REOPEN:
            return may_reopen(report.reopened_count, report.finished_at, now)
        case Action.CONSENT_OMBUDSMAN:
            return report.ombudsman_consent_at is None and may_go_to_ombudsman(report, beside, now)
        case _:
            return True


def may_go_to_ombudsman(report: Report, beside: Beside, now: dt.datetime) -> bool:
    days = beside.ombudsman_days
    return days is not None and wita_date(now) - report.received_on >= dt.timedelta(days=days)
