"""`python -m tests.benchmark.handouts --reports 1000000`: how long each handout takes to make, in a
process that has made one before, as a worker has; fails from 2 s."""

import argparse
import datetime as dt
import secrets
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack

from lapor_web import city, clock, create_app
from lapor_web.config import with_psycopg
from lapor_web.extensions import db
from lapor_web.handouts.kinds import Format, Handout
from lapor_web.handouts.work import make
from lapor_web.models import Agency, Role, User
from lapor_web.services.agenda import late_offices
from lapor_web.services.periods import Period
from lapor_web.services.recap import recap
from lapor_web.services.working_days import wita_date
from tests.benchmark import database

ROWS, ROUNDS, SECONDS_AT_MOST = 5_000, 5, 2.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.handouts")
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--database", help="one that `lapor sample` filled already")
    arguments, secret = parser.parse_args(), secrets.token_urlsafe(48)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir="/var/tmp"))
        url = arguments.database or database.made(stack, arguments.reports, secret)
        app = create_app(
            {
                "SECRET_KEY": secret,
                "SQLALCHEMY_DATABASE_URI": with_psycopg(url),
                "LAPOR_STORAGE": f"{folder}/lampiran",
            }
        )
        with app.app_context():
            worst = measure_all()
            db.session.remove()
            db.engine.dispose()
    return int(worst >= SECONDS_AT_MOST)


def measure_all() -> float:
    today = wita_date(clock.now())
    user = a_coordinator()
    busiest = max(late_offices(db.session(), user.agency_id, today=today), key=lambda o: o.late)
    span, rows = period_with_rows(city.current_agency(), clock.now())
    days = {"start": span.start.isoformat(), "end": span.end.isoformat()}
    year = today.year
    whole = {"start": f"{year}-01-01", "end": f"{year}-12-31"}
    return max(
        measure(f"recap, XLSX of {rows} rows", user, Handout.RECAP, Format.XLSX, **days),
        measure(f"recap of {year}, PDF", user, Handout.RECAP, Format.PDF, **whole),
        measure(f"recap of {year}, CSV", user, Handout.RECAP, Format.CSV, **whole),
        measure(f"year {year}, PDF", user, Handout.YEAR, Format.PDF, year=year),
        measure(f"letter {year}, DOCX", user, Handout.LETTER, Format.DOCX, year=year),
        measure(
            f"visit, {busiest.late} late, PDF",
            *(user, Handout.VISIT, Format.PDF),
            opd_id=busiest.opd.id,
        ),
    )


def a_coordinator() -> User:
    user = User(agency_id=city.current_agency().id, username="k", name="K", role=Role.COORDINATOR)
    db.session.add(user)
    db.session.commit()
    return user


def period_with_rows(agency: Agency, now: dt.datetime) -> tuple[Period, int]:
    """The newest days that hold so many reports that nobody has acted on."""
    today = wita_date(now)
    rows = 0
    for days in range(2, 2_000, 2):
        span = Period(today - dt.timedelta(days=days), today)
        rows = recap(db.session(), agency, span, now=now).figures.not_acted_on
        if rows >= ROWS:
            break
    return span, rows


def measure(name: str, user: User, handout: Handout, format_: Format, **given: str | int) -> float:
    """The median, in seconds; the first time loads the libraries and is printed apart."""
    taken, used = [], []
    for _ in range(ROUNDS + 1):
        start, busy = time.perf_counter(), time.process_time()
        product = make(user, handout, format_, **given)
        taken.append(time.perf_counter() - start)
        used.append(time.process_time() - busy)
        db.session.rollback()
    median = statistics.median(taken[1:])
    size = len(product.content) / 1024
    own = statistics.median(used[1:])
    print(
        f"{name:34} {median:6.2f} s, of it {own:.2f} s at work here, the rest waiting"
        f"  (first {taken[0]:.2f} s, {size:.0f} KB)",
        flush=True,
    )
    return median


if __name__ == "__main__":
    sys.exit(main())
