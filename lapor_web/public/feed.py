"""The published reports as an Atom feed (RFC 4287), all of them or those of a filter."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as xml  # written, never read

from flask import Response, current_app, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lapor_web import city
from lapor_web.extensions import db
from lapor_web.models import Report
from lapor_web.public.blueprint import bp
from lapor_web.public.filters import Filters, address_of
from lapor_web.public.report_page import where
from lapor_web.public.words import public_sentence
from lapor_web.services.access import PUBLISHED
from lapor_web.services.published import list_published

ATOM = "http://www.w3.org/2005/Atom"
NEVER = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
"""When a feed without entries was changed last."""
NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@bp.get("/laporan.atom")
def feed() -> ResponseReturnValue:
    filters = Filters.of_city()
    asked = filters.asked()
    agency = city.current_agency()
    numbers = [line.number for line in list_published(db.session(), agency, asked).lines]
    reports = db.session.scalars(
        select(Report)
        .where(Report.agency_id == agency.id, Report.number.in_(numbers), PUBLISHED)
        .options(joinedload(Report.area), joinedload(Report.holder))
        .order_by(Report.received_on.desc(), Report.id.desc())
    ).all()
    title = ": ".join(
        filter(None, [f"Laporan warga – {agency.service_name}", filters.words(asked)])
    )
    arguments = address_of(asked)
    document = xml.Element("feed", {"xmlns": ATOM, "xml:lang": "id"})
    own = absolute(url_for(".feed", **arguments))
    page = absolute(url_for(".list_reports", **arguments))
    say(document, "id", own)
    say(document, "title", title)
    say(document, "updated", max((changed(one) for one in reports), default=NEVER).isoformat())
    say(xml.SubElement(document, "author"), "name", agency.service_name)
    link(document, "self", own, "application/atom+xml")
    link(document, "alternate", page, "text/html")
    document.extend(entries(reports))
    content = xml.tostring(document, encoding="utf-8", xml_declaration=True)
    answer = Response(content, content_type="application/atom+xml; charset=utf-8")
    answer.add_etag()  # it is asked for again and again by programs
    return answer.make_conditional(request)


def entries(reports: Iterable[Report]) -> Iterator[xml.Element]:
    for report in reports:
        entry = xml.Element("entry")
        address = absolute(url_for(".read_report", number=report.number))
        say(entry, "id", address)
        say(entry, "title", report.title or report.number)
        say(entry, "published", (report.verified_at or NEVER).isoformat())
        say(entry, "updated", changed(report).isoformat())
        link(entry, "alternate", address, "text/html")
        words = [f"{where(report)}. {public_sentence(report)}.", report.public_text or ""]
        say(entry, "summary", "\n\n".join(filter(None, words)))
        yield entry


def changed(report: Report) -> dt.datetime:
    """The newest of what the public can see of it."""
    times = (
        report.verified_at,
        report.disposed_at,
        report.first_follow_up_at,
        report.answered_at,
        report.finished_at,
    )
    return max((one for one in times if one), default=NEVER)


def say(parent: xml.Element, name: str, text: str) -> None:
    xml.SubElement(parent, name).text = NOT_IN_XML.sub("", text)


def link(parent: xml.Element, rel: str, address: str, media_type: str) -> None:
    xml.SubElement(parent, "link", {"rel": rel, "href": address, "type": media_type})


def absolute(address: str) -> str:
    """With the name that the settings give us, never with one that a request brought."""
    base: str = current_app.config.get("LAPOR_BASE_URL") or "http://localhost"
    return base.rstrip("/") + address
