"""Reads that are not everyday pages: recaps of any period, and search."""

import datetime as dt
import statistics
import time
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select, true

from lapor_web.city import current_agency
from lapor_web.extensions import db
from lapor_web.models import Agency, Report, Role, User, utc_now
from lapor_web.services import published
from lapor_web.services.desk import Desk, View
from lapor_web.services.inbox_asked import Asked
from lapor_web.services.inbox_search import look_up
from lapor_web.services.recap import Period, recap
from lapor_web.services.search import search_ids
from lapor_web.services.working_days import wita_date

PERIODS = {
    "this year": (dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
    "five years": (dt.date(2022, 1, 1), dt.date(2026, 12, 31)),
    "odd days": (dt.date(2024, 2, 13), dt.date(2026, 9, 17)),
}
TIMES = 20


def recaps(app: Flask) -> None:
    with app.app_context():
        for name, (start, end) in PERIODS.items():
            period = Period(start, end)
            print_times(
                f"recap, {name}",
                lambda period=period: recap(  # type: ignore[misc]
                    db.session(), current_agency(), period, now=utc_now()
                ),
            )


SEARCHES = {
    "a very common word": "jalan",
    "a common word": "lampu",
    "a rare word": "selokan",
    "a word of no report": "helikopter",
    "two words": "jalan berlubang",
    "two words, one of none": "jalan helikopter",
}


def searches(app: Flask) -> None:
    with app.app_context():
        agency = current_agency()
        desk = busiest_desk(agency)
        for name, words in SEARCHES.items():
            print_times(
                f"search in one office, {name}",
                lambda words=words: look_up(  # type: ignore[misc]
                    db.session(), desk, Asked(View.ALL, words)
                ),
            )
            print_times(
                f"the public's search, {name}",
                lambda words=words: published.list_published(  # type: ignore[misc]
                    db.session(), agency, published.Asked(words=words)
                ),
            )
            print_times(
                f"search, {name}",
                lambda words=words: search_ids(  # type: ignore[misc]
                    db.session(), agency.id, words, true(), prefix=agency.number_prefix, limit=50
                ),
            )


def busiest_desk(agency: Agency) -> Desk:
    """Of a liaison whose office holds more reports than any other; without an id nobody sees any."""
    holders = select(Report.holder_opd_id).where(Report.holder_opd_id.is_not(None))
    by_number = holders.group_by(Report.holder_opd_id).order_by(func.count().desc())
    officer = User(
        id=0, agency_id=agency.id, role=Role.LIAISON, opd_id=db.session.scalar(by_number.limit(1))
    )
    return Desk.of(db.session(), officer, agency, wita_date(utc_now()))


def print_times(name: str, read: Callable[[], object], times: int = TIMES) -> None:
    read()  # as every process has that serves: statements are put together once
    db.session.rollback()
    taken = []
    for _ in range(times):
        before = time.perf_counter()
        read()
        taken.append((time.perf_counter() - before) * 1000)
        db.session.rollback()
    p95 = statistics.quantiles(taken, n=20)[-1]
    print(f"  {name:<48} p50 {statistics.median(taken):7.2f} ms  p95 {p95:7.2f} ms", flush=True)
