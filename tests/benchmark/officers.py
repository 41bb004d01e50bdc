"""`python -m tests.benchmark.officers`: twenty officers at once, at a million reports.

Each reads pages of lists, opens reports and searches, every office its own: a page a second each,
which is faster than people work, and then without a pause; then lists alone as fast as they come.
Prints what came of it beside what is wanted.

    .venv/bin/python -m tests.benchmark.officers [--size 1000000] [--seconds 8] [--database URL]
"""

import argparse
import itertools
import random
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import sqlalchemy as sa

from lapor_web import clock, create_app
from lapor_web.city import current_agency
from lapor_web.config import read_config
from lapor_web.extensions import db
from lapor_web.inbox.desk import desk_of, kept_counts
from lapor_web.inbox.export import VIEWED
from lapor_web.inbox.export_work import make_export
from lapor_web.models import LongJob, Report, Role, User, utc_now
from lapor_web.models.workflow import WORKED_ON
from lapor_web.services import sessions
from lapor_web.services.desk import VIEWS, Desk, View
from lapor_web.services.inbox_counts import count_views, read_beside
from lapor_web.sign_in import TOKEN
from tests.benchmark import database
from tests.benchmark.__main__ import SETTINGS
from tests.benchmark.client import Measured, Requests, measure
from tests.benchmark.scenarios import after_a_page, cookie_of, environ_of, get
from tests.benchmark.serving import served

OFFICERS = 20
MOST_LOAD = 8
"""Connections that ask without a pause for as many pages as there are."""
WORDS = ("lampu", "jalan+berlubang", "selokan", "sampah", "banjir", "air+mati")
PACED_SECONDS = 30
COUNTED = 200
EXPORTED = 6


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.officers")
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--database", help="one that `lapor sample` filled already")
    arguments = parser.parse_args()
    secret = secrets.token_urlsafe(48)
    with ExitStack() as stack:
        url = arguments.database or database.made(stack, arguments.size, secret)
        desks = Desks(url, secret)
        port = stack.enter_context(served("wsgi:app", environ_of(url, secret), settings=SETTINGS))

        def run(
            name: str, requests: Requests, connections: int, wanted: str, *, every: float = 0
        ) -> None:
            seconds = arguments.seconds if not every else max(arguments.seconds, PACED_SECONDS)
            seen = measure(port, requests, connections=connections, seconds=seconds, every=every)
            print_measured(f"{name}, {connections} at once", seen, wanted)

        run("lists and reports, a page a second each", desks.work, OFFICERS, "p95 60 ms", every=1)
        run("lists and reports without a pause", desks.work, OFFICERS, "")
        run("lists", desks.lists, MOST_LOAD, "350/s")
        run("search", desks.search, OFFICERS, "")
        run("search", desks.search, 2, "p95 80 ms")
        run("not copied yet", desks.not_copied, 2, "p95 60 ms")
        desks.count()
        desks.export()


def print_measured(name: str, seen: Measured, wanted: str) -> None:
    told = f" (wanted {wanted})" if wanted else ""
    print(f"{name}{told}\n  {seen}", flush=True)


