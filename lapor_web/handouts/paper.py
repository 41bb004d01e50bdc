"""Handouts as markup: what the browser prints and what becomes a PDF are the same page."""

import datetime as dt
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from lapor_web.dates import clock_time
from lapor_web.handouts import definitions, lists, tables
from lapor_web.handouts.cells import paper_day
from lapor_web.models import Agency, Meeting, Opd
from lapor_web.services import handout_reports, rakor
from lapor_web.services.meeting_file import read_file
from lapor_web.services.months import monthly
from lapor_web.services.periods import Period
from lapor_web.services.recap import recap
from lapor_web.services.traits import Trait, breakdown
from lapor_web.services.usages import Usage
from lapor_web.services.working_days import wita_date

TRAITS = {
    Trait.CATEGORY: "kategori",
    Trait.AREA: "kecamatan dan kelurahan",
    Trait.CHANNEL: "kanal",
    Trait.CLASSIFICATION: "klasifikasi",
}


def as_of(now: dt.datetime) -> str:
    return f"Data per {paper_day(wita_date(now))}, {clock_time(now)} WITA"


def span(period: Period) -> str:
    """ "tahun 2026", or its first and last day."""
    if period.year:
        return f"tahun {period.year}"
    return f"{paper_day(period.start)} sampai {paper_day(period.end)}"


def draw(name: str, agency: Agency, now: dt.datetime, **context: Any) -> str:
    """`screen` is the way back and the files, where a browser shows it; a PDF has none."""
    shown = {"agency": agency, "as_of": as_of(now), "paper_day": paper_day, "screen": None}
    shown["definitions"] = definitions
    return render_template(f"handouts/{name}.html", **shown | context)


def recap_page(
    session: Session, agency: Agency, period: Period, *, now: dt.datetime, **context: Any
) -> str:
    this = recap(session, agency, period, now=now)
    before = recap(session, agency, period.a_year_earlier(), now=now)
    return draw(
        "recap",
        agency,
        now,
        period=period,
        span=span(period),
        city=this.figures,
        summary=tables.summary(this, before),
        offices=tables.offices(this),
        **context,
    )


def meeting_page(
    session: Session, agency: Agency, meeting: Meeting, *, now: dt.datetime, **context: Any
) -> str:
    file = read_file(session, meeting, now=now)
    this = rakor.recap_of(session, agency, meeting, now=now)
    named, earlier = map(
        handout_reports.may_be_named, (file.commitments, file.previous_commitments)
    )
    return draw(
        "meeting",
        agency,
        now,
        meeting=meeting,
        file=file,
        city=this.figures,
        offices=tables.offices(this),
        promises=lists.promises_of_one_meeting(named),
        unnamed=len(file.commitments) - len(named),
        earlier_promises=lists.promises_of_one_meeting(earlier),
        **context,
    )


def visit_page(
    session: Session, agency: Agency, opd: Opd, *, now: dt.datetime, **context: Any
) -> str:
    period = Period.of_year(wita_date(now).year)
    this = recap(session, agency, period, now=now)
    listed = handout_reports.late_of_office(session, opd, now=now)
    return draw(
        "visit",
        agency,
        now,
        opd=opd,
        year=period.year,
        office=next((one.figures for one in this.per_opd if one.opd_id == opd.id), None),
        listed=listed,
        missing=lists.what_is_missing(listed),
        confidential_words=lists.CONFIDENTIAL,
        untitled_words=lists.UNTITLED,
        **context,
    )


def year_page(
    session: Session, agency: Agency, year: int, *, now: dt.datetime, **context: Any
) -> str:
    period = Period.of_year(year)
    this = recap(session, agency, period, now=now)
    before = recap(session, agency, period.a_year_earlier(), now=now)
    return draw(
        "year",
        agency,
        now,
        year=year,
        city=this.figures,
        before=before.figures,
        summary=tables.summary(this, before),
        offices=tables.offices(this),
        months=tables.months(monthly(session, agency, period, Usage.LETTER)),
        traits=[
            tables.trait(
                words,
                breakdown(session, agency, period, trait, Usage.LETTER),
                # Some three hundred subjects would fill a booklet that nobody reads.
                with_parts=trait is not Trait.CATEGORY,
            )
            for trait, words in TRAITS.items()
        ],
        **context,
    )
