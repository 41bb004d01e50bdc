"""What was made of the figures, kept by this process for as long as it is still exact.

A stamp of the kept counters tells at the price of one small query whether anything was committed
since; ages grow with the day, so the day belongs to the key.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar, cast

from lapor_web import clock
from lapor_web.extensions import db
from lapor_web.services.figures import figures_stamp
from lapor_web.services.working_days import wita_date

Thing = TypeVar("Thing")
AT_MOST = 256
"""Things kept; a page of figures is some 60 KB, the counts of an inbox hardly one."""

_kept: OrderedDict[tuple[object, ...], tuple[object, Any]] = OrderedDict()


def kept(key: tuple[object, ...], make: Callable[[], Thing], *, stamp: str | None = None) -> Thing:
    """The thing of that key, made anew when something was counted since or a day has begun.
    `stamp` saves the query where another of this request brought it along."""
    session = db.session()
    # Before it is made: what comes in meanwhile makes it old.
    stamp = stamp or figures_stamp(session)
    # A process of tests meets several databases.
    database = session.get_bind().engine.url.database
    whole_key = (database, wita_date(clock.now()), *key)
    made_at, thing = _kept.pop(whole_key, (None, None))
    if made_at != stamp:
        thing = make()
    _kept[whole_key] = stamp, thing  # at the end: it was asked for last
    while len(_kept) > AT_MOST:
        _kept.popitem(last=False)
    return cast(Thing, thing)
