"""The recap of a year for citizens' pages."""

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.kept_figures import kept
from lapor_web.services.open_figures import OpenRecap, open_recap
from lapor_web.services.recap import Period, recap


def recap_of(year: int) -> OpenRecap:
    agency, now = city.current_agency(), clock.now()

    def make() -> OpenRecap:
        whole = recap(db.session(), agency, Period.of_year(year), now=now)
        return open_recap(db.session(), agency, whole)

    return kept(("open recap", agency.id, year), make)
