"""The reading pane: one report with its history, and a form for each deed that may be done now."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Row

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.fragments import wants_fragment
from lapor_web.inbox.checklist import may_keep
from lapor_web.inbox.choices import Offered
from lapor_web.inbox.deed_form import DeedForm
from lapor_web.inbox.offered_deed import OfferedDeed
from lapor_web.inbox.office_forms import NoteForm
from lapor_web.inbox.registry import VERBS, Verb, can_take_back
from lapor_web.inbox.told import public_text_before, what_happened, who_did
from lapor_web.inbox.untouched import Untouched
from lapor_web.models import (
    Action,
    Attachment,
    HistoryEntry,
    Report,
    Role,
    Status,
)
from lapor_web.models.workflow import HANDLER, OPEN
from lapor_web.services.attachment_rights import list_for_desk
from lapor_web.services.checklist import list_steps
from lapor_web.services.desk import Desk
from lapor_web.services.identity import Identity, Unreadable
from lapor_web.services.permitted import Rights, newest, rights_at
from lapor_web.services.presence import Present
from lapor_web.services.reading import WithOffices
from lapor_web.services.reveal import read_identity
from lapor_web.services.surroundings import OfficersPoint, known_numbers, read_surroundings
from lapor_web.services.undo import may_undo
from lapor_web.services.working_days import WorkingDays

ACCEPTS = frozenset({Role.LIAISON, Role.INSPECTOR})
"""Who takes a report by "Terima"; a supervisor's first key approves."""
READ_ALREADY = {(Action.REVEAL_IDENTITY, True)}
"""A name that stands in the pane is not opened: its trace would say that it was hidden."""
PROPOSE_MERGE = "usul-gabung"
"""Asked for as a form: a note that begins with the proposal. The coordinator alone merges."""


@dataclass(frozen=True, slots=True)
class Event:
    """A row of history as it is read."""

    entry: HistoryEntry
    words: str
    who: str
    attachments: list[Attachment]
    public_text_before: str = ""
    """What everybody could read until then."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody was faster: what they did, and what was typed meanwhile."""

    words: str
    by: Event | None
    """Their row of history; none where it is another report's."""
    typed: list[tuple[str, str]]
    """Kept here where the form itself is not offered any longer."""


@dataclass(frozen=True, slots=True)
class Pane:
    report: Report
    deeds: list[OfferedDeed | Untouched]
    answer: OfferedDeed | Untouched | None
    """The reply stands open below, ready to be typed into."""
    accept: bool
    """"Terima": to assign it to oneself with one key."""
    proposes_merge: bool
    events: list[Event]
    attachments: list[Attachment]
    """What came with the report itself."""
    knows_reporter: bool
    reporter: Identity | None
    assignee: str | None
    offices: WithOffices
    present: list[Present]
    """Who else has it open."""
    moves: list[str]
    """The offices that it was handed to, in order: more than one where it was passed around."""
    proposal: Event | None
    """What waits for a supervisor: the answer and what shows it, beside the report."""
    parent: str
    """The number of the report that it was merged with, where the officer may read that one."""
    point: OfficersPoint | None
    looks_for_duplicates: bool
    joined: int
    """How many others were merged with it, whoever may read them."""
    steps: Sequence[Row[int, str, dt.datetime | None, str]]
    keeps_steps: bool
    """Whether the officer may write on its checklist."""
    days_left: int | None
    takes_back_clock: bool
    """The newest row is the clock's, and the officer may undo it."""
    conflict: Conflict | None
    tried: DeedForm | None
    """The form that was refused, whether or not it is still among the deeds."""


