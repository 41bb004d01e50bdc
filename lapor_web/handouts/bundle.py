"""The file of one report for the Ombudsman: what was told, step by step, and the pictures that show it.

No name, no contact, no note among officers. Where the reporter has not agreed, only what was made
public of their words, and no picture of theirs: it can tell who took it. Of a report that nobody may
read without that, the course alone: what was done when, by which office, and how late it is.
"""

import base64
import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lapor_web import city
from lapor_web.dates import day
from lapor_web.handouts.paper import draw
from lapor_web.inbox.told import what_happened
from lapor_web.labels import CHANNEL, CLASSIFICATION, ROLE, STATUS
from lapor_web.models import (
    Action,
    Agency,
    Attachment,
    BundleBasis,
    HistoryEntry,
    Report,
    User,
)
from lapor_web.models.user import UNIT_ROLES
from lapor_web.services.attachment_rights import for_officer, shown_by_event
from lapor_web.services.attachments import DRAWN_TYPE, Copy, NotReadable, read
from lapor_web.services.ombudsman_bundle import basis_of, find_report
from lapor_web.services.split import SPLIT_FROM
from lapor_web.services.storage import NotStored

AMONG_OFFICERS = frozenset(
    {
        Action.NOTE,
        Action.ASSIGN,
        Action.REVEAL_IDENTITY,
        Action.CHANGE_CONTACT,
        Action.SETTLE_MESSAGE,
        Action.UNDO,
    }
)
"""Left out: they say who knew whom, not what became of the report."""

WITHOUT_WORDS = {
    Action.OUTSIDE_AUTHORITY: "Bukan wewenang kota",
    Action.MERGE: "Digabung dengan laporan lain",
    Action.SPLIT: "Hal kedua dipisah menjadi laporan lain",
}
"""Where the sentence of a deed has something typed in it, or the way to words that are public."""

MOST_PICTURES = 24


@dataclass(frozen=True, slots=True)
class Step:
    at: dt.datetime
    words: str
    who: str
    text: str
    pictures: list[str]
    """As `data:` addresses: the page fetches nothing."""
    papers: int
    """Files that are no pictures, and so are not in it."""


def bundle_page(
    session: Session, agency: Agency, user: User, number: str, *, now: dt.datetime
) -> str | None:
    """None where they do not see the report, or it may not be made."""
    report = find_report(session, user, number)
    basis = basis_of(session, report) if report else None
    if report is None or basis is None:
        return None
    agreed = basis is BundleBasis.CONSENT
    withheld = not (agreed or report.is_ordinary)
    files = (
        {}
        if withheld
        else shown_by_event(session, report, for_officer(session, user), history=report.history)
    )
    kept = {
        place: [one for one in some if agreed or not one.by_reporter]
        for place, some in files.items()
    }
    album = Album()
    told = [entry for entry in report.history if is_told(entry)]
    return draw(
        "bundle",
        agency,
        now,
        report=report,
        agreed=agreed,
        withheld=withheld,
        story=report.story if agreed else report.public_text or report.story,
        came_with=step_of_report(report, kept.get(None, []), album),
        steps=[step_of(entry, kept, album, with_words=not withheld) for entry in told],
        left_out=album.left_out,
        channel=CHANNEL[report.channel],
        classification=CLASSIFICATION[report.classification] if report.classification else None,
        status=STATUS[report.status],
    )


def is_told(entry: HistoryEntry) -> bool:
    return not entry.undone and entry.action not in AMONG_OFFICERS


def step_of_report(report: Report, files: list[Attachment], album: "Album") -> Step:
    pictures, papers = album.add(files)
    return Step(report.received_at, "", "", "", pictures, papers)


def step_of(
    entry: HistoryEntry,
    files: dict[int | None, list[Attachment]],
    album: "Album",
    *,
    with_words: bool,
) -> Step:
    """By role and office, not by name; the words only where the reporter could read them too."""
    pictures, papers = album.add(files.get(entry.sequence, []))
    text = entry.text if entry.visible and with_words else ""
    # The first row holds the story itself, which stands above.
    if entry.action is Action.SUBMIT:
        text = ""
    return Step(
        entry.at,
        deed_of(entry, with_words=with_words),
        who_did(entry),
        text,
        pictures,
        papers,
    )


def deed_of(entry: HistoryEntry, *, with_words: bool) -> str:
    """As officers read it, but for the person whom a commitment names."""
    if entry.action is Action.COMMIT:
        until = day(dt.date.fromisoformat(entry.details["promised_on"]))
        return f"Komitmen {entry.opd_name}: selesai {until}"
    if with_words:
        return what_happened(entry)
    if SPLIT_FROM in entry.details:
        return "Dipisah dari laporan lain"
    return WITHOUT_WORDS.get(entry.action) or what_happened(entry)


def who_did(entry: HistoryEntry) -> str:
    """The office a row is about is not always the one that acted."""
    acted = entry.role in UNIT_ROLES and entry.opd_name
    return f"{ROLE[entry.role]}, {entry.opd_name}" if acted else ROLE[entry.role]


class Album:
    """The pictures that were put in so far."""

    def __init__(self) -> None:
        self.count, self.left_out = 0, 0

    def add(self, files: list[Attachment]) -> tuple[list[str], int]:
        """Their addresses, and how many of the files are no pictures."""
        pictures = [one for one in files if one.is_picture]
        drawn = [address for one in pictures if (address := self.address_of(one))]
        return drawn, len(files) - len(pictures)

    def address_of(self, attachment: Attachment) -> str | None:
        if self.count >= MOST_PICTURES:
            self.left_out += 1
            return None
        try:
            content = read(attachment, Copy.CLEAN, keys=city.keys(), storage=city.storage())
        except (NotReadable, NotStored):
            return None
        self.count += 1
        return f"data:{DRAWN_TYPE};base64,{base64.b64encode(content).decode()}"
