"""Where news goes, shown to its owner with the middle left out."""

from dataclasses import dataclass

from lapor_web import city
from lapor_web.extensions import db
from lapor_web.models import Report, ReporterIdentity
from lapor_web.services.identity import Identity, Unreadable, open_sealed


@dataclass(frozen=True, slots=True)
class News:
    contact: str = ""
    """Masked; empty where there is none."""
    stopped: bool = False
    """At the reporter's wish, though there is a contact."""


def where_news_goes(report: Report) -> News:
    row = db.session.get(ReporterIdentity, report.id)
    if row is None or not row.has_contact:
        return News()
    return News(_masked(row), stopped=row.news_stopped_at is not None)


def masked_contact(report: Report) -> str:
    """`0812 •••• 4410 atau b•••@contoh.id`; empty where there is none."""
    return where_news_goes(report).contact


def _masked(row: ReporterIdentity) -> str:
    try:
        who = open_sealed(row, keys=city.keys())
    except Unreadable:
        return ""
    return " atau ".join(_masked_ways(who))


def _masked_ways(who: Identity) -> list[str]:
    ways = []
    if who.phone:
        ways.append(f"{who.phone[:4]} •••• {who.phone[-4:]}")
    if who.email:
        name, _, domain = who.email.partition("@")
        ways.append(f"{name[:1]}•••@{domain}")
    return ways
