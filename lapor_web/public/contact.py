"""Where news goes, shown to its owner with the middle left out."""

from lapor_web import city
from lapor_web.extensions import db
from lapor_web.models import Report, ReporterIdentity
from lapor_web.services.identity import Unreadable, open_sealed


def masked_contact(report: Report) -> str:
    """`0812 •••• 4410`, or `b•••@contoh.id`; empty where there is none."""
    row = db.session.get(ReporterIdentity, report.id)
    if row is None or not row.has_contact:
        return ""
    try:
        who = open_sealed(row, keys=city.keys())
    except Unreadable:
        return ""
    if who.phone:
        return f"{who.phone[:4]} •••• {who.phone[-4:]}"
    name, _, domain = who.email.partition("@")
    return f"{name[:1]}•••@{domain}"
