"""The recap of a year for citizens' pages."""

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.kept_figures import kept
from lapor_web.services.recap import Period, Recap, recap


def recap_of(year: int) -> Recap:
    agency, now = city.current_agency(), clock.now()
    key = ("open recap", agency.id, year)
    return kept(key, lambda: recap(db.session(), agency, Period.of_year(year), now=now))
