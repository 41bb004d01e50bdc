"""What the recap itself says of a number that was opened, so that its list can say it too."""

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.kept_figures import kept
from lapor_web.models import Agency
from lapor_web.services.behind import EMPTY_ANSWER, NO_OFFICE
from lapor_web.services.behind_list import OpenedNumber
from lapor_web.services.periods import Period
from lapor_web.services.quality import handling
from lapor_web.services.recap import Recap, recap
from lapor_web.services.shares import Said, said_of, said_of_line
from lapor_web.services.traits import breakdown
from lapor_web.services.usages import Usage


def recap_kept(agency: Agency, period: Period) -> Recap:
    """The recap of a period while it is exact; whoever steps through a meeting changes no figure."""
    return kept(
        ("recap", agency.id, period),
        lambda: recap(db.session(), agency, period, now=clock.now()),
    )


def said_by_recap(
    opened: OpenedNumber, period: Period, usage: Usage, office: str | None
) -> Said | None:
    """`office` is the code that stood in the address."""
    agency = city.current_agency()
    if opened.line is not None:
        lines = breakdown(db.session(), agency, period, opened.line.trait, usage)
        return said_of_line(lines, opened.line.value, opened.number, usage)
    if opened.number == EMPTY_ANSWER:
        return first_answers(opened, period)
    found = recap_kept(agency, period)
    if office is None:
        return said_of(found.figures, opened.number, usage)
    lines_of_office = (one.figures for one in found.per_opd if (one.code or NO_OFFICE) == office)
    figures = next(lines_of_office, None)
    return said_of(figures, opened.number, usage) if figures else None


def first_answers(opened: OpenedNumber, period: Period) -> Said | None:
    """Of each holder's own; the recap leaves them to the page of quality."""
    handled = handling(db.session(), city.current_agency(), period)
    answers = handled.answers.get(opened.office.id) if opened.office else handled.city
    return Said(answers.empty, answers.empty_percent) if answers else None
