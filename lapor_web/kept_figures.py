"""What was made of the figures, kept by this process for as long as it is still exact.

A stamp of the kept counters tells at the price of one small query whether anything was committed
since; ages grow with the day, so the day belongs to the key.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

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
    whole_key = (session.get_bind().engine.url, wita_date(clock.now()), *key)
    if whole_key not in _kept or _kept[whole_key][0] != stamp:
        _kept[whole_key] = stamp, make()
    _kept.move_to_end(whole_key)
    while len(_kept) > AT_MOST:
        _kept.popitem(last=False)
    thing: Thing = _kept[whole_key][1]
    return thing
