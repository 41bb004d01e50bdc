"""Published reports: the list with search, and one page for each."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from lapor_web import city
from lapor_web.extensions import db
from lapor_web.public.blueprint import bp
from lapor_web.public.report_page import place_words, public_page
from lapor_web.public.words import public_stage
from lapor_web.services.numbers import candidates
from lapor_web.services.published import (
    LAST_PAGE,
    STAGES,
    Asked,
    find_published,
    list_kecamatan,
    list_published,
)
from lapor_web.text import clean_line

LONGEST_SEARCH = 100

STAGE_WORDS = {"belum": "Belum ditindaklanjuti", "proses": "Proses", "selesai": "Selesai"}


@bp.get("/laporan")
def list_reports() -> ResponseReturnValue:
    agency = city.current_agency()
    places = list_kecamatan(db.session(), agency)
    asked = asked_for({place.code for place in places})
    return render_template(
        "public/reports.html",
        page=list_published(db.session(), agency, asked),
        asked=asked,
        arguments=address_of(asked),
        places=places,
        stages=STAGE_WORDS,
        stage_of=public_stage,
        place_words=place_words,
    )


def asked_for(codes: set[str]) -> Asked:
    """What the address says; what it says wrongly counts as not said."""
    kecamatan, stage = request.args.get("kecamatan", ""), request.args.get("status", "")
    page = request.args.get("halaman", 1, int)
    return Asked(
        words=clean_line(request.args.get("cari"))[:LONGEST_SEARCH],
        kecamatan=kecamatan if kecamatan in codes else "",
        stage=stage if stage in STAGES else "",
        page=min(max(page, 1), LAST_PAGE),
    )


def address_of(asked: Asked) -> dict[str, str]:
    said = {"cari": asked.words, "kecamatan": asked.kecamatan, "status": asked.stage}
    return {name: value for name, value in said.items() if value}


@bp.get("/laporan/<number>")
def read_report(number: str) -> ResponseReturnValue:
    agency = city.current_agency()
    known = number in candidates(agency.number_prefix, number)
    report = find_published(db.session(), agency, number) if known else None
    if report is None:
        abort(404)
    return render_template("public/published.html", page=public_page(report))
