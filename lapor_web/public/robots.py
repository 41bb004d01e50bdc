"""For search engines: where not to look, and what of the reports everybody may read."""

from xml.etree import ElementTree as xml  # written, never read

from flask import Response, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lapor_web import city
from lapor_web.extensions import db
from lapor_web.models import Report
from lapor_web.public.blueprint import bp
from lapor_web.public.feed import absolute
from lapor_web.services.access import PUBLISHED

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWEST = 1000
"""Reports that are named; the list leads to all others."""
ALWAYS = ("home", "ask", "list_reports", "show_statistics", "help_page", "privacy", "accessibility")
NOT_FOR_ROBOTS = ("/l/", "/lapor/", "/lampiran/", "/kotak-masuk", "/koordinasi", "/*?")
"""Pages of one person, officers' pages, and the thousand ways to ask the same list. A reporter's
own page is a 404 to everybody else, and is measured like the public ones (B15 of ux.md)."""


@bp.get("/robots.txt")
def robots() -> ResponseReturnValue:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    lines.append(f"Sitemap: {absolute(url_for('.sitemap'))}")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/sitemap.xml")
def sitemap() -> ResponseReturnValue:
    numbers = db.session.scalars(
        select(Report.number)
        .where(Report.agency_id == city.current_agency().id, PUBLISHED)
        .order_by(Report.received_on.desc(), Report.id.desc())
        .limit(NEWEST)
    )
    addresses = [url_for(f".{page}") for page in ALWAYS]
    addresses += [url_for(".read_report", number=number) for number in numbers]
    document = xml.Element("urlset", {"xmlns": SITEMAP})
    for address in addresses:
        xml.SubElement(xml.SubElement(document, "url"), "loc").text = absolute(address)
    content = xml.tostring(document, encoding="utf-8", xml_declaration=True)
    return Response(content, content_type="application/xml; charset=utf-8")
