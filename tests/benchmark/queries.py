"""Reads that are not everyday pages: recaps of any period, and search."""

import datetime as dt
import statistics
import time
from collections.abc import Callable

from flask import Flask
from sqlalchemy import true

from lapor_web.city import current_agency
from lapor_web.extensions import db
from lapor_web.models import utc_now
from lapor_web.services.recap import Period, recap
from lapor_web.services.search import search_ids

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
        for name, words in SEARCHES.items():
            print_times(
                f"search, {name}",
                lambda words=words: search_ids(  # type: ignore[misc]
                    db.session(), agency.id, words, true(), prefix=agency.number_prefix, limit=50
                ),
            )


def print_times(name: str, read: Callable[[], object], times: int = TIMES) -> None:
    taken = []
    for _ in range(times):
        before = time.perf_counter()
        read()
        taken.append((time.perf_counter() - before) * 1000)
        db.session.rollback()
    p95 = statistics.quantiles(taken, n=20)[-1]
    print(f"  {name:<28} p50 {statistics.median(taken):7.2f} ms  p95 {p95:7.2f} ms", flush=True)
