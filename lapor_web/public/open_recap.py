"""The recap of a year for citizens' pages, computed anew only when something was counted since."""

from collections import OrderedDict

from lapor_web import city, clock
from lapor_web.extensions import db
from lapor_web.services.figures import figures_stamp
from lapor_web.services.recap import Period, Recap, recap
from lapor_web.services.working_days import wita_date

AT_MOST = 32
"""Years kept by one process."""

_kept: OrderedDict[tuple[object, ...], tuple[object, Recap]] = OrderedDict()


def recap_of(year: int) -> Recap:
    session, agency, now = db.session(), city.current_agency(), clock.now()
    stamp = figures_stamp(session)
    # Ages grow with the day; a process of tests meets several databases.
    key = (session.get_bind().engine.url, agency.id, year, wita_date(now))
    stamped, figures = _kept.get(key, (None, None))
    if figures is None or stamped != stamp:
        figures = recap(session, agency, Period.of_year(year), now=now)
        _kept[key] = stamp, figures
    _kept.move_to_end(key)
    while len(_kept) > AT_MOST:
        _kept.popitem(last=False)
    return figures
