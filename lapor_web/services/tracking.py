"""The reporter's own page: opened by number and receipt code, and what there is to read and do."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from lapor_web.models import (
    Action,
    Agency,
    HistoryEntry,
    Report,
    Role,
    Rung,
    Status,
    actions_for,
)
from lapor_web.services.conversation import may_contest, may_reopen
from lapor_web.services.keys import Keys
from lapor_web.services.numbers import bare_tracking_id, candidates, check_digit
from lapor_web.services.own_report import Beside
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