def make_pane(
    desk: Desk,
    report: Report,
    days: WorkingDays,
    *,
    wanted: str = "",
    tried: tuple[Verb, DeedForm] | None = None,
    conflict: str | None = None,
    faster: int | None = None,
) -> Pane:
    """`wanted` is the slug of a form to be shown open; `tried` the form that was refused, shown
    with what was typed; `conflict` says who was faster, in the row of history `faster`."""
    may = rights_at(desk.units, desk.user, report)
    offered = Offered(db.session(), desk, report)
    answered = any(
        row.sequence == faster and row.action is Action.FOLLOW_UP for row in report.history
    )
    deeds = [
        offered_deed(verb, offered, wanted, tried, again=conflict is not None, adds=answered)
        for verb in VERBS
        if verb.action in may.actions and (verb.action, may.knows_reporter) not in READ_ALREADY
    ]
    around = read_surroundings(db.session(), desk.user, desk.kin, report, now=clock.now())
    files = list_for_desk(db.session(), desk, report) if around.attached else []
    known = known_numbers(
        db.session(), desk.user, desk.kin, {row.details.get("parent") for row in report.history}
    )
    events = [
        Event(
            entry,
            told_to(entry, known),
            who_did(entry),
            [one for one in files if one.history_sequence == entry.sequence],
            public_text_before(entry) if entry.action is Action.EDIT else "",
        )
        for entry in reversed(report.history)
    ]
    proposal = newest(report, Action.PROPOSE) if report.status is Status.AWAITING_APPROVAL else None
    return Pane(
        report=report,
        deeds=[one for one in deeds if one.verb.action is not Action.FOLLOW_UP],
        answer=next((one for one in deeds if one.verb.action is Action.FOLLOW_UP), None),
        accept=Action.ASSIGN in may.actions
        and desk.user.role in ACCEPTS
        and report.assignee_id != desk.user.id,
        proposes_merge=proposes_merge(desk, report, may),
        events=events,
        attachments=[one for one in files if one.history_sequence is None],
        knows_reporter=may.knows_reporter,
        reporter=reporter_of(report) if may.knows_reporter else None,
        assignee=assignee_of(report),
        offices=around.offices,
        present=around.present,
        moves=moves_of(report),
        proposal=next((one for one in events if one.entry is proposal), None),
        parent=report.parent.number if report.parent and report.parent.number in known else "",
        point=around.point,
        looks_for_duplicates=Action.MERGE in may.actions and report.status is Status.UNVERIFIED,
        joined=around.joined,
        steps=list_steps(db.session(), report) if around.steps else [],
        keeps_steps=may_keep(desk, report),
        days_left=days_left(desk.today, report.due_on, days),
        takes_back_clock=takes_back_clock(desk, report),
        conflict=conflict_of(
            conflict,
            next((one for one in events if one.entry.sequence == faster), None),
            tried,
            deeds,
        ),
        tried=tried[1] if tried else None,
    )


def proposes_merge(desk: Desk, report: Report, may: Rights) -> bool:
    """An office of what it has; the Inspektorat reads far more than it works on."""
    works_on = desk.user.role is Role.LIAISON or report.holder_opd_id in desk.units
    noted = report.status in OPEN and Action.NOTE in may.actions
    return noted and desk.user.role in HANDLER and works_on


def offered_deed(
    verb: Verb,
    offered: Offered,
    wanted: str,
    tried: tuple[Verb, DeedForm] | None,
    *,
    again: bool,
    adds: bool,
) -> OfferedDeed | Untouched:
    if tried and tried[0] is verb:
        return OfferedDeed(verb, tried[1], open=True, again=again, adds=adds)
    begins = wanted == PROPOSE_MERGE and verb.action is Action.NOTE
    asked = verb.slug == wanted or begins
    by_link = verb.form.has_long_lists or (verb.form.seldom_wanted and wants_fragment())
    if by_link and not asked:
        return OfferedDeed(verb, None)
    if verb.form.same_for_all and not asked:
        return Untouched(verb)
    form = verb.form(None, offered=offered, name=verb.name)
    if begins and isinstance(form, NoteForm):
        form.begin_with_merge()
    return OfferedDeed(verb, form, open=asked)


def conflict_of(
    words: str | None,
    by: Event | None,
    tried: tuple[Verb, DeedForm] | None,
    deeds: list[OfferedDeed | Untouched],
) -> Conflict | None:
    if words is None:
        return None
    still_offered = any(one.open for one in deeds)
    return Conflict(words, by, tried[1].typed() if tried and not still_offered else [])


def reporter_of(report: Report) -> Identity | None:
    try:
        return read_identity(db.session(), report, keys=city.keys())
    except Unreadable:
        return None


def assignee_of(report: Report) -> str | None:
    given = report.assignee_id or report.assigned_opd_id
    entry = newest(report, Action.ASSIGN) if given else None
    return entry.details["assignee"] if entry else None


def moves_of(report: Report) -> list[str]:
    handed = (Action.VERIFY, Action.REASSIGN)
    return [row.opd_name for row in report.history if row.action in handed and not row.undone]


def takes_back_clock(desk: Desk, report: Report) -> bool:
    entry = report.history[-1]
    if entry.role is not Role.SYSTEM or not can_take_back(entry, desk.user.role):
        return False
    return may_undo(db.session(), entry, desk.user, clock.now())


def told_to(entry: HistoryEntry, known: Collection[str]) -> str:
    """Nothing of a report that is about the very officer who reads, or about their office."""
    parent = entry.details.get("parent")
    return "Digabung ke laporan lain" if parent and parent not in known else what_happened(entry)


def days_left(today: dt.date, due_on: dt.date | None, days: WorkingDays) -> int | None:
    return None if due_on is None else days.between(today, due_on)
