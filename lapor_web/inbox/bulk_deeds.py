"""What can be done to many reports at once: the deed, and what it asks for all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lapor_web import city
from lapor_web.extensions import db
from lapor_web.inbox.fields import LONGEST_TEXT
from lapor_web.models import Action, Role, User
from lapor_web.models.workflow import NOTE_TAKERS
from lapor_web.services.closing import Archive
from lapor_web.services.deeds import Deed
from lapor_web.services.follow_up import Assign, Note, Return
from lapor_web.text import clean

ASSIGNS = "tugaskan"
"""Asks who, and is told of whom one may choose only when somebody wants to know."""


class Incomplete(Exception):
    """What is missing, as a sentence."""


@dataclass(frozen=True, slots=True)
class BulkDeed:
    slug: str
    action: Action
    done: str
    """Behind the number of reports: "3 diterima"."""
    doers: frozenset[Role]
    make: Callable[[Mapping[str, str], User], Deed]
    """From what was sent and who sent it. Raises Incomplete."""


def accept(sent: Mapping[str, str], user: User) -> Assign:
    return Assign(assignee=user)


def assign(sent: Mapping[str, str], user: User) -> Assign:
    """Whether they work for the office that holds a report, the deed asks of each."""
    chosen = sent.get("bulk_assignee", "")
    found = db.session.get(User, int(chosen)) if chosen.isdecimal() and len(chosen) < 19 else None
    if found is None or not found.active:
        raise Incomplete("Pilih petugasnya")
    return Assign(assignee=found)


def note(sent: Mapping[str, str], user: User) -> Note:
    text = clean(sent.get("text"))
    if not text:
        raise Incomplete("Tulis catatannya")
    if len(text) > LONGEST_TEXT:
        raise Incomplete(f"Catatan terlalu panjang. Paling banyak {LONGEST_TEXT} huruf")
    return Note(text=text)


def give_back(sent: Mapping[str, str], user: User) -> Return:
    reason = clean(sent.get("return_reason"))
    if not reason:
        raise Incomplete("Tulis mengapa laporan ini salah alamat")
    if len(reason) > LONGEST_TEXT:
        raise Incomplete(f"Alasan terlalu panjang. Paling banyak {LONGEST_TEXT} huruf")
    return Return(reason=reason)


def archive(sent: Mapping[str, str], user: User) -> Archive:
    offered = city.offered_reasons()
    reason = sent.get("archive_reason", "")
    if reason not in offered:
        raise Incomplete("Pilih alasan arsip")
    return Archive(archive_reason=reason, words=offered[reason])


BULK_DEEDS: tuple[BulkDeed, ...] = (
    BulkDeed(
        "terima",
        Action.ASSIGN,
        "diterima",
        frozenset({Role.LIAISON, Role.INSPECTOR}),
        accept,
    ),
    BulkDeed(
        ASSIGNS,
        Action.ASSIGN,
        "ditugaskan",
        frozenset({Role.LIAISON, Role.INSPECTOR, Role.SUPERVISOR}),
        assign,
    ),
    BulkDeed(
        "kembalikan",
        Action.RETURN,
        "dikembalikan ke koordinator",
        frozenset({Role.LIAISON, Role.INSPECTOR}),
        give_back,
    ),
    BulkDeed("catatan", Action.NOTE, "diberi catatan", NOTE_TAKERS, note),
    BulkDeed("arsipkan", Action.ARCHIVE, "diarsipkan", frozenset({Role.COORDINATOR}), archive),
)


def bulk_deeds_of(role: Role) -> list[BulkDeed]:
    return [one for one in BULK_DEEDS if role in one.doers]
