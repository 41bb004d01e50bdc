"""What a message that comes in costs: taken from its gateway, and whose reports its sender may mean."""

import secrets

from flask import Flask
from sqlalchemy import or_, select, text

from lapor_web import city as this_city
from lapor_web.extensions import db
from lapor_web.models import Channel, HistoryEntry, Medium, Report, utc_now
from lapor_web.models.workflow import OPEN
from lapor_web.services import inbound_events, senders
from lapor_web.services.channels.phone import Incoming
from lapor_web.services.identity import Identity, seal
from tests.benchmark.queries import print_times

SENDER = "6281234567890"
OTHERS = """
    INSERT INTO reporter_identity (report_id, wrapped_key, sealed, has_contact, phone_mark)
    SELECT id, decode(repeat(md5(id::text), 2), 'hex'), decode(repeat(md5(id::text), 6), 'hex'), true,
        id % 256 FROM report ON CONFLICT DO NOTHING
"""
"""Closed long ago: their marks are in the index, and nobody unseals them."""


def messages(app: Flask) -> None:
    with app.app_context():
        give_contacts()
        session, agency, keys = db.session(), this_city.current_agency(), this_city.keys()
        print_times(
            "whose reports a phone may mean",
            lambda: senders.reports_of(
                session, agency, Medium.PHONE, SENDER, keys=keys, now=utc_now()
            ),
        )
        print_times(
            "a gateway's message, taken",
            lambda: inbound_events.take(session, agency, [message()], keys=keys, now=utc_now()),
        )


def give_contacts() -> None:
    """To every report: each has a phone of its own."""
    session, keys = db.session(), this_city.keys()
    newest = (HistoryEntry.report_id == Report.id) & (HistoryEntry.sequence == Report.version)
    meant = (
        select(Report.id)
        .join(HistoryEntry, newest)
        .where(or_(Report.status.in_(OPEN), HistoryEntry.at >= utc_now() - senders.REMEMBERED))
    )
    ids = session.scalars(meant).all()
    for number in ids:
        session.merge(seal(number, Identity("Budi", f"0812{number:09}"), keys=keys))
    session.execute(text(OTHERS))
    session.commit()
    session.execute(text("ANALYZE reporter_identity"))
    session.commit()
    print(f"  {len(ids)} reports that somebody may mean")


def message() -> Incoming:
    return Incoming(secrets.token_hex(16), Channel.WHATSAPP, SENDER, utc_now(), "Air naik lagi.")
