"""The reading pane: one report with its history, and a form for each deed that may be done now."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from lapor_web import city
from lapor_web.extensions import db
from lapor_web.inbox.choices import Offered
from lapor_web.inbox.forms import DeedForm
from lapor_web.inbox.registry import VERBS, Verb
from lapor_web.inbox.told import public_text_before, what_happened, who_did
from lapor_web.models import (
    Action,
    Attachment,
    Disposition,
    DispositionKind,
    HistoryEntry,
    Opd,
    Report,
    Role,
)
from lapor_web.services.attachment_rights import for_officer
from lapor_web.services.desk import Desk
from lapor_web.services.identity import Identity, Unreadable
from lapor_web.services.permitted import newest, rights
from lapor_web.services.reveal import read_identity
from lapor_web.services.surroundings import OfficersPoint, read_surroundings
from lapor_web.services.working_days import WorkingDays

ACCEPTS = frozenset({Role.LIAISON, Role.INSPECTOR})
"""Who takes a report by "Terima"; a supervisor's first key approves."""


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
class OfferedDeed:
    verb: Verb
    form: DeedForm | None
    """None until its address asks for it; see `DeedForm.has_long_lists`."""
    open: bool = False
    again: bool = False
    """Somebody was faster; sent once more it counts, for it now bears the newest version."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody was faster: what they did, and what was typed meanwhile."""

    words: str
    typed: list[tuple[str, str]]
    """Kept here where the form itself is not offered any longer."""


@dataclass(frozen=True, slots=True)
class Pane:
    report: Report
    deeds: list[OfferedDeed]
    answer: OfferedDeed | None
    """The reply stands open below, ready to be typed into."""
    accept: bool
    """"Terima": to assign it to oneself with one key."""
    events: list[Event]
    attachments: list[Attachment]
    """What came with the report itself."""
    knows_reporter: bool
    reporter: Identity | None
    assignee: str | None
    copies: list[str]
    """Offices that read along."""
    point: OfficersPoint | None
    joined: int
    """How many others were merged with it, whoever may read them."""
    days_left: int | None
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
) -> Pane:
    """`wanted` is the slug of a form to be shown open; `tried` the form that was refused, shown
    with what was typed; `conflict` says who was faster."""
    may = rights(db.session(), desk.user, report)
    offered = Offered(db.session(), desk, report)
    deeds = [
        offered_deed(verb, offered, wanted, tried, again=conflict is not None)
        for verb in VERBS
        if verb.action in may.actions
    ]
    files = list(
        db.session.scalars(
            select(Attachment)
            .join(Report, Report.id == Attachment.report_id)
            .where(Attachment.report_id == report.id, for_officer(db.session(), desk.user))
            .order_by(Attachment.id)
        )
    )
    point, joined = read_surroundings(db.session(), desk.user, report)
    return Pane(
        report=report,
        deeds=[one for one in deeds if one.verb.action is not Action.FOLLOW_UP],
        answer=next((one for one in deeds if one.verb.action is Action.FOLLOW_UP), None),
        accept=Action.ASSIGN in may.actions
        and desk.user.role in ACCEPTS
        and report.assignee_id != desk.user.id,
        events=[
            Event(
                entry,
                what_happened(entry),
                who_did(entry),
                [one for one in files if one.history_sequence == entry.sequence],
                public_text_before(entry) if entry.action is Action.EDIT else "",
            )
            for entry in reversed(report.history)
        ],
        attachments=[one for one in files if one.history_sequence is None],
        knows_reporter=may.knows_reporter,
        reporter=reporter_of(report) if may.knows_reporter else None,
        assignee=assignee_of(report),
        copies=copies_of(report),
        point=point,
        joined=joined,
        days_left=days_left(desk.today, report.due_on, days),
        conflict=conflict_of(conflict, tried, deeds),
        tried=tried[1] if tried else None,
    )


def offered_deed(
    verb: Verb,
    offered: Offered,
    wanted: str,
    tried: tuple[Verb, DeedForm] | None,
    *,
    again: bool,
) -> OfferedDeed:
    if tried and tried[0] is verb:
        return OfferedDeed(verb, tried[1], open=True, again=again)
    asked = verb.slug == wanted
    if verb.form.has_long_lists and not asked:
        return OfferedDeed(verb, None)
    return OfferedDeed(verb, verb.form(None, offered=offered, name=verb.name), open=asked)


def conflict_of(
    words: str | None, tried: tuple[Verb, DeedForm] | None, deeds: list[OfferedDeed]
) -> Conflict | None:
    if words is None:
        return None
    still_offered = any(one.open for one in deeds)
    return Conflict(words, tried[1].typed() if tried and not still_offered else [])


def reporter_of(report: Report) -> Identity | None:
    try:
        return read_identity(db.session(), report, keys=city.keys())
    except Unreadable:
        return None


def assignee_of(report: Report) -> str | None:
    entry = newest(report, Action.ASSIGN) if report.assignee_id else None
    return entry.details["assignee"] if entry else None


def copies_of(report: Report) -> list[str]:
    copies = (
        select(Opd.short_name)
        .join(Disposition, Disposition.opd_id == Opd.id)
        .where(
            Disposition.report_id == report.id,
            Disposition.kind == DispositionKind.TEMBUSAN,
            Disposition.ended_at.is_(None),
        )
        .order_by(Opd.short_name)
    )
    return list(db.session.scalars(copies))


def days_left(today: dt.date, due_on: dt.date | None, days: WorkingDays) -> int | None:
    return None if due_on is None else days.between(today, due_on)
