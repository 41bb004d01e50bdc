"""Makes a handout for whoever asked, in the worker. Views know its parts, but not this module."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.handouts import bundle, kinds, letter, paper, pdf, sheets
from lapor_web.handouts.kinds import Format, Handout
from lapor_web.models import Agency, LongJob, Opd, User
from lapor_web.services import rakor
from lapor_web.services.long_jobs import Product, Progress, Refused
from lapor_web.services.periods import Period
from lapor_web.services.working_days import wita_date

GONE = "Yang diminta sudah tidak ada, atau tidak lagi untuk peran Anda."


@dataclass(frozen=True, slots=True)
class Asked:
    """For a handout: who, what of, in which format."""

    session: Session
    agency: Agency
    user: User
    given: dict[str, Any]
    format: Format
    now: dt.datetime

    @property
    def period(self) -> Period:
        return Period(*(dt.date.fromisoformat(self.given[name]) for name in ("start", "end")))

    @property
    def today(self) -> dt.date:
        return wita_date(self.now)


def make_handout(row: LongJob, progress: Progress) -> Product:
    given = dict(row.arguments)
    user = db.session.get_one(User, row.user_id)
    return make(user, Handout(given.pop("handout")), Format(given.pop("format")), **given)


def make(user: User, handout: Handout, format_: Format, **given: Any) -> Product:
    """Raises Refused where it is not, or not any more, for them."""
    if not kinds.may_have(user, handout):
        raise Refused(GONE)
    return MAKERS[handout](
        Asked(db.session(), city.current_agency(), user, given, format_, clock.now())
    )


def make_recap(asked: Asked) -> Product:
    period = asked.period
    if asked.format is Format.PDF:
        return as_pdf(
            kinds.recap_name(period),
            paper.recap_page(asked.session, asked.agency, period, now=asked.now),
        )
    return sheets.of_period(
        asked.session, asked.agency, asked.user, period, asked.format, asked.now
    )


def make_meeting(asked: Asked) -> Product:
    meeting = rakor.find_meeting(asked.session, asked.agency.id, asked.given["meeting_id"])
    if meeting is None:
        raise Refused(GONE)
    if asked.format is Format.PDF:
        return as_pdf(
            kinds.meeting_name(meeting),
            paper.meeting_page(asked.session, asked.agency, meeting, now=asked.now),
        )
    return sheets.of_meeting(asked.session, asked.agency, meeting, asked.format, asked.now)


def make_visit(asked: Asked) -> Product:
    opd = asked.session.get(Opd, asked.given["opd_id"])
    if opd is None or opd.agency_id != asked.agency.id:
        raise Refused(GONE)
    page = paper.visit_page(asked.session, asked.agency, opd, now=asked.now)
    return as_pdf(kinds.visit_name(opd.code, asked.today), page)


def make_year(asked: Asked) -> Product:
    year = asked.given["year"]
    page = paper.year_page(asked.session, asked.agency, year, now=asked.now)
    return as_pdf(kinds.year_name(year), page)


def make_letter(asked: Asked) -> Product:
    year = asked.given["year"]
    content = letter.as_docx(asked.session, asked.agency, year, now=asked.now)
    return Product(f"{kinds.letter_name(year)}.docx", letter.DOCX_TYPE, content)


def make_bundle(asked: Asked) -> Product:
    number = asked.given["number"]
    page = bundle.bundle_page(asked.session, asked.agency, asked.user, number, now=asked.now)
    if page is None:
        raise Refused(GONE)
    return as_pdf(kinds.bundle_name(number), page, portrait=True)


MAKERS: dict[Handout, Callable[[Asked], Product]] = {
    Handout.RECAP: make_recap,
    Handout.MEETING: make_meeting,
    Handout.VISIT: make_visit,
    Handout.YEAR: make_year,
    Handout.LETTER: make_letter,
    Handout.OMBUDSMAN: make_bundle,
}


def as_pdf(name: str, page: str, *, portrait: bool = False) -> Product:
    return Product(f"{name}.pdf", pdf.PDF_TYPE, pdf.as_pdf(page, portrait=portrait))
