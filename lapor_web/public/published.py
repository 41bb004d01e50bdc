"""Published reports: the list with search, and one page for each."""

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from lapor_web import city
from lapor_web.extensions import db
from lapor_web.public.blueprint import bp
from lapor_web.public.feed import absolute
from lapor_web.public.filters import STAGE_WORDS, Filters, address_of
from lapor_web.public.map import map_is_there
from lapor_web.public.report_page import place_words, public_page
from lapor_web.public.words import public_stage
from lapor_web.services.map_points import told_point
from lapor_web.services.published import find_published, list_published
from lapor_web.static_files import static_version

PREVIEW = "bagikan.png"
"""What others see beside a link to a report: the same picture for all, of nobody and no place."""


@bp.get("/laporan")
def list_reports() -> ResponseReturnValue:
    filters = Filters.of_city()
    asked = filters.asked()
    return render_template(
        "public/reports.html",
        page=list_published(db.session(), city.current_agency(), asked),
        asked=asked,
        arguments=address_of(asked),
        filters=filters,
        stages=STAGE_WORDS,
        stage_of=public_stage,
        place_words=place_words,
        has_map=map_is_there(),
    )


@bp.get("/laporan/<number>")
def read_report(number: str) -> ResponseReturnValue:
    agency = city.current_agency()
    report = find_published(db.session(), agency, number)
    if report is None:
        abort(404)
    return render_template(
        "public/published.html",
        page=public_page(report),
        address=absolute(url_for(".read_report", number=number)),
        image=absolute(url_for("static", filename=PREVIEW, v=static_version(PREVIEW))),
        has_map=map_is_there() and told_point(db.session(), report) is not None,
    )
