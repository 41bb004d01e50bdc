"""The reporter's own page, put together: heading, promise, thread, and what can be done."""

import datetime as dt
import functools
from dataclasses import dataclass
from typing import Any

from flask import current_app

from lapor_web import clock
from lapor_web.dates import moment
from lapor_web.extensions import db
from lapor_web.models import Action, Attachment, HistoryEntry, Report
from lapor_web.public import photos
from lapor_web.public.deeds import DeedForm, Verb, blank_form, verbs_for
from lapor_web.public.promise import Promise, next_steps, promise
from lapor_web.public.words import public_sentence, sentence, what_happened
from lapor_web.services import tracking
from lapor_web.services.attachments import FILES_AT_MOST
from lapor_web.services.calendars import working_days
from lapor_web.services.followers import count_followers
from lapor_web.services.own_report import Beside
from lapor_web.services.split import SPLIT_INTO

LONGEST_SUBJECT = 90


@dataclass(frozen=True, slots=True)
class Event:
    words: str
    at: dt.datetime
    at_words: str
    text: str
    photos: list[Attachment]


@dataclass(frozen=True, slots=True)
class Offer:
    """A deed and its form, as it was sent when `tried`."""

    verb: Verb
    form: DeedForm
    tried: bool = False


@dataclass(frozen=True, slots=True)
class ReportPage:
    report: Report
    sentence: str
    subject: str
    promise: Promise | None
    events: list[Event]
    steps: list[Promise]
    own_photos: list[Attachment]
    """Which came with the report itself."""
    parent: str
    """The number of the report it was merged with, where it is published."""
    companions: int
    """How many others are about the same; on the public's page, of those that may be known."""
    offers: list[Offer]
    parts: tuple[str, ...] = ()
    """Numbers of what was split from the same report: one code opens them all."""
    has_contact: bool = False
    """Where news can go to, and a new link where the code is lost."""


def own_page(report: Report, beside: Beside, *, tried: Offer | None = None) -> ReportPage:
    now = clock.now()
    parent = published_parent(report)
    history = beside.history
    pictures = photos.by_sequence(report, history) if beside.has_attachments else {}
    return ReportPage(
        report=report,
        sentence=sentence(report, parent=parent),
        subject=subject(report),
        promise=promise(
            report,
            working_days(db.session(), report.calendar_id),
            now,
            reminded=tracking.reminded_at(report, history),
        ),
        events=[
            event(entry, pictures, parent=parent) for entry in tracking.told_to_reporter(history)
        ],
        steps=next_steps(report),
        own_photos=pictures.get(None, []),
        parent=parent,
        companions=beside.companions,
        offers=offers(report, tracking.offered(report, beside, now), tried),
        parts=parts_of(report, history),
        has_contact=beside.has_contact,
    )


def parts_of(report: Report, history: list[HistoryEntry]) -> tuple[str, ...]:
    split_off = (row for row in history if row.action is Action.SPLIT and not row.undone)
    first = [report.split_from.number] if report.split_from else []
    return (*first, *(row.details[SPLIT_INTO] for row in split_off))


def offers(report: Report, actions: list[Action], tried: Offer | None) -> list[Offer]:
    """What was tried stays in its place with what was typed, even where it is no longer offered."""
    verbs = verbs_for(report, actions)
    if tried and tried.verb not in verbs:
        verbs = [tried.verb, *verbs]
    return [
        tried if tried and verb == tried.verb else Offer(verb, blank_form(verb)) for verb in verbs
    ]


@functools.cache
def blank_fields(verb: Verb) -> Any:
    """The fields of an untouched form, drawn: markup, by the macro that draws all forms."""
    macros = current_app.jinja_env.get_template("public/_offer.html").module
    return macros.fields(blank_form(verb), FILES_AT_MOST)  # type: ignore[attr-defined]


def public_page(report: Report) -> ReportPage:
    """For everybody: no word of the reporter but the copy that an officer can redact."""
    parent = published_parent(report)
    pictures = photos.by_sequence(report, report.history, public=True)
    return ReportPage(
        report=report,
        sentence=public_sentence(report, parent=parent),
        subject=where(report),
        promise=None,
        events=[
            event(entry, pictures, public=True, parent=parent)
            for entry in tracking.told_to_public(report.history)
        ],
        steps=[],
        own_photos=[],
        parent=parent,
        companions=count_followers(db.session(), report),
        offers=[],
    )


def event(
    entry: HistoryEntry,
    pictures: dict[int | None, list[Attachment]],
    *,
    public: bool = False,
    parent: str = "",
) -> Event:
    return Event(
        words=what_happened(entry, public=public, parent=parent),
        at=entry.at,
        at_words=moment(entry.at),
        text=tracking.readable_text(entry, public=public),
        photos=pictures.get(entry.sequence, []),
    )


def published_parent(report: Report) -> str:
    return report.parent.number if report.parent and report.parent.is_published else ""


def subject(report: Report) -> str:
    """One line: what it is about, and where."""
    about = report.title or " ".join(report.story.split())
    if len(about) > LONGEST_SUBJECT:
        about = f"{about[:LONGEST_SUBJECT].rsplit(' ', 1)[0]} …"
    end = "" if about.endswith("…") else "."
    return f"{about.rstrip('.')}{end} {where(report)}"


def where(report: Report) -> str:
    return place_words(report.place, report.area.name if report.area else None)


def place_words(place: str, area: str | None) -> str:
    """With the kecamatan, unless whoever wrote it has named it."""
    return f"{place}, {area}" if area and area.lower() not in place.lower() else place