class Desks:
    """Twenty officers of the busiest offices, one of them a coordinator, each signed in."""

    def __init__(self, url: str, secret: str):
        self.app = create_app(read_config(environ_of(url, secret)))
        with self.app.app_context():
            places = [(Role.COORDINATOR, None), *busiest_offices(OFFICERS - 1)]
            officers = [make_officer(*one) for one in places]
            self.cookies = [self.cookie(one) for one in officers]
            self.views = [[view.value for view in VIEWS[one.role]] for one in officers]
            self.numbers = [numbers_of(one) for one in officers]
            self.ids = [one.id for one in officers]
            db.session.commit()

    def cookie(self, officer: User) -> str:
        token = sessions.open_session(db.session(), officer, utc_now())
        db.session.commit()
        return after_a_page(self.app, cookie_of(self.app, {TOKEN: token}))

    def page(self, number: int, path: str) -> bytes:
        cookie = self.cookies[number % len(self.cookies)]
        # A list is loaded as a page; a report is swapped into it.
        asked = cookie if path.startswith("?") else f"{cookie}\r\nHX-Request: true"
        return get(f"/kotak-masuk{path}", asked)

    def work(self, number: int) -> Iterator[bytes]:
        """A list, three of its reports, the next list; each officer at another place of the round."""
        at = number % len(self.cookies)
        lists = [f"?tampilan={view}" for view in self.views[at]]
        reports = [f"/{one}" for one in self.numbers[at]]
        mixed = itertools.chain.from_iterable(
            (view, *random.sample(reports, min(3, len(reports)))) for view in itertools.cycle(lists)
        )
        return (self.page(at, path) for path in mixed)

    def lists(self, number: int) -> Iterator[bytes]:
        at = number % len(self.cookies)
        lists = [f"?tampilan={view}" for view in self.views[at]]
        return (self.page(at, path) for path in itertools.cycle(lists))

    def search(self, number: int) -> Iterator[bytes]:
        """Of offices: the city's search is `tests.benchmark.queries`."""
        at = 1 + number % (len(self.cookies) - 1)
        return (self.page(at, f"?cari={words}") for words in itertools.cycle(WORDS))

    def not_copied(self, number: int) -> Iterator[bytes]:
        """The list of what the national system does not have, which only a coordinator reads."""
        return itertools.repeat(self.page(0, "/belum-disalin"))

    def export(self) -> None:
        """The side register of the busiest office, with everything that it holds."""
        place = {"tampilan": View.ALL.value}
        with self.app.test_request_context():
            desk = desk_of(db.session.get_one(User, self.ids[1]))
            rows = db.session.scalar(
                sa.select(sa.func.count()).where(desk.scope, desk.within(View.ALL))
            )
            for kind in ("xlsx", "csv"):
                given = {"list": VIEWED, "format": kind, "place": place}
                row = LongJob(user_id=desk.user.id, title="Semua laporan", arguments=given)
                # The first one loads the libraries.
                taken = [timed(lambda: make_export(row, lambda *_: None)) for _ in range(EXPORTED)]  # noqa: B023
                print(
                    f"export of {rows} reports, {kind} (wanted 2 s for 5,000)\n"
                    f"  p50 {statistics.median(taken[1:]):.2f} s  first {taken[0]:.2f} s",
                    flush=True,
                )
            db.session.rollback()

    def count(self) -> None:
        """All views of a desk, as each page counts them."""
        with self.app.test_request_context():
            taken: list[float] = []
            for user_id in itertools.islice(itertools.cycle(self.ids), COUNTED):
                desk = desk_of(db.session.get_one(User, user_id))
                taken.append(timed(lambda: count_all(desk)))  # noqa: B023  (called at once)
                db.session.rollback()
        p95 = statistics.quantiles(taken, n=20)[-1]
        print(
            f"counts of all views (wanted 30 ms)\n  p50 {statistics.median(taken) * 1000:.2f} ms"
            f"  p95 {p95 * 1000:.2f} ms"
        )


def count_all(desk: Desk) -> None:
    found = read_beside(db.session(), desk, now=clock.now())
    count_views(db.session(), desk, counted=kept_counts(desk, found.stamp), apart=found.apart)


def timed(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def busiest_offices(many: int) -> list[tuple[Role, int | None]]:
    """A place to work in each."""
    busiest = (
        sa.select(Report.holder_opd_id)
        .where(Report.holder_opd_id.is_not(None))
        .group_by(Report.holder_opd_id)
        .order_by(sa.func.count().desc())
        .limit(many)
    )
    return [(Role.LIAISON, office) for office in db.session.scalars(busiest)]


def make_officer(role: Role, opd_id: int | None) -> User:
    officer = User(
        agency_id=current_agency().id,
        username=f"pengukur-{secrets.token_hex(4)}",
        name="Pengukur",
        role=role,
        opd_id=opd_id,
    )
    db.session.add(officer)
    db.session.flush()
    return officer


def numbers_of(officer: User) -> list[str]:
    """Of reports that lie on the desk."""
    mine = Report.holder_opd_id == officer.opd_id if officer.opd_id else sa.true()
    some = sa.select(Report.number).where(mine, Report.status.in_(WORKED_ON)).limit(100)
    return list(db.session.scalars(some))


if __name__ == "__main__":
    main()
